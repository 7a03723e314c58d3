package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;
import static hooke.fused.kernels.Lanes.sum;

import jdk.incubator.vector.FloatVector;

/**
 * RMSNorm of one row (Zhang and Sennrich 2019, arXiv 1910.07467): {@code hat = x / sqrt(mean(x^2) + eps)}, {@code y = hat gain}; and
 * backward, with {@code dh = dy gain}, {@code dx += (dh - hat mean(dh hat)) / sqrt(mean(x^2) + eps)}. Rows are filled up to whole
 * vectors with zeros, which stay.
 */
public interface RootMeanSquare {
    /** Returns {@code 1 / sqrt(mean(x^2) + eps)}. */
    float norm(
            float[] x,
            int xAt,
            int n,
            double eps,
            float[] gains,
            int gainAt,
            float[] hat,
            int hatAt,
            float[] y,
            int yAt);

    /** Adds to {@code dx}, and to the gradient of the gain. */
    void backward(
            float[] dx,
            int dxAt,
            float[] dy,
            int dyAt,
            int n,
            float scale,
            float[] gains,
            int gainAt,
            float[] hat,
            int hatAt,
            float[] gradients,
            int gainGradientAt);

    /** In what a kernel is written. */
    static RootMeanSquare of(Kernel kernel) {
        return switch (kernel) {
            case VECTOR -> new Vectors();
            case PLAIN -> new Plain();
        };
    }

    /** One number after the other. */
    final class Plain implements RootMeanSquare {
        @Override
        public float norm(
                float[] x,
                int xAt,
                int n,
                double eps,
                float[] gains,
                int gainAt,
                float[] hat,
                int hatAt,
                float[] y,
                int yAt) {
            float squares = 0;
            for (int j = 0; j < n; j++) {
                squares += x[xAt + j] * x[xAt + j];
            }
            float scale = (float) (1 / Math.sqrt(squares / n + eps));
            for (int j = 0; j < n; j++) {
                hat[hatAt + j] = x[xAt + j] * scale;
                y[yAt + j] = hat[hatAt + j] * gains[gainAt + j];
            }
            return scale;
        }

        @Override
        public void backward(
                float[] dx,
                int dxAt,
                float[] dy,
                int dyAt,
                int n,
                float scale,
                float[] gains,
                int gainAt,
                float[] hat,
                int hatAt,
                float[] gradients,
                int gainGradientAt) {
            float along = 0;
            for (int j = 0; j < n; j++) {
                gradients[gainGradientAt + j] += dy[dyAt + j] * hat[hatAt + j];
                along += dy[dyAt + j] * gains[gainAt + j] * hat[hatAt + j];
            }
            float mean = along / n;
            for (int j = 0; j < n; j++) {
                dx[dxAt + j] += (dy[dyAt + j] * gains[gainAt + j] - hat[hatAt + j] * mean) * scale;
            }
        }
    }

    /** So many at once. */
    final class Vectors implements RootMeanSquare {
        @Override
        public float norm(
                float[] x,
                int xAt,
                int n,
                double eps,
                float[] gains,
                int gainAt,
                float[] hat,
                int hatAt,
                float[] y,
                int yAt) {
            FloatVector squares = FloatVector.zero(F);
            for (int j = 0; j < n; j += L) {
                FloatVector v = FloatVector.fromArray(F, x, xAt + j);
                squares = v.fma(v, squares);
            }
            float scale = (float) (1 / Math.sqrt(sum(squares) / n + eps));
            for (int j = 0; j < n; j += L) {
                FloatVector h = FloatVector.fromArray(F, x, xAt + j).mul(scale);
                h.intoArray(hat, hatAt + j);
                h.mul(FloatVector.fromArray(F, gains, gainAt + j)).intoArray(y, yAt + j);
            }
            return scale;
        }

        @Override
        public void backward(
                float[] dx,
                int dxAt,
                float[] dy,
                int dyAt,
                int n,
                float scale,
                float[] gains,
                int gainAt,
                float[] hat,
                int hatAt,
                float[] gradients,
                int gainGradientAt) {
            FloatVector along = FloatVector.zero(F);
            for (int j = 0; j < n; j += L) {
                FloatVector d = FloatVector.fromArray(F, dy, dyAt + j);
                FloatVector h = FloatVector.fromArray(F, hat, hatAt + j);
                int gain = gainGradientAt + j;
                d.fma(h, FloatVector.fromArray(F, gradients, gain)).intoArray(gradients, gain);
                along = d.mul(FloatVector.fromArray(F, gains, gainAt + j)).fma(h, along);
            }
            float mean = sum(along) / n;
            for (int j = 0; j < n; j += L) {
                FloatVector dh =
                        FloatVector.fromArray(F, dy, dyAt + j).mul(FloatVector.fromArray(F, gains, gainAt + j));
                FloatVector d = FloatVector.fromArray(F, hat, hatAt + j)
                        .fma(FloatVector.broadcast(F, -mean), dh)
                        .mul(scale);
                FloatVector.fromArray(F, dx, dxAt + j).add(d).intoArray(dx, dxAt + j);
            }
        }
    }
}
