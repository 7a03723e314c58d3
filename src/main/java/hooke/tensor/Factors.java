package hooke.tensor;

import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.global.torch;

/**
 * Matrices taken apart, by libtorch's LAPACK; for matrices or batches of them in F32 or F64. Results live in the innermost scope, and no
 * backward pass goes through them.
 */
public final class Factors {
    private Factors() {}

    /**
     * {@code U diag(S) Vt}, with as many singular values as the smaller side has entries, the largest first.
     *
     * @param U [.., m, k], orthonormal columns
     * @param S [.., k]
     * @param Vt [.., k, n], orthonormal rows
     */
    public record Svd(Tensor U, Tensor S, Tensor Vt) {}

    /**
     * {@code Q R}.
     *
     * @param Q [.., m, k], orthonormal columns
     * @param R [.., k, n], upper triangular
     */
    public record Qr(Tensor Q, Tensor R) {}

    // What a native tuple gives is its own: a handle of ours must not end with it.

    /** The singular value decomposition, the thin one. */
    public static Svd svd(Tensor matrix) {
        try (var driver = new StringViewOptional();
                var parts = torch.linalg_svd(matrix.handle(), false, driver)) {
            return new Svd(
                    Tensor.own(parts.get0().detach()),
                    Tensor.own(parts.get1().detach()),
                    Tensor.own(parts.get2().detach()));
        }
    }

    /** The QR decomposition, the thin one. */
    public static Qr qr(Tensor matrix) {
        try (var parts = torch.linalg_qr(matrix.handle())) {
            return new Qr(
                    Tensor.own(parts.get0().detach()), Tensor.own(parts.get1().detach()));
        }
    }

    /** The eigenvalues of a square matrix, in no order, as real and imaginary part: [.., n, 2]. */
    public static Tensor eigenvalues(Tensor matrix) {
        try (var complex = torch.linalg_eigvals(matrix.handle())) {
            return Tensor.own(torch.view_as_real(complex)).copy();
        }
    }

    /** {@code x} with {@code matrix x = sides}, by the decomposition of Cholesky; for a symmetric positive definite matrix. */
    public static Tensor solvePositive(Tensor matrix, Tensor sides) {
        try (var lower = torch.linalg_cholesky(matrix.handle())) {
            return Tensor.own(torch.cholesky_solve(sides.handle(), lower));
        }
    }
}
