package hooke.fused.rows;

import hooke.fused.kernels.Products;
import hooke.fused.pass.FlatLinear;
import hooke.fused.pass.Parts;

/**
 * The product {@code C = A B} of two weights, made once a pass instead of mapping every row twice. Its gradient goes back to both:
 * {@code dA += dC B'} and {@code dB += A' dC}.
 *
 * @param a [rows, inner]
 * @param b [inner, columns]
 * @param c where the product lies, from column {@code at} of rows of {@code stride}
 * @param dC its gradient, likewise
 */
record Composed(Parts parts, FlatLinear a, FlatLinear b, float[] c, float[] dC, int at, int stride) {
    void forward() {
        float[] w = parts.values();
        parts.products()
                .product(
                        a.rows(),
                        b.columns(),
                        b.rows(),
                        w,
                        a.at(),
                        a.stride(),
                        w,
                        b.at(),
                        b.stride(),
                        c,
                        at,
                        stride,
                        false);
    }

    void backward() {
        float[] w = parts.values();
        float[] dW = parts.gradients();
        Products products = parts.products();
        if (a.trains()) {
            products.productByTransposed(
                    a.rows(),
                    b.rows(),
                    b.columns(),
                    dC,
                    at,
                    stride,
                    w,
                    b.at(),
                    b.stride(),
                    dW,
                    a.at(),
                    a.stride(),
                    true);
        }
        if (b.trains()) {
            products.addTransposedProduct(
                    b.rows(), b.columns(), a.rows(), w, a.at(), a.stride(), dC, at, stride, dW, b.at(), b.stride());
        }
    }
}
