package hooke.fused.rows;

import hooke.fused.kernels.Mat;
import hooke.fused.pass.FlatLinear;

/**
 * The product {@code C = A B} of two weights, made once a pass instead of mapping every row twice. Its gradient goes back to both:
 * {@code dA += dC B'} and {@code dB += A' dC}.
 *
 * @param a [rows, inner]
 * @param b [inner, columns]
 * @param c where the product lies
 * @param dC its gradient
 */
record Composed(FlatLinear a, FlatLinear b, Mat c, Mat dC) {
    void forward() {
        b.multiply(a.w(), a.rows(), c, false);
    }

    void backward() {
        if (a.trains()) {
            b.multiplyTransposed(dC, a.rows(), a.dW(), true);
        }
        b.addGradient(a.w(), a.rows(), dC);
    }
}
