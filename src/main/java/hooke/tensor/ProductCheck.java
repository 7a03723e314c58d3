package hooke.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Whether a library's product is what we take it for: a small one in every order of its arguments, of whole numbers, so that it is exact. */
final class ProductCheck {
    private static final int M = 5;
    private static final int N = 7;
    private static final int K = 3;

    private ProductCheck() {}

    /** How its factors lie in memory. */
    interface Stored {
        MemorySegment of(float[] values);
    }

    static MemorySegment floats(float[] values) {
        return MemorySegment.ofArray(values);
    }

    /** Small whole numbers have no lower half. */
    static MemorySegment bf16(float[] values) {
        short[] upper = new short[values.length];
        for (int i = 0; i < upper.length; i++) {
            upper[i] = (short) (Float.floatToRawIntBits(values[i]) >>> 16);
        }
        return MemorySegment.ofArray(upper);
    }

    static boolean passes(MatrixProduct product, Stored stored) {
        for (boolean transposeA : new boolean[] {false, true}) {
            for (boolean transposeB : new boolean[] {false, true}) {
                if (!passes(product, stored, transposeA, transposeB)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean passes(MatrixProduct product, Stored stored, boolean transposeA, boolean transposeB) {
        float[] a = new float[M * K];
        float[] b = new float[K * N];
        float[] c = new float[M * N];
        for (int i = 0; i < M; i++) {
            for (int p = 0; p < K; p++) {
                a[transposeA ? p * M + i : i * K + p] = left(i, p);
            }
        }
        for (int p = 0; p < K; p++) {
            for (int j = 0; j < N; j++) {
                b[transposeB ? j * K + p : p * N + j] = right(p, j);
            }
        }
        Arrays.fill(c, 1);
        MemorySegment result = MemorySegment.ofArray(c);
        product.multiply(
                transposeA,
                transposeB,
                M,
                N,
                K,
                stored.of(a),
                transposeA ? M : K,
                stored.of(b),
                transposeB ? K : N,
                1,
                result,
                N);
        for (int i = 0; i < M; i++) {
            for (int j = 0; j < N; j++) {
                float expected = 1;
                for (int p = 0; p < K; p++) {
                    expected += left(i, p) * right(p, j);
                }
                if (result.getAtIndex(ValueLayout.JAVA_FLOAT, (long) i * N + j) != expected) {
                    return false;
                }
            }
        }
        return true;
    }

    private static float left(int i, int p) {
        return i - 2 * p;
    }

    private static float right(int p, int j) {
        return 3 * p + j - 2;
    }
}
