package hooke.fused.rows;

import hooke.fused.kernels.Mat;
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
        return new Unembedding(parts, FlatLinear.of(parts, tied ? "embed.W_E" : "unembed.W_U", "unembed.b_U"), tied);
    }

    void forward(Mat x, int rows, Mat logits) {
        if (!tied) {
            matrix.forward(x, rows, logits, false);
            return;
        }
        matrix.multiplyTransposed(x, rows, logits, false);
        if (matrix.hasBias()) {
            parts.kernels()
                    .addToRows(
                            logits.array(), 0, logits.stride(), rows, parts.values(), matrix.bias(), logits.stride());
        }
    }

    /** Adds to dx and to the gradients of the weights. */
    void backward(Mat x, Mat dx, int rows, Mat dLogits) {
        if (!tied) {
            matrix.backward(x, dx, rows, dLogits);
            return;
        }
        matrix.multiply(dLogits, rows, dx, true);
        matrix.addGradient(dLogits, rows, x);
        if (matrix.biasTrains()) {
            parts.kernels()
                    .addRows(
                            parts.gradients(),
                            matrix.bias(),
                            dLogits.array(),
                            0,
                            dLogits.stride(),
                            rows,
                            dLogits.stride());
        }
    }
}
