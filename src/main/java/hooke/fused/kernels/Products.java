package hooke.fused.kernels;

import hooke.tensor.OpenBlas;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Matrix products in row-major order on plain arrays, each matrix by its array, the place of its first value and its row stride. Big
 * ones go to OpenBLAS in pieces of at most {@value #PIECE} multiply-adds, since the JVM can stop for nothing while one runs; small ones
 * to a {@link SmallProduct}, which needs no packing.
 */
public final class Products {
    /** A tenth to a fifth of a millisecond with AVX-512, less than one on any core with AVX2. */
    private static final int PIECE = 1 << 24;
    /** Below this width or depth, or this many multiply-adds, the call costs more than the library saves. */
    private static final int NARROW = 24;

    private static final int FEW = 20_000;

    private final SmallProduct small;
    private final @Nullable OpenBlas blas;
    private final @Nullable Meter meter;
    private final Slices slices = new Slices();
    private float[] transposed = new float[1024];

    /** @param meter to which every call of the library is told, if any */
    public Products(SmallProduct small, @Nullable OpenBlas blas, @Nullable Meter meter) {
        this.small = small;
        this.blas = blas;
        this.meter = meter;
    }

    private boolean isSmall(int m, int n, int k) {
        return blas == null || Math.min(n, k) < NARROW || (long) m * n * k < FEW;
    }

    /** {@code C = A B} or {@code C += A B}: A [m, k], B [k, n], C [m, n]. */
    public void product(
            int m,
            int n,
            int k,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        if (isSmall(m, n, k)) {
            small.product(m, n, k, a, aAt, aStride, 1, b, bAt, bStride, c, cAt, cStride, add);
            return;
        }
        library(false, false, m, n, k, a, aAt, aStride, b, bAt, bStride, c, cAt, cStride, add);
    }

    /** {@code C = A B'} or {@code C += A B'}: A [m, k], B [n, k], C [m, n]. */
    public void productByTransposed(
            int m,
            int n,
            int k,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        if (isSmall(m, n, k)) {
            int width = FlatWeights.wide(n);
            transpose(n, k, b, bAt, bStride, width);
            small.product(m, n, k, a, aAt, aStride, 1, transposed, 0, width, c, cAt, cStride, add);
            return;
        }
        library(false, true, m, n, k, a, aAt, aStride, b, bAt, bStride, c, cAt, cStride, add);
    }

    private void transpose(int n, int k, float[] b, int bAt, int bStride, int width) {
        if (transposed.length < k * width) {
            transposed = new float[k * width];
        }
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < n; j++) {
                transposed[i * width + j] = b[bAt + j * bStride + i];
            }
            for (int j = n; j < width; j++) {
                transposed[i * width + j] = 0;
            }
        }
    }

    /** {@code C += A' B}: A [k, m], B [k, n], C [m, n]; the gradient of a weight from the rows that it read and wrote. */
    public void addTransposedProduct(
            int m,
            int n,
            int k,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            float[] c,
            int cAt,
            int cStride) {
        if (isSmall(k, n, m)) {
            small.product(m, n, k, a, aAt, 1, aStride, b, bAt, bStride, c, cAt, cStride, true);
            return;
        }
        library(true, false, k, n, m, a, aAt, aStride, b, bAt, bStride, c, cAt, cStride, true);
    }

    /** The rows of A in pieces, each a call: of C likewise, or if A is transposed of B. */
    private void library(
            boolean aTransposed,
            boolean bTransposed,
            int rows,
            int n,
            int other,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        int step = Math.max(1, PIECE / (n * other));
        int columns = bTransposed ? n : FlatWeights.wide(n); // A whole vector costs no more than a part of it.
        for (int i = 0; i < rows; i += step) {
            int piece = Math.min(step, rows - i);
            long start = meter == null ? 0 : System.nanoTime();
            Objects.requireNonNull(blas)
                    .product(
                            aTransposed,
                            bTransposed,
                            aTransposed ? other : piece,
                            columns,
                            aTransposed ? piece : other,
                            slices.of(a, aAt + i * aStride),
                            aStride,
                            slices.of(b, aTransposed ? bAt + i * bStride : bAt),
                            bStride,
                            add ? 1 : 0,
                            slices.of(c, aTransposed ? cAt : cAt + i * cStride),
                            cStride);
            if (meter != null) {
                meter.add(2.0 * piece * n * other, System.nanoTime() - start);
            }
        }
    }
}
