package hooke.fused.columns;

import hooke.config.Norm;
import hooke.reach.Reach;
import org.jspecify.annotations.Nullable;

/** One layer on {@link Columns}, see {@link hooke.fused.rows.RowLayer}: from those before it to those after it, and back. */
final class ColumnLayer {
    private final int examples;
    private final boolean pre;
    private final boolean post;
    private final Columns x;
    private final Columns normed;
    private final Columns mid;
    private final Columns midNormed;
    private final Columns y;
    private final ColumnAttention attention;
    private final @Nullable ColumnNorm norm1;
    private final @Nullable ColumnNorm norm2;
    private final @Nullable ColumnMlp mlp;

    ColumnLayer(ColumnParts parts, Reach.Layer reach, int layer, int examples, Columns x, Columns y) {
        this.examples = examples;
        Norm norm = parts.parts().config().norm();
        this.pre = norm.isPre();
        this.post = norm.isPost();
        boolean hasMlp = !parts.parts().config().attnOnly();
        int width = parts.parts().config().dModel();
        this.x = x;
        this.y = y;
        this.normed = pre ? Columns.of(width, x.stride()) : x;
        this.mid = hasMlp ? Columns.of(width, y.stride()) : y;
        this.midNormed = hasMlp && pre ? Columns.of(width, y.stride()) : mid;
        this.attention = new ColumnAttention(parts, reach, layer, examples, normed, mid);
        this.mlp = hasMlp ? new ColumnMlp(parts, layer, y.stride()) : null;
        String block = "blocks." + layer + ".";
        this.norm1 = ColumnNorm.of(parts.parts(), block + "ln1", pre ? x.stride() : y.stride());
        this.norm2 = hasMlp ? ColumnNorm.of(parts.parts(), block + "ln2", y.stride()) : null;
    }

    void forward() {
        if (pre && norm1 != null) {
            norm1.forward(x, normed);
        }
        for (int query = 0; query < attention.queryAt().length; query++) {
            copy(x.values(), attention.queryAt()[query], x.stride(), mid.values(), query * examples, mid.stride());
        }
        attention.forward();
        if (post && norm1 != null) {
            norm1.forward(mid, mid);
        }
        if (mlp != null) {
            if (pre && norm2 != null) {
                norm2.forward(mid, midNormed);
            }
            System.arraycopy(mid.values(), 0, y.values(), 0, y.values().length);
            mlp.forward(midNormed, y);
            if (post && norm2 != null) {
                norm2.forward(y, y);
            }
        }
    }

    /** From the gradient of y to that of x, which is made anew. */
    void backward() {
        if (mlp != null) {
            if (post && norm2 != null) {
                norm2.backward(y);
            }
            System.arraycopy(y.gradients(), 0, mid.gradients(), 0, y.gradients().length);
            if (pre) {
                midNormed.clearGradients();
            }
            mlp.backward(midNormed, y);
            if (pre && norm2 != null) {
                norm2.backward(mid, midNormed);
            }
        }
        if (post && norm1 != null) {
            norm1.backward(mid);
        }
        x.clearGradients();
        for (int query = 0; query < attention.queryAt().length; query++) {
            copy(
                    mid.gradients(),
                    query * examples,
                    mid.stride(),
                    x.gradients(),
                    attention.queryAt()[query],
                    x.stride());
        }
        if (pre) {
            normed.clearGradients();
        }
        attention.backward();
        if (pre && norm1 != null) {
            norm1.backward(x, normed);
        }
    }

    /** The columns of one position: those after the layer stand on those before it. */
    private void copy(float[] from, int fromAt, int fromStride, float[] to, int toAt, int toStride) {
        for (int f = 0; f < x.features(); f++) {
            System.arraycopy(from, fromAt + f * fromStride, to, toAt + f * toStride, examples);
        }
    }
}
