package hooke.fused.kernels;

/** The kernels as loops, for a JVM without the Vector API: what each computes, plainly. */
final class PlainKernels implements Kernels {
    @Override
    public void add(float[] y, int yAt, float[] x, int xAt, int width) {
        for (int j = 0; j < width; j++) {
            y[yAt + j] += x[xAt + j];
        }
    }

    @Override
    public void addToRows(float[] y, int yAt, int yStride, int rows, float[] b, int bAt, int width) {
        for (int r = 0; r < rows; r++) {
            add(y, yAt + r * yStride, b, bAt, width);
        }
    }

    @Override
    public void addRows(float[] sum, int sumAt, float[] y, int yAt, int yStride, int rows, int width) {
        for (int j = 0; j < width; j++) {
            float s = 0;
            for (int r = 0; r < rows; r++) {
                s += y[yAt + r * yStride + j];
            }
            sum[sumAt + j] += s;
        }
    }

    static void addScaled(float[] y, int yAt, float scale, float[] x, int xAt, int width) {
        for (int j = 0; j < width; j++) {
            y[yAt + j] += scale * x[xAt + j];
        }
    }

    @Override
    public void mix(
            float[] start,
            int startAt,
            float[] y,
            int yAt,
            int width,
            float[] t,
            int[] places,
            float[] p,
            int pAt,
            int count) {
        System.arraycopy(start, startAt, y, yAt, width);
        for (int i = 0; i < count; i++) {
            addScaled(y, yAt, p[pAt + i], t, places[i], width);
        }
    }

    @Override
    public void spread(float[] t, int[] places, float[] p, int pAt, int count, float[] y, int yAt, int width) {
        for (int i = 0; i < count; i++) {
            addScaled(t, places[i], p[pAt + i], y, yAt, width);
        }
    }

    @Override
    public void dots(float[] out, int outAt, float[] y, int yAt, int width, float[] t, int[] places, int count) {
        for (int i = 0; i < count; i++) {
            float sum = 0;
            for (int j = 0; j < width; j++) {
                sum += y[yAt + j] * t[places[i] + j];
            }
            out[outAt + i] = sum;
        }
    }

    @Override
    public void exp(float[] x, int at, int width) {
        for (int j = at; j < at + width; j++) {
            x[j] = x[j] < Functions.LOWEST ? 0 : (float) StrictMath.exp(x[j]);
        }
    }

    @Override
    public void relu(float[] x, int at, int stride, int rows, float[] b, int bAt, int width) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < width; j++) {
                int i = at + r * stride + j;
                x[i] = Math.max(x[i] + b[bAt + j], 0);
            }
        }
    }

    @Override
    public void reluSlope(float[] d, int dAt, int dStride, float[] x, int xAt, int xStride, int rows, int width) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < width; j++) {
                int i = dAt + r * dStride + j;
                d[i] = x[xAt + r * xStride + j] > 0 ? d[i] : 0;
            }
        }
    }

    @Override
    public void gelu(
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
                float bell = (float) StrictMath.exp(-0.5 * u * u);
                float phi = Functions.normal(u, bell);
                x[i] = u * phi;
                slope[slopeAt + r * slopeStride + j] = phi + u * bell * Functions.DENSITY;
            }
        }
    }

    @Override
    public void timesRows(float[] d, int dAt, int dStride, float[] s, int sAt, int sStride, int rows, int width) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < width; j++) {
                d[dAt + r * dStride + j] *= s[sAt + r * sStride + j];
            }
        }
    }

    @Override
    public void scale(float[] x, int at, float factor, int width) {
        for (int j = at; j < at + width; j++) {
            x[j] *= factor;
        }
    }

    @Override
    public float norm(
            float[] x,
            int xAt,
            int n,
            double eps,
            float[] gains,
            int gainAt,
            float[] biases,
            int biasAt,
            float[] hat,
            int hatAt,
            float[] y,
            int yAt) {
        double mean = 0;
        for (int j = 0; j < n; j++) {
            mean += x[xAt + j];
        }
        mean /= n;
        double squares = 0;
        for (int j = 0; j < n; j++) {
            squares += (x[xAt + j] - mean) * (x[xAt + j] - mean);
        }
        double scale = 1 / Math.sqrt(squares / n + eps);
        for (int j = 0; j < n; j++) {
            hat[hatAt + j] = (float) ((x[xAt + j] - mean) * scale);
            y[yAt + j] = hat[hatAt + j] * gains[gainAt + j] + biases[biasAt + j];
        }
        return (float) scale;
    }

    @Override
    public void normBackward(
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
            int gainGradientAt,
            int biasGradientAt) {
        float mean = 0;
        float meanAlong = 0;
        for (int j = 0; j < n; j++) {
            float d = dy[dyAt + j];
            gradients[gainGradientAt + j] += d * hat[hatAt + j];
            gradients[biasGradientAt + j] += d;
            mean += d * gains[gainAt + j] / n;
            meanAlong += d * gains[gainAt + j] * hat[hatAt + j] / n;
        }
        for (int j = 0; j < n; j++) {
            dx[dxAt + j] += scale * (dy[dyAt + j] * gains[gainAt + j] - mean - hat[hatAt + j] * meanAlong);
        }
    }

    @Override
    public int argmax(float[] x, int at, int n) {
        int top = 0;
        for (int j = 1; j < n; j++) {
            top = x[at + j] > x[at + top] ? j : top;
        }
        return top;
    }

    @Override
    public double expBelow(float[] x, int at, int n, int top, boolean exact) {
        double highest = x[at + top];
        double sum = 0;
        for (int j = 0; j < n; j++) {
            if (j != top) {
                double e = StrictMath.exp(x[at + j] - highest);
                sum += e;
                x[at + j] = e < Functions.TINY ? 0 : (float) e;
            }
        }
        x[at + top] = 1;
        java.util.Arrays.fill(x, at + n, at + FlatWeights.wide(n), 0);
        return sum;
    }

    @Override
    public void adamW(
            AdamWUpdate u, float[] values, float[] gradients, float[] mean, float[] square, int from, int to) {
        for (int i = from; i < to; i++) {
            float g = atLeast(gradients[i], u.tiny());
            mean[i] = atLeast(mean[i] + (g - mean[i]) * u.rate1(), u.tinyMean());
            square[i] = atLeast(square[i] * u.beta2() + g * g * u.rate2(), AdamWUpdate.TINY_SQUARE);
            float below = (float) Math.sqrt(square[i]) * u.scale() + u.eps();
            values[i] = atLeast(values[i] * u.keep() + mean[i] / below * u.step(), AdamWUpdate.TINY_VALUE);
        }
    }

    private static float atLeast(float value, float limit) {
        return Math.abs(value) < limit ? 0 : value;
    }
}
