package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;

import jdk.incubator.vector.FloatVector;

/**
 * The sum of squares that a gradient's norm is the root of: {@code clip_norm c} multiplies all gradients by {@code min(1, c / (norm +
 * 1e-6))} (Pascanu et al. 2013, arXiv 1211.5063; the 1e-6 is PyTorch's). Squares are added in single precision over some thousand
 * numbers, and their sums in double.
 */
public interface SquareSum {
    /** Of numbers from one place to before another. */
    double of(float[] x, int from, int to);

    /** What gradients of such a norm are multiplied by, so that it is at most c. */
    static double factor(double norm, double c) {
        return Math.min(1, c / (norm + 1e-6));
    }

    /** In what a kernel is written. */
    static SquareSum of(Kernel kernel) {
        return switch (kernel) {
            case VECTOR -> new Vectors();
            case PLAIN -> new Plain();
        };
    }

    /** One number after the other. */
    final class Plain implements SquareSum {
        @Override
        public double of(float[] x, int from, int to) {
            double sum = 0;
            for (int i = from; i < to; i++) {
                sum += (double) x[i] * x[i];
            }
            return sum;
        }
    }

    /** So many at once. */
    final class Vectors implements SquareSum {
        private static final int SOME = 4096;
        private final Plain plain = new Plain();

        @Override
        public double of(float[] x, int from, int to) {
            double sum = 0;
            int whole = from + (to - from) / L * L;
            for (int i = from; i < whole; i += SOME) {
                sum += some(x, i, Math.min(i + SOME, whole));
            }
            return sum + plain.of(x, whole, to);
        }

        private static double some(float[] x, int from, int to) {
            FloatVector sum = FloatVector.zero(F);
            for (int i = from; i < to; i += L) {
                FloatVector v = FloatVector.fromArray(F, x, i);
                sum = v.fma(v, sum);
            }
            return Lanes.sum(sum);
        }
    }
}
