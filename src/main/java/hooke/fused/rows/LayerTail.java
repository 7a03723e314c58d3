package hooke.fused.rows;

import hooke.fused.pass.Parts;
import hooke.reach.States;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tail of any model: its last {@link RowLayer}, the final norm if there is one, the unembedding. */
final class LayerTail implements Tail {
    private final Parts parts;
    private final StateRows rows;
    private final RowLayer layer;
    private final @Nullable RowNorm norm;
    private final float[] y;
    private final float[] dy;
    private final float[] normed;
    private final float[] dNormed;
    private final float[] logits;
    private final Unembedding unembedding;

    LayerTail(Parts parts, StateRows rows, States states, RowAttention.Route route, int tile, float[] x, float[] dx) {
        this.parts = parts;
        this.rows = rows;
        int size = tile * parts.width();
        this.y = new float[size];
        this.dy = new float[size];
        this.layer = new RowLayer(parts, rows, states, parts.config().nLayers() - 1, route, tile, tile, x, dx, y, dy);
        this.norm = RowNorm.of(parts, "ln_final", tile);
        this.normed = norm == null ? y : new float[size];
        this.dNormed = norm == null ? dy : new float[size];
        this.logits = new float[tile * parts.vocabWidth()];
        this.unembedding = Unembedding.of(parts);
    }

    @Override
    public void forwardBefore() {
        layer.forwardBefore();
    }

    @Override
    public void clearGradients() {
        layer.clearGradients();
    }

    @Override
    public void tile(int from, int to, RowLoss loss, float weight) {
        layer.forward(from, to, from);
        int count = to - from;
        if (norm != null) {
            norm.forward(y, normed, 0, count);
        }
        unembedding.forward(normed, count, logits);
        int width = parts.vocabWidth();
        for (int row = 0; row < count; row++) {
            loss.row(logits, row * width, width, rows, from + row, weight);
        }
        if (weight == 0) {
            return;
        }
        Arrays.fill(dNormed, 0, count * parts.width(), 0);
        unembedding.backward(normed, dNormed, count, logits);
        if (norm != null) {
            Arrays.fill(dy, 0, count * parts.width(), 0);
            norm.backward(dy, dNormed, 0, count);
        }
        layer.backward(from, to, from);
    }

    @Override
    public void backwardBefore() {
        layer.backwardBefore();
    }
}
