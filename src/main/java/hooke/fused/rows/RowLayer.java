package hooke.fused.rows;

import hooke.config.Norm;
import hooke.fused.kernels.Mat;
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
    private final Mat x;
    private final Mat dx;
    private final Mat y;
    private final Mat dy;
    private final Mat normed;
    private final Mat dNormed;
    private final Mat z;
    private final Mat dz;
    private final Mat mid;
    private final Mat midNormed;
    private final Mat dMid;
    private final Mat dMidNormed;
    private final Mat dSum;

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
            Mat x,
            Mat dx,
            Mat y,
            Mat dy) {
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
        this.normed = pre ? Mat.zeros(rows.capacity(layer), width) : x;
        this.dNormed = pre ? Mat.zeros(rows.capacity(layer), width) : dx;
        this.tables = new AttentionTables(parts, rows, states, layer, route, width, normed, dNormed);
        this.attention = new RowAttention(parts, rows, tables, window);
        this.mlp = hasMlp ? new RowMlp(parts, layer, window, tile) : null;
        String block = "blocks." + layer + ".";
        this.norm1 = RowNorm.of(parts, block + "ln1", pre ? rows.capacity(layer) : window);
        this.norm2 = hasMlp ? RowNorm.of(parts, block + "ln2", window) : null;
        int mixed = route == RowAttention.Route.VALUES ? window : 0;
        this.z = Mat.zeros(mixed, parts.headsWidth());
        this.dz = Mat.zeros(mixed, parts.headsWidth());
        this.mid = hasMlp ? Mat.zeros(window, width) : y;
        this.midNormed = hasMlp && pre ? Mat.zeros(window, width) : mid;
        this.dMid = hasMlp ? Mat.zeros(window, width) : dy;
        this.dMidNormed = Mat.zeros(hasMlp && pre ? window : 0, width);
        this.dSum = post ? Mat.zeros(window, width) : dMid;
    }

    /** What attention needs of the rows before the layer. */
    void forwardBefore() {
        if (pre && norm1 != null) {
            for (int[] range : tables.readPlaces()) {
                norm1.forward(x, normed, rows.start(layer, range[0]), rows.start(layer, range[1]));
            }
        }
        FlatLinear w = tables.output();
        tables.forward(w.w(), w.columns());
    }

    /** The rows after the layer, [from, to), of which the window begins with row base. */
    void forward(int from, int to, int base) {
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
            copy(mid, y, first, end);
            mlp.forward(midNormed, y, first, end);
            if (post && norm2 != null) {
                norm2.forward(y, y, first, end);
            }
        }
    }

    /** {@code mid = x + attn(x)}. */
    private void addAttention(int from, int to, int base) {
        int first = from - base;
        FlatLinear w = tables.output();
        if (route == RowAttention.Route.VALUES) {
            for (int row = from; row < to; row++) {
                System.arraycopy(x.array(), x.row(rows.own(layer, row)), mid.array(), mid.row(row - base), x.stride());
            }
            attention.forward(from, to, base, x, z);
            w.forward(z.from(first), to - from, mid.from(first), true);
        } else {
            attention.forward(from, to, base, x, mid);
            w.addBias(mid.from(first), to - from);
        }
    }

    private static void copy(Mat from, Mat to, int first, int end) {
        System.arraycopy(from.array(), from.row(first), to.array(), to.row(first), (end - first) * from.stride());
    }

    private static void clear(Mat rows, int first, int end) {
        Arrays.fill(rows.array(), rows.row(first), rows.row(end), 0);
    }

    void clearGradients() {
        clear(dx, 0, rows.count(layer));
        if (pre) {
            clear(dNormed, 0, rows.count(layer));
        }
        tables.clearGradients();
    }

    /** From the gradient of the rows after the layer, [from, to), to those of their own rows and of what attention mixed. */
    void backward(int from, int to, int base) {
        int first = from - base;
        int end = to - base;
        if (mlp != null) {
            if (post && norm2 != null) {
                clear(dMid, first, end);
                norm2.backward(dMid, dy, first, end);
                copy(dMid, dy, first, end);
            } else {
                copy(dy, dMid, first, end);
            }
            if (pre && norm2 != null) {
                clear(dMidNormed, first, end);
                mlp.backward(midNormed, dMidNormed, dy, first, end);
                norm2.backward(dMid, dMidNormed, first, end);
            } else {
                mlp.backward(mid, dMid, dy, first, end);
            }
        }
        if (post && norm1 != null) {
            clear(dSum, first, end);
            norm1.backward(dSum, dMid, first, end);
        }
        rows.addToOwn(parts.kernels(), layer, from, to, dSum.from(first), dx);
        attentionBackward(from, to, base);
    }

    private void attentionBackward(int from, int to, int base) {
        int first = from - base;
        FlatLinear w = tables.output();
        if (route == RowAttention.Route.VALUES) {
            clear(dz, first, to - base);
            w.backward(z.from(first), dz.from(first), to - from, dSum.from(first));
            attention.backward(from, to, base, dz);
        } else {
            w.addBiasGradient(dSum.from(first), to - from);
            attention.backward(from, to, base, dSum);
        }
    }

    /** From what attention mixed to the rows before the layer. */
    void backwardBefore() {
        FlatLinear w = tables.output();
        tables.backward(w.w(), w.columns(), w.trains() ? w.dW() : null);
        if (pre && norm1 != null) {
            for (int[] range : tables.readPlaces()) {
                norm1.backward(dx, dNormed, rows.start(layer, range[0]), rows.start(layer, range[1]));
            }
        }
    }
}
