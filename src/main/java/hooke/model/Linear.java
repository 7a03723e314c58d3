package hooke.model;

import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** {@code x W + b}, the bias left out where there is none. */
final class Linear {
    private Linear() {}

    /** Of x [.., in] by a matrix [in, out] and a bias [out]: [.., out], by one flat product. */
    static Tensor apply(Tensor x, Tensor weight, @Nullable Tensor bias) {
        Tensor rows = x.reshape(x.numel() / x.size(-1), x.size(-1));
        Tensor out = bias == null ? rows.matmul(weight) : rows.matmulPlus(weight, bias);
        return out.view(LastAxis.shape(x, weight.size(1)));
    }
}
