package hooke.fused.kernels;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Products of {@link Mat}s. Big ones go to a {@link Gemm} in pieces of at most {@value #PIECE} multiply-adds, since the JVM can stop for
 * nothing while one runs; small ones to a {@link SmallProduct}, which needs no packing.
 */
public final class Products {
    /** A tenth to a fifth of a millisecond with AVX-512, less than one on any core with AVX2. */
    private static final int PIECE = 1 << 24;
    /** Below this width or depth, or this many multiply-adds, the call costs more than the library saves. */
    private static final int NARROW = 24;

    private static final int FEW = 20_000;

    private final SmallProduct small;
    private final @Nullable Gemm library;
    private final @Nullable Meter meter;
    private final Slices slices = new Slices();
    private float[] transposed = new float[1024];

    /** @param meter to which every call of the library is told, if any */
    public Products(SmallProduct small, @Nullable Gemm library, @Nullable Meter meter) {
        this.small = small;
        this.library = library;
        this.meter = meter;
    }

    private boolean isSmall(int m, int n, int k) {
        return library == null || Math.min(n, k) < NARROW || (long) m * n * k < FEW;
    }

    /** {@code C = A B} or {@code C += A B}: A [m, k], B [k, n], C [m, n]. */
    public void product(int m, int n, int k, Mat a, Mat b, Mat c, boolean add) {
        if (isSmall(m, n, k)) {
            small.product(m, n, k, a, false, b, c, add);
        } else {
            library(false, false, m, n, k, a, b, c, add);
        }
    }

    /** {@code C = A B'} or {@code C += A B'}: A [m, k], B [n, k], C [m, n]. */
    public void productByTransposed(int m, int n, int k, Mat a, Mat b, Mat c, boolean add) {
        if (isSmall(m, n, k)) {
            small.product(m, n, k, a, false, transpose(n, k, b), c, add);
        } else {
            library(false, true, m, n, k, a, b, c, add);
        }
    }

    private Mat transpose(int n, int k, Mat b) {
        int width = FlatWeights.wide(n);
        if (transposed.length < k * width) {
            transposed = new float[k * width];
        }
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < n; j++) {
                transposed[i * width + j] = b.array()[b.row(j) + i];
            }
            for (int j = n; j < width; j++) {
                transposed[i * width + j] = 0;
            }
        }
        return Mat.of(transposed, width);
    }

    /** {@code C += A' B}: A [k, m], B [k, n], C [m, n]; the gradient of a weight from the rows that it read and wrote. */
    public void addTransposedProduct(int m, int n, int k, Mat a, Mat b, Mat c) {
        if (isSmall(k, n, m)) {
            small.product(m, n, k, a, true, b, c, true);
        } else {
            library(true, false, k, n, m, a, b, c, true);
        }
    }

    /** The rows of A in pieces, each a call: of C likewise, or if A is transposed of B. */
    private void library(
            boolean aTransposed, boolean bTransposed, int rows, int n, int other, Mat a, Mat b, Mat c, boolean add) {
        int step = Math.max(1, PIECE / (n * other));
        int columns = bTransposed ? n : FlatWeights.wide(n); // A whole vector costs no more than a part of it.
        for (int i = 0; i < rows; i += step) {
            int piece = Math.min(step, rows - i);
            long start = meter == null ? 0 : System.nanoTime();
            Objects.requireNonNull(library)
                    .multiply(
                            aTransposed,
                            bTransposed,
                            aTransposed ? other : piece,
                            columns,
                            aTransposed ? piece : other,
                            slices.of(a.array(), a.row(i)),
                            a.stride(),
                            slices.of(b.array(), b.row(aTransposed ? i : 0)),
                            b.stride(),
                            add ? 1 : 0,
                            slices.of(c.array(), c.row(aTransposed ? 0 : i)),
                            c.stride());
            if (meter != null) {
                meter.add(2.0 * piece * n * other, System.nanoTime() - start);
            }
        }
    }
}
