package hooke.fused.rows;

import hooke.fused.kernels.Mat;
import hooke.fused.pass.Parts;
import hooke.reach.States;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The tail of any model: its last {@link RowLayer}, the final norm if there is one, the unembedding. */
final class LayerTail implements Tail {
    private final StateRows rows;
    private final RowLayer layer;
    private final @Nullable RowNorm norm;
    private final Mat y;
    private final Mat dy;
    private final Mat normed;
    private final Mat dNormed;
    private final Mat logits;
    private final Unembedding unembedding;

    LayerTail(Parts parts, StateRows rows, States states, RowAttention.Route route, int tile, Mat x, Mat dx) {
        this.rows = rows;
        this.y = Mat.zeros(tile, parts.width());
        this.dy = Mat.zeros(tile, parts.width());
        this.layer = new RowLayer(parts, rows, states, parts.config().nLayers() - 1, route, tile, tile, x, dx, y, dy);
        this.norm = RowNorm.of(parts, "ln_final", tile);
        this.normed = norm == null ? y : Mat.zeros(tile, parts.width());
        this.dNormed = norm == null ? dy : Mat.zeros(tile, parts.width());
        this.logits = Mat.zeros(tile, parts.vocabWidth());
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
        for (int row = 0; row < count; row++) {
            loss.row(logits.array(), logits.row(row), logits.stride(), rows, from + row, weight);
        }
        if (weight == 0) {
            return;
        }
        Arrays.fill(dNormed.array(), 0, dNormed.row(count), 0);
        unembedding.backward(normed, dNormed, count, logits);
        if (norm != null) {
            Arrays.fill(dy.array(), 0, dy.row(count), 0);
            norm.backward(dy, dNormed, 0, count);
        }
        layer.backward(from, to, from);
    }

    @Override
    public void backwardBefore() {
        layer.backwardBefore();
    }
}
