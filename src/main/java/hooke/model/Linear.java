package hooke.model;

import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** {@code x W + b}, the bias left out where there is none. */
final class Linear {
    private Linear() {}

    /** Rows [row, in] by a matrix [in, out] and a bias [out]. */
    static Tensor apply(Tensor rows, Tensor weight, @Nullable Tensor bias) {
        return bias == null ? rows.matmul(weight) : rows.matmulPlus(weight, bias);
    }
}
