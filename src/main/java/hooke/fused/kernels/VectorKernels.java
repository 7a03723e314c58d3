package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;
import static hooke.fused.kernels.Lanes.sum;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The kernels in the Vector API, for vectors of up to 512 bits. Rows between the products are short and lie in the cache, so that each
 * kernel is bound by its loads: a block of eight vectors stays in registers while the rows that it is mixed from, or spread to, go by.
 */
final class VectorKernels implements Kernels {
    private static final int BLOCK = 8 * L;

    @Override
    public void add(float[] y, int yAt, float[] x, int xAt, int width) {
        for (int j = 0; j < width; j += L) {
            fromArray(F, y, yAt + j).add(fromArray(F, x, xAt + j)).intoArray(y, yAt + j);
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
        int j = 0;
        for (; j + 4 * L <= width; j += 4 * L) {
            FloatVector s0 = FloatVector.zero(F);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int r = 0; r < rows; r++) {
                int at = yAt + r * yStride + j;
                s0 = s0.add(fromArray(F, y, at));
                s1 = s1.add(fromArray(F, y, at + L));
                s2 = s2.add(fromArray(F, y, at + 2 * L));
                s3 = s3.add(fromArray(F, y, at + 3 * L));
            }
            int to = sumAt + j;
            fromArray(F, sum, to).add(s0).intoArray(sum, to);
            fromArray(F, sum, to + L).add(s1).intoArray(sum, to + L);
            fromArray(F, sum, to + 2 * L).add(s2).intoArray(sum, to + 2 * L);
            fromArray(F, sum, to + 3 * L).add(s3).intoArray(sum, to + 3 * L);
        }
        for (; j < width; j += L) {
            FloatVector s = FloatVector.zero(F);
            for (int r = 0; r < rows; r++) {
                s = s.add(fromArray(F, y, yAt + r * yStride + j));
            }
            fromArray(F, sum, sumAt + j).add(s).intoArray(sum, sumAt + j);
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
        int j = 0;
        for (; j + BLOCK <= width; j += BLOCK) {
            int at = yAt + j;
            int startNow = startAt + j;
            FloatVector y0 = fromArray(F, start, startNow);
            FloatVector y1 = fromArray(F, start, startNow + L);
            FloatVector y2 = fromArray(F, start, startNow + 2 * L);
            FloatVector y3 = fromArray(F, start, startNow + 3 * L);
            FloatVector y4 = fromArray(F, start, startNow + 4 * L);
            FloatVector y5 = fromArray(F, start, startNow + 5 * L);
            FloatVector y6 = fromArray(F, start, startNow + 6 * L);
            FloatVector y7 = fromArray(F, start, startNow + 7 * L);
            for (int i = 0; i < count; i++) {
                int from = places[i] + j;
                FloatVector share = broadcast(F, p[pAt + i]);
                y0 = share.fma(fromArray(F, t, from), y0);
                y1 = share.fma(fromArray(F, t, from + L), y1);
                y2 = share.fma(fromArray(F, t, from + 2 * L), y2);
                y3 = share.fma(fromArray(F, t, from + 3 * L), y3);
                y4 = share.fma(fromArray(F, t, from + 4 * L), y4);
                y5 = share.fma(fromArray(F, t, from + 5 * L), y5);
                y6 = share.fma(fromArray(F, t, from + 6 * L), y6);
                y7 = share.fma(fromArray(F, t, from + 7 * L), y7);
            }
            y0.intoArray(y, at);
            y1.intoArray(y, at + L);
            y2.intoArray(y, at + 2 * L);
            y3.intoArray(y, at + 3 * L);
            y4.intoArray(y, at + 4 * L);
            y5.intoArray(y, at + 5 * L);
            y6.intoArray(y, at + 6 * L);
            y7.intoArray(y, at + 7 * L);
        }
        for (; j < width; j += L) {
            FloatVector s = fromArray(F, start, startAt + j);
            for (int i = 0; i < count; i++) {
                s = broadcast(F, p[pAt + i]).fma(fromArray(F, t, places[i] + j), s);
            }
            s.intoArray(y, yAt + j);
        }
    }

    @Override
    public void spread(float[] t, int[] places, float[] p, int pAt, int count, float[] y, int yAt, int width) {
        for (int i = 0; i < count; i++) {
            FloatVector share = broadcast(F, p[pAt + i]);
            int to = places[i];
            for (int j = 0; j < width; j += L) {
                share.fma(fromArray(F, y, yAt + j), fromArray(F, t, to + j)).intoArray(t, to + j);
            }
        }
    }

    @Override
    public void dots(float[] out, int outAt, float[] y, int yAt, int width, float[] t, int[] places, int count) {
        int i = 0;
        for (; i + 4 <= count; i += 4) {
            int t0 = places[i];
            int t1 = places[i + 1];
            int t2 = places[i + 2];
            int t3 = places[i + 3];
            FloatVector s0 = FloatVector.zero(F);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int j = 0; j < width; j += L) {
                FloatVector v = fromArray(F, y, yAt + j);
                s0 = v.fma(fromArray(F, t, t0 + j), s0);
                s1 = v.fma(fromArray(F, t, t1 + j), s1);
                s2 = v.fma(fromArray(F, t, t2 + j), s2);
                s3 = v.fma(fromArray(F, t, t3 + j), s3);
            }
            out[outAt + i] = sum(s0);
            out[outAt + i + 1] = sum(s1);
            out[outAt + i + 2] = sum(s2);
            out[outAt + i + 3] = sum(s3);
        }
        for (; i < count; i++) {
            FloatVector s = FloatVector.zero(F);
            for (int j = 0; j < width; j += L) {
                s = fromArray(F, y, yAt + j).fma(fromArray(F, t, places[i] + j), s);
            }
            out[outAt + i] = sum(s);
        }
    }

    @Override
    public void exp(float[] x, int at, int width) {
        VectorFunctions.powers(x, at, at + width, 0);
    }

    @Override
    public void relu(float[] x, int at, int stride, int rows, float[] b, int bAt, int width) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < width; j += L) {
                int i = at + r * stride + j;
                fromArray(F, x, i).add(fromArray(F, b, bAt + j)).max(0).intoArray(x, i);
            }
        }
    }

    @Override
    public void reluSlope(float[] d, int dAt, int dStride, float[] x, int xAt, int xStride, int rows, int width) {
        FloatVector zero = FloatVector.zero(F);
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < width; j += L) {
                int i = dAt + r * dStride + j;
                var positive = fromArray(F, x, xAt + r * xStride + j).compare(VectorOperators.GT, 0);
                zero.blend(fromArray(F, d, i), positive).intoArray(d, i);
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
            for (int j = 0; j < width; j += L) {
                int i = at + r * stride + j;
                FloatVector u = fromArray(F, x, i).add(fromArray(F, b, bAt + j));
                FloatVector bell = VectorFunctions.exp(u.mul(u).mul(-0.5f)); // e^(-u^2/2)
                FloatVector phi = VectorFunctions.normal(u, bell);
                u.mul(phi).intoArray(x, i);
                bell.mul(Functions.DENSITY).fma(u, phi).intoArray(slope, slopeAt + r * slopeStride + j);
            }
        }
    }

    @Override
    public void timesRows(float[] d, int dAt, int dStride, float[] s, int sAt, int sStride, int rows, int width) {
        for (int r = 0; r < rows; r++) {
            for (int j = 0; j < width; j += L) {
                int i = dAt + r * dStride + j;
                fromArray(F, d, i).mul(fromArray(F, s, sAt + r * sStride + j)).intoArray(d, i);
            }
        }
    }

    @Override
    public void scale(float[] x, int at, float factor, int width) {
        for (int j = 0; j < width; j += L) {
            fromArray(F, x, at + j).mul(factor).intoArray(x, at + j);
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
        FloatVector s = FloatVector.zero(F);
        for (int j = 0; j < n; j += L) {
            s = s.add(fromArray(F, x, xAt + j)); // What fills up is zero.
        }
        float mean = sum(s) / n;
        FloatVector squares = FloatVector.zero(F);
        for (int j = 0; j < n; j += L) {
            FloatVector c = fromArray(F, x, xAt + j).sub(mean, F.indexInRange(j, n));
            c.intoArray(hat, hatAt + j);
            squares = c.fma(c, squares);
        }
        float scale = (float) (1 / Math.sqrt(sum(squares) / n + eps));
        for (int j = 0; j < n; j += L) {
            FloatVector h = fromArray(F, hat, hatAt + j).mul(scale);
            h.intoArray(hat, hatAt + j);
            h.fma(fromArray(F, gains, gainAt + j), fromArray(F, biases, biasAt + j))
                    .intoArray(y, yAt + j);
        }
        return scale;
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
        FloatVector s = FloatVector.zero(F);
        FloatVector along = FloatVector.zero(F);
        for (int j = 0; j < n; j += L) {
            FloatVector d = fromArray(F, dy, dyAt + j);
            FloatVector h = fromArray(F, hat, hatAt + j);
            int gain = gainGradientAt + j;
            int bias = biasGradientAt + j;
            d.fma(h, fromArray(F, gradients, gain)).intoArray(gradients, gain);
            d.add(fromArray(F, gradients, bias)).intoArray(gradients, bias);
            FloatVector dh = d.mul(fromArray(F, gains, gainAt + j));
            s = s.add(dh);
            along = dh.fma(h, along);
        }
        float mean = sum(s) / n;
        float meanAlong = sum(along) / n;
        for (int j = 0; j < n; j += L) {
            FloatVector dh = fromArray(F, dy, dyAt + j).mul(fromArray(F, gains, gainAt + j));
            FloatVector d = fromArray(F, hat, hatAt + j)
                    .fma(broadcast(F, -meanAlong), dh.sub(mean))
                    .mul(scale);
            fromArray(F, dx, dxAt + j).add(d, F.indexInRange(j, n)).intoArray(dx, dxAt + j);
        }
    }

    @Override
    public int argmax(float[] x, int at, int n) {
        // Two vectors side by side, and no call of the API's max, which costs five instructions for zeros and for what
        // is no number.
        FloatVector even = broadcast(F, Float.NEGATIVE_INFINITY);
        FloatVector odd = even;
        int whole = n / L * L;
        for (int j = 0; j < whole; j += 2 * L) {
            FloatVector a = fromArray(F, x, at + j);
            FloatVector b = fromArray(F, x, at + Math.min(j + L, whole - L));
            even = even.blend(a, a.compare(VectorOperators.GT, even));
            odd = odd.blend(b, b.compare(VectorOperators.GT, odd));
        }
        float top = even.max(odd).reduceLanes(VectorOperators.MAX); // The same in any order.
        for (int j = whole; j < n; j++) {
            top = Math.max(top, x[at + j]);
        }
        for (int j = 0; j < whole; j += L) {
            long equal =
                    fromArray(F, x, at + j).compare(VectorOperators.EQ, top).toLong();
            if (equal != 0) {
                return j + Long.numberOfTrailingZeros(equal);
            }
        }
        for (int j = whole; j < n; j++) {
            if (x[at + j] == top) {
                return j;
            }
        }
        return 0; // Not a number.
    }

    @Override
    public double expBelow(float[] x, int at, int n, int top, boolean exact) {
        return exact ? VectorFunctions.expBelow(x, at, n, top) : VectorFunctions.expBelowSingle(x, at, n, top);
    }

    @Override
    public void adamW(
            AdamWUpdate u, float[] values, float[] gradients, float[] mean, float[] square, int from, int to) {
        for (int i = from; i < to; i += L) {
            FloatVector g = atLeast(fromArray(F, gradients, i), u.tiny());
            FloatVector m = fromArray(F, mean, i);
            m = atLeast(g.sub(m).fma(broadcast(F, u.rate1()), m), u.tinyMean());
            FloatVector v = fromArray(F, square, i).mul(u.beta2());
            v = atLeast(g.mul(g).fma(broadcast(F, u.rate2()), v), AdamWUpdate.TINY_SQUARE);
            FloatVector below = v.sqrt().fma(broadcast(F, u.scale()), broadcast(F, u.eps()));
            FloatVector w = fromArray(F, values, i).mul(u.keep());
            w = atLeast(m.div(below).fma(broadcast(F, u.step()), w), AdamWUpdate.TINY_VALUE);
            m.intoArray(mean, i);
            v.intoArray(square, i);
            w.intoArray(values, i);
        }
    }

    /** What is smaller than the limit becomes zero; what is no number stays. */
    private static FloatVector atLeast(FloatVector v, float limit) {
        return v.blend(0f, v.abs().compare(VectorOperators.LT, limit));
    }
}
