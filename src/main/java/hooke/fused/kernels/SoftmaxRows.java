package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A softmax that is taken block of keys by block of keys, without the whole row (Milakov and Gimelshein 2018, arXiv 1805.02867; Dao et al.
 * 2022, arXiv 2205.14135). With m the largest score so far and s the sum of {@code e^(x_j - m)}, a further block with the largest score
 * m' gives
 *
 * <pre>
 *   M = max(m, m')     c = e^(m - M)     s = s c + sum_j e^(x_j - M)
 * </pre>
 *
 * and what was mixed so far must be multiplied by c. At the end the logarithm of the whole sum is {@code m + log s}; from it the
 * backward pass has each share again, {@code p_j = e^(x_j - m - log s)}, and with {@code d_j} the gradient of a share and {@code delta =
 * sum_j p_j d_j} the gradient of a score is {@code p_j (d_j - delta)}. Rows have room for a whole vector behind their end.
 */
public interface SoftmaxRows {
    /** Of a row that has no score yet. */
    float NOTHING = Float.NEGATIVE_INFINITY;

    /** The largest of the scores from one place to before another; {@link #NOTHING} where there is none. */
    float max(float[] x, int from, int to);

    /** {@code x_j = e^(x_j - max)}, and their sum. */
    float exp(float[] x, int from, int to, float max);

    /** {@code x_j = p_j} and {@code d_j = p_j (d_j - delta)}, given the logarithm of the whole sum; both rows begin at their own places. */
    void gradient(float[] x, int from, int to, float[] d, int dFrom, float logSum, float delta);

    /** {@code sum_j a_j b_j}: delta, since {@code sum_j p_j d_j = dz z}. */
    float dot(float[] a, int at, float[] b, int bAt, int n);

    /** In what a kernel is written. */
    static SoftmaxRows of(Kernel kernel) {
        return switch (kernel) {
            case VECTOR -> new Vectors();
            case PLAIN -> new Plain();
        };
    }

    /** One number after the other. */
    final class Plain implements SoftmaxRows {
        @Override
        public float max(float[] x, int from, int to) {
            float max = NOTHING;
            for (int j = from; j < to; j++) {
                max = Math.max(max, x[j]);
            }
            return max;
        }

        @Override
        public float exp(float[] x, int from, int to, float max) {
            float sum = 0;
            for (int j = from; j < to; j++) {
                x[j] = exp(x[j] - max);
                sum += x[j];
            }
            return sum;
        }

        private static float exp(float x) {
            return x < Functions.LOWEST ? 0 : (float) StrictMath.exp(x);
        }

        @Override
        public void gradient(float[] x, int from, int to, float[] d, int dFrom, float logSum, float delta) {
            for (int j = 0; j < to - from; j++) {
                float p = exp(x[from + j] - logSum);
                x[from + j] = p;
                d[dFrom + j] = p * (d[dFrom + j] - delta);
            }
        }

        @Override
        public float dot(float[] a, int at, float[] b, int bAt, int n) {
            float sum = 0;
            for (int j = 0; j < n; j++) {
                sum += a[at + j] * b[bAt + j];
            }
            return sum;
        }
    }

    /** So many at once; the last vector reaches behind the end, where it leaves zeros. */
    final class Vectors implements SoftmaxRows {
        @Override
        public float max(float[] x, int from, int to) {
            FloatVector max = FloatVector.broadcast(F, NOTHING);
            int j = from;
            for (; j + L <= to; j += L) {
                max = max.max(FloatVector.fromArray(F, x, j));
            }
            if (j < to) {
                max = max.max(FloatVector.broadcast(F, NOTHING)
                        .blend(FloatVector.fromArray(F, x, j), F.indexInRange(0, to - j)));
            }
            return max.reduceLanes(VectorOperators.MAX); // The same in any order.
        }

        @Override
        public float exp(float[] x, int from, int to, float max) {
            VectorFunctions.powers(x, from, to, max);
            clear(x, to, wholeVectors(from, to));
            FloatVector sum = FloatVector.zero(F);
            for (int j = from; j < to; j += L) {
                sum = sum.add(FloatVector.fromArray(F, x, j));
            }
            return Lanes.sum(sum);
        }

        @Override
        public void gradient(float[] x, int from, int to, float[] d, int dFrom, float logSum, float delta) {
            VectorFunctions.powers(x, from, to, logSum);
            clear(x, to, wholeVectors(from, to));
            for (int j = 0; j < to - from; j += L) {
                FloatVector p = FloatVector.fromArray(F, x, from + j);
                p.mul(FloatVector.fromArray(F, d, dFrom + j).sub(delta)).intoArray(d, dFrom + j);
            }
            clear(d, dFrom + to - from, wholeVectors(dFrom, dFrom + to - from));
        }

        /** Where the last vector ends. */
        private static int wholeVectors(int from, int to) {
            return from + (to - from + L - 1) / L * L;
        }

        @Override
        public float dot(float[] a, int at, float[] b, int bAt, int n) {
            FloatVector sum = FloatVector.zero(F);
            int j = 0;
            for (; j + L <= n; j += L) {
                sum = FloatVector.fromArray(F, a, at + j).fma(FloatVector.fromArray(F, b, bAt + j), sum);
            }
            float all = Lanes.sum(sum);
            for (; j < n; j++) {
                all += a[at + j] * b[bAt + j];
            }
            return all;
        }
    }

    /** Zeros from one place to before another. */
    static void clear(float[] x, int from, int to) {
        if (from < to) {
            Arrays.fill(x, from, to, 0);
        }
    }
}
