package hooke.tensor;

import java.lang.foreign.MemorySegment;

/**
 * {@code C = A B + keep C} in row-major order, each matrix a segment of a Java array that begins with its first value, and its row stride:
 * A [m, k], or [k, m] if transposed; B [k, n], or [n, k] if transposed; C floats.
 */
public interface MatrixProduct {
    void multiply(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            MemorySegment a,
            int aStride,
            MemorySegment b,
            int bStride,
            float keep,
            MemorySegment c,
            int cStride);
}
