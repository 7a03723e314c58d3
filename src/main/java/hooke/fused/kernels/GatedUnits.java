package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;
import static jdk.incubator.vector.FloatVector.broadcast;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Activations that let a number through by the logistic function, {@code u s(z)} with {@code s(z) = 1 / (1 + e^(-z))}: SiLU with {@code z
 * = u} (Elfwing et al. 2017, arXiv 1702.03118), and GELU's approximation by tanh with {@code z = 2 sqrt(2 / pi) (u + 0.044715 u^3)}
 * (Hendrycks and Gimpel 2016, arXiv 1606.08415), since {@code (1 + tanh(x)) / 2 = s(2x)}. The slope is {@code s + u s (1 - s) z'}.
 *
 * <p>Rows are filled up to whole vectors with zeros, which stay.
 */
public interface GatedUnits {
    /** {@code z = linear u + cubic u^3}. */
    record Shape(float linear, float cubic) {
        /** {@code z = u}. */
        public static final Shape SILU = new Shape(1, 0);

        /** GELU by tanh. */
        public static final Shape GELU_NEW = new Shape(1.595769f, 0.07135481f);
    }

    /** {@code x = u s(z)} with {@code u = x + b}, and the slope there, for each of the rows. */
    void apply(
            Shape shape,
            float[] x,
            int at,
            int stride,
            float[] slope,
            int slopeAt,
            int slopeStride,
            int rows,
            float[] b,
            int bAt,
            int width);

    /** In what a kernel is written. */
    static GatedUnits of(Kernel kernel) {
        return switch (kernel) {
            case VECTOR -> new Vectors();
            case PLAIN -> new Plain();
        };
    }

    /** One number after the other. */
    final class Plain implements GatedUnits {
        @Override
        public void apply(
                Shape shape,
                float[] x,
                int at,
                int stride,
                float[] slope,
                int slopeAt,
                int slopeStride,
                int rows,
                float[] b,
                int bAt,
                int width) {
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < width; j++) {
                    int i = at + r * stride + j;
                    float u = x[i] + b[bAt + j];
                    float z = u * (shape.linear() + shape.cubic() * u * u);
                    float s = (float) (1 / (1 + StrictMath.exp(-z)));
                    float steep = shape.linear() + 3 * shape.cubic() * u * u;
                    x[i] = u * s;
                    slope[slopeAt + r * slopeStride + j] = s + u * s * (1 - s) * steep;
                }
            }
        }
    }

    /** So many at once. */
    final class Vectors implements GatedUnits {
        @Override
        public void apply(
                Shape shape,
                float[] x,
                int at,
                int stride,
                float[] slope,
                int slopeAt,
                int slopeStride,
                int rows,
                float[] b,
                int bAt,
                int width) {
            float linear = shape.linear();
            float cubic = shape.cubic();
            for (int r = 0; r < rows; r++) {
                for (int j = 0; j < width; j += L) {
                    int i = at + r * stride + j;
                    FloatVector u = FloatVector.fromArray(F, x, i).add(FloatVector.fromArray(F, b, bAt + j));
                    FloatVector square = u.mul(u);
                    FloatVector z = square.fma(broadcast(F, cubic), broadcast(F, linear))
                            .mul(u);
                    // s(z) from e^(-|z|), which cannot overflow.
                    FloatVector e = VectorFunctions.exp(z.abs().neg());
                    FloatVector upper = broadcast(F, 1f).div(e.add(1f));
                    FloatVector s = e.mul(upper).blend(upper, z.compare(VectorOperators.GE, 0f));
                    FloatVector steep = square.fma(broadcast(F, 3 * cubic), broadcast(F, linear));
                    FloatVector y = u.mul(s);
                    y.intoArray(x, i);
                    y.mul(broadcast(F, 1f).sub(s)).fma(steep, s).intoArray(slope, slopeAt + r * slopeStride + j);
                }
            }
        }
    }
}
