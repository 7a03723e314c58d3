package hooke.fused.rows;

import hooke.fused.pass.FlatLinear;
import hooke.fused.pass.Parts;

/**
 * Logits of rows of the residual stream: {@code x W_U + b_U}, or {@code x W_E' + b_U} where the embeddings are tied.
 *
 * @param matrix W_U [d_model, class], or W_E [token, d_model]
 */
record Unembedding(Parts parts, FlatLinear matrix, boolean tied) {
    static Unembedding of(Parts parts) {
        boolean tied = parts.config().tiedEmbeddings();
        return new Unembedding(
                parts, FlatLinear.of(parts.weights(), tied ? "embed.W_E" : "unembed.W_U", "unembed.b_U"), tied);
    }

    void forward(float[] x, int rows, float[] logits) {
        int width = parts.width();
        int classes = parts.vocabWidth();
        if (!tied) {
            parts.linear(matrix, x, 0, width, rows, logits, 0, classes, false);
            return;
        }
        parts.products()
                .productByTransposed(
                        rows,
                        matrix.rows(),
                        matrix.columns(),
                        x,
                        0,
                        width,
                        parts.values(),
                        matrix.at(),
                        matrix.stride(),
                        logits,
                        0,
                        classes,
                        false);
        if (matrix.hasBias()) {
            parts.kernels().addToRows(logits, 0, classes, rows, parts.values(), matrix.bias(), classes);
        }
    }

    /** Adds to dx and to the gradients of the weights. */
    void backward(float[] x, float[] dx, int rows, float[] dLogits) {
        int width = parts.width();
        int classes = parts.vocabWidth();
        if (!tied) {
            parts.linearBackward(matrix, x, 0, dx, width, rows, dLogits, 0, classes);
            return;
        }
        parts.products()
                .product(
                        rows,
                        matrix.columns(),
                        matrix.rows(),
                        dLogits,
                        0,
                        classes,
                        parts.values(),
                        matrix.at(),
                        matrix.stride(),
                        dx,
                        0,
                        width,
                        true);
        if (matrix.trains()) {
            parts.products()
                    .addTransposedProduct(
                            matrix.rows(),
                            matrix.columns(),
                            rows,
                            dLogits,
                            0,
                            classes,
                            x,
                            0,
                            width,
                            parts.gradients(),
                            matrix.at(),
                            matrix.stride());
        }
        if (matrix.biasTrains()) {
            parts.kernels().addRows(parts.gradients(), matrix.bias(), dLogits, 0, classes, rows, classes);
        }
    }
}
