package hooke.lens.weights;

import hooke.Check;
import hooke.tensor.DType;
import hooke.tensor.Factors;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;

/**
 * A matrix of low rank, {@code left right}, never multiplied out: a head's QK or OV circuit over d_model or over the whole vocabulary
 * (Elhage et al. 2021, "A Mathematical Framework for Transformer Circuits"). All in F64.
 *
 * @param left [m, r]
 * @param right [r, n]
 */
public record FactoredMatrix(Tensor left, Tensor right) {
    public FactoredMatrix {
        Check.that(
                left.size(1) == right.size(0),
                "factors %s and %s do not fit each other: the inner sizes must be equal",
                left,
                right);
    }

    /** An eigenvalue {@code re + i im}. */
    public record Eigenvalue(double re, double im) {
        public double size() {
            return Math.hypot(re, im);
        }
    }

    static FactoredMatrix of(Tensor left, Tensor right) {
        return new FactoredMatrix(left.detach().to(DType.F64), right.detach().to(DType.F64));
    }

    /** The other matrix before this one: {@code other left right}. */
    public FactoredMatrix after(Tensor other) {
        return new FactoredMatrix(other.detach().to(DType.F64).matmul(left), right);
    }

    /** The other matrix behind this one: {@code left right other}. */
    public FactoredMatrix before(Tensor other) {
        return new FactoredMatrix(left, right.matmul(other.detach().to(DType.F64)));
    }

    /** This matrix times another, on the narrower of the two inner sides. */
    public FactoredMatrix times(FactoredMatrix other) {
        Tensor inner = right.matmul(other.left); // [r, r']
        return inner.size(0) <= inner.size(1)
                ? new FactoredMatrix(left, inner.matmul(other.right))
                : new FactoredMatrix(left.matmul(inner), other.right);
    }

    public FactoredMatrix transposed() {
        return new FactoredMatrix(right.transpose(0, 1), left.transpose(0, 1));
    }

    /** Multiplied out, [m, n]; for looking at small ones. */
    public Tensor product() {
        return left.matmul(right);
    }

    /** The square root of the sum of its squared entries, from the two Gram matrices. */
    public double norm() {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            Tensor a = left.transpose(0, 1).matmul(left); // [r, r]
            Tensor b = right.matmul(right.transpose(0, 1));
            return Math.sqrt(Math.max(0, a.times(b).sum().item()));
        }
    }

    /** The singular values, at most r, the largest first. */
    public double[] singularValues() {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            return svd().S().toDoubles();
        }
    }

    /**
     * The singular value decomposition with {@code k = min(m, r, n)} values: {@code U [m, k]}, {@code S [k]}, {@code Vt [k, n]}. QR of each
     * factor leaves an r x r matrix to decompose.
     */
    public Factors.Svd svd() {
        try (var _ = new NoGrad()) {
            Factors.Qr a = Factors.qr(left); // [m, k] [k, r]
            Factors.Qr b = Factors.qr(right.transpose(0, 1)); // [n, k'] [k', r]
            Factors.Svd small = Factors.svd(a.R().matmul(b.R().transpose(0, 1)));
            return new Factors.Svd(
                    a.Q().matmul(small.U()), small.S(), small.Vt().matmul(b.Q().transpose(0, 1)));
        }
    }

    /** The eigenvalues of a square matrix that can differ from 0, the largest first: those of {@code right left}, [r, r]. */
    public Eigenvalue[] eigenvalues() {
        Check.that(
                left.size(0) == right.size(1),
                "a matrix of %s x %s has no eigenvalues: it must be square",
                left.size(0),
                right.size(1));
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            boolean narrow = left.size(1) <= left.size(0);
            double[] parts =
                    Factors.eigenvalues(narrow ? right.matmul(left) : product()).toDoubles();
            Eigenvalue[] values = new Eigenvalue[parts.length / 2];
            Arrays.setAll(values, i -> new Eigenvalue(parts[2 * i], parts[2 * i + 1]));
            Arrays.sort(values, Comparator.comparingDouble(Eigenvalue::size).reversed());
            return values;
        }
    }

    /**
     * How far the matrix copies: the sum of its eigenvalues over the sum of their sizes. 1 where all are positive (what goes in comes out),
     * -1 where all are negative.
     */
    public double copying() {
        double sum = 0;
        double sizes = 0;
        for (Eigenvalue value : eigenvalues()) {
            sum += value.re();
            sizes += value.size();
        }
        return sizes == 0 ? 0 : sum / sizes;
    }
}
