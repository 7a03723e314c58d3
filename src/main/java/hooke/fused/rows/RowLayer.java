package hooke.fused.rows;

import hooke.config.Norm;
import hooke.fused.pass.FlatLinear;
import hooke.fused.pass.Parts;
import hooke.reach.States;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One layer: from the rows of the residual stream before it to those after it, and back.
 *
 * <pre>
 *   without norm   m = x + attn(x)          y = m + mlp(m)
 *   pre-LN         m = x + attn(ln1(x))     y = m + mlp(ln2(m))
 *   post-LN        m = ln1(x + attn(x))     y = ln2(m + mlp(m))
 * </pre>
 *
 * The rows after it are computed in tiles; those of the last layer need not be kept when their tile is done, so that they live in a
 * window of one tile.
 */
final class RowLayer {
    private final Parts parts;
    private final StateRows rows;
    private final int layer;
    private final boolean pre;
    private final boolean post;
    private final RowAttention.Route route;
    private final AttentionTables tables;
    private final RowAttention attention;
    private final @Nullable RowNorm norm1;
    private final @Nullable RowNorm norm2;
    private final @Nullable RowMlp mlp;
    private final float[] x;
    private final float[] dx;
    private final float[] y;
    private final float[] dy;
    private final float[] normed;
    private final float[] dNormed;
    private final float[] z;
    private final float[] dz;
    private final float[] mid;
    private final float[] midNormed;
    private final float[] dMid;
    private final float[] dMidNormed;
    private final float[] dSum;

    /**
     * @param route {@link RowAttention.Route#VALUES} or {@link RowAttention.Route#RESIDUAL}
     * @param window rows after the layer that are kept
     * @param tile rows that are computed together
     */
    RowLayer(
            Parts parts,
            StateRows rows,
            States states,
            int layer,
            RowAttention.Route route,
            int window,
            int tile,
            float[] x,
            float[] dx,
            float[] y,
            float[] dy) {
        this.parts = parts;
        this.rows = rows;
        this.layer = layer;
        this.route = route;
        Norm norm = parts.config().norm();
        this.pre = norm.isPre();
        this.post = norm.isPost();
        this.x = x;
        this.dx = dx;
        this.y = y;
        this.dy = dy;
        int width = parts.width();
        boolean hasMlp = !parts.config().attnOnly();
        this.normed = pre ? new float[x.length] : x;
        this.dNormed = pre ? new float[x.length] : dx;
        this.tables = new AttentionTables(parts, rows, states, layer, route, width, normed, dNormed);
        this.attention = new RowAttention(parts, rows, tables, window);
        this.mlp = hasMlp ? new RowMlp(parts, layer, window, tile) : null;
        String block = "blocks." + layer + ".";
        this.norm1 = RowNorm.of(parts, block + "ln1", pre ? rows.capacity(layer) : window);
        this.norm2 = hasMlp ? RowNorm.of(parts, block + "ln2", window) : null;
        boolean values = route == RowAttention.Route.VALUES;
        this.z = new float[values ? window * parts.headsWidth() : 0];
        this.dz = new float[values ? window * parts.headsWidth() : 0];
        this.mid = hasMlp ? new float[window * width] : y;
        this.midNormed = hasMlp && pre ? new float[window * width] : mid;
        this.dMid = hasMlp ? new float[window * width] : dy;
        this.dMidNormed = new float[hasMlp && pre ? window * width : 0];
        this.dSum = post ? new float[window * width] : dMid;
    }

    /** What attention needs of the rows before the layer. */
    void forwardBefore() {
        if (pre && norm1 != null) {
            for (int[] range : tables.readPlaces()) {
                norm1.forward(x, normed, rows.start(layer, range[0]), rows.start(layer, range[1]));
            }
        }
        FlatLinear w = tables.output();
        tables.forward(normed, parts.values(), w.at(), w.stride(), w.columns());
    }

    /** The rows after the layer, [from, to), of which the window begins with row base. */
    void forward(int from, int to, int base) {
        int width = parts.width();
        addAttention(from, to, base);
        int first = from - base;
        int end = to - base;
        if (post && norm1 != null) {
            norm1.forward(mid, mid, first, end);
        }
        if (mlp != null) {
            if (pre && norm2 != null) {
                norm2.forward(mid, midNormed, first, end);
            }
            System.arraycopy(mid, first * width, y, first * width, (end - first) * width);
            mlp.forward(midNormed, y, first, end);
            if (post && norm2 != null) {
                norm2.forward(y, y, first, end);
            }
        }
    }

    /** {@code mid = x + attn(x)}. */
    private void addAttention(int from, int to, int base) {
        int first = from - base;
        int width = parts.width();
        FlatLinear w = tables.output();
        if (route == RowAttention.Route.VALUES) {
            int zAt = first * parts.headsWidth();
            for (int row = from; row < to; row++) {
                System.arraycopy(x, rows.own(layer, row) * width, mid, (row - base) * width, width);
            }
            attention.forward(from, to, base, x, z, parts.headsWidth());
            parts.linear(w, z, zAt, parts.headsWidth(), to - from, mid, first * width, width, true);
        } else {
            attention.forward(from, to, base, x, mid, width);
            if (w.hasBias()) {
                parts.kernels().addToRows(mid, first * width, width, to - from, parts.values(), w.bias(), width);
            }
        }
    }

    void clearGradients() {
        Arrays.fill(dx, 0, rows.count(layer) * parts.width(), 0);
        if (pre) {
            Arrays.fill(dNormed, 0, rows.count(layer) * parts.width(), 0);
        }
        tables.clearGradients();
    }

    /** From the gradient of the rows after the layer, [from, to), to those of their own rows and of what attention mixed. */
    void backward(int from, int to, int base) {
        int width = parts.width();
        int first = from - base;
        int end = to - base;
        int at = first * width;
        int length = (end - first) * width;
        if (mlp != null) {
            if (post && norm2 != null) {
                Arrays.fill(dMid, at, at + length, 0);
                norm2.backward(dMid, dy, first, end);
                System.arraycopy(dMid, at, dy, at, length);
            } else {
                System.arraycopy(dy, at, dMid, at, length);
            }
            if (pre && norm2 != null) {
                Arrays.fill(dMidNormed, at, at + length, 0);
                mlp.backward(midNormed, dMidNormed, dy, first, end);
                norm2.backward(dMid, dMidNormed, first, end);
            } else {
                mlp.backward(mid, dMid, dy, first, end);
            }
        }
        if (post && norm1 != null) {
            Arrays.fill(dSum, at, at + length, 0);
            norm1.backward(dSum, dMid, first, end);
        }
        rows.addToOwn(parts.kernels(), layer, from, to, dSum, at, dx, width);
        attentionBackward(from, to, base);
    }

    private void attentionBackward(int from, int to, int base) {
        int first = from - base;
        int width = parts.width();
        FlatLinear w = tables.output();
        if (route == RowAttention.Route.VALUES) {
            int zAt = first * parts.headsWidth();
            Arrays.fill(dz, zAt, (to - base) * parts.headsWidth(), 0);
            parts.linearBackward(w, z, zAt, dz, parts.headsWidth(), to - from, dSum, first * width, width);
            attention.backward(from, to, base, dz, parts.headsWidth());
        } else {
            if (w.biasTrains()) {
                parts.kernels().addRows(parts.gradients(), w.bias(), dSum, first * width, width, to - from, width);
            }
            attention.backward(from, to, base, dSum, width);
        }
    }

    /** From what attention mixed to the rows before the layer. */
    void backwardBefore() {
        FlatLinear w = tables.output();
        tables.backward(
                normed, dNormed, parts.values(), w.at(), w.stride(), w.columns(), parts.gradients(), w.trains());
        if (pre && norm1 != null) {
            for (int[] range : tables.readPlaces()) {
                norm1.backward(dx, dNormed, rows.start(layer, range[0]), rows.start(layer, range[1]));
            }
        }
    }
}
