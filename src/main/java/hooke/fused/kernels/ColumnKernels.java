package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import hooke.fused.columns.Columns;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Everything between the products on {@link Columns}: each lane of a vector is an example of its own, so that nothing is summed over
 * lanes but gradients of weights. A row is one feature of some examples; widths are whole vectors.
 */
public final class ColumnKernels {
    private ColumnKernels() {}

    /** {@code out = sum_f a_f b_f}, column by column. */
    public static void dots(
            float[] out,
            int outAt,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            int features,
            int width) {
        for (int e = 0; e < width; e += L) {
            FloatVector s = FloatVector.zero(F);
            for (int f = 0; f < features; f++) {
                s = fromArray(F, a, aAt + f * aStride + e).fma(fromArray(F, b, bAt + f * bStride + e), s);
            }
            s.intoArray(out, outAt + e);
        }
    }

    /** {@code y_f += p x_f}, column by column. */
    public static void addScaled(
            float[] y,
            int yAt,
            int yStride,
            float[] p,
            int pAt,
            float[] x,
            int xAt,
            int xStride,
            int features,
            int width) {
        for (int e = 0; e < width; e += L) {
            FloatVector share = fromArray(F, p, pAt + e);
            for (int f = 0; f < features; f++) {
                int at = yAt + f * yStride + e;
                share.fma(fromArray(F, x, xAt + f * xStride + e), fromArray(F, y, at))
                        .intoArray(y, at);
            }
        }
    }

    /** {@code y += b} in one row. */
    public static void addNumber(float[] y, int at, float b, int width) {
        for (int e = 0; e < width; e += L) {
            fromArray(F, y, at + e).add(b).intoArray(y, at + e);
        }
    }

    /** {@code sums_f += y_f}, summed over the columns. */
    public static void addSums(float[] sums, int to, float[] y, int yAt, int yStride, int features, int width) {
        for (int f = 0; f < features; f++) {
            sums[to + f] += sum(y, yAt + f * yStride, width);
        }
    }

    private static float sum(float[] y, int at, int width) {
        FloatVector s = FloatVector.zero(F);
        for (int e = 0; e < width; e += L) {
            s = s.add(fromArray(F, y, at + e));
        }
        return Lanes.sum(s);
    }

    /**
     * Rows of scores become shares, {@code e^((s - max) scale)} over their sum. What is below 2^-80 becomes 0: it changes no sum, and
     * its products would be subnormal.
     */
    public static void softmax(float[] s, int at, int rows, int width, float scale) {
        for (int e = at; e < at + width; e += L) {
            FloatVector top = fromArray(F, s, e);
            for (int i = 1; i < rows; i++) {
                top = top.max(fromArray(F, s, e + i * width));
            }
            FloatVector sum = FloatVector.zero(F);
            for (int i = 0; i < rows; i++) {
                FloatVector power = VectorFunctions.exp(
                        fromArray(F, s, e + i * width).sub(top).mul(scale));
                power.intoArray(s, e + i * width);
                sum = sum.add(power);
            }
            for (int i = 0; i < rows; i++) {
                FloatVector share = fromArray(F, s, e + i * width).div(sum);
                share.blend(0f, share.compare(VectorOperators.LT, 0x1p-80f)).intoArray(s, e + i * width);
            }
        }
    }

    /** Gradients of shares become those of scores, {@code p (d - sum p d) scale}; what would be subnormal becomes 0. */
    public static void softmaxBackward(float[] d, int at, float[] p, int pAt, int rows, int width, float scale) {
        for (int e = 0; e < width; e += L) {
            FloatVector sum = FloatVector.zero(F);
            for (int i = 0; i < rows; i++) {
                int row = i * width + e;
                sum = fromArray(F, p, pAt + row).fma(fromArray(F, d, at + row), sum);
            }
            for (int i = 0; i < rows; i++) {
                int row = i * width + e;
                FloatVector ds = fromArray(F, p, pAt + row)
                        .mul(fromArray(F, d, at + row).sub(sum))
                        .mul(scale);
                ds.blend(0f, ds.abs().compare(VectorOperators.LT, (float) Functions.TINY))
                        .intoArray(d, at + row);
            }
        }
    }

    /** {@code dots_f += x_f . y_f}, summed over the columns. */
    public static void addDots(float[] dots, int to, float[] x, float[] y, int stride, int features) {
        for (int f = 0; f < features; f++) {
            dots[to + f] += dot(x, f * stride, y, f * stride, stride);
        }
    }

    /** {@code x . y}. */
    static float dot(float[] x, int xAt, float[] y, int yAt, int width) {
        FloatVector s = FloatVector.zero(F);
        for (int e = 0; e < width; e += L) {
            s = fromArray(F, x, xAt + e).fma(fromArray(F, y, yAt + e), s);
        }
        return Lanes.sum(s);
    }

    /** See {@link Kernels#norm}, for every column; keeps hat and 1 / deviation. */
    public static void norm(
            float[] x,
            float[] y,
            int stride,
            int features,
            double eps,
            float[] gains,
            int gain,
            float[] biases,
            int bias,
            float[] hat,
            float[] scale) {
        for (int e = 0; e < stride; e += L) {
            FloatVector sum = FloatVector.zero(F);
            for (int f = 0; f < features; f++) {
                sum = sum.add(fromArray(F, x, f * stride + e));
            }
            FloatVector mean = sum.div(features);
            FloatVector squares = FloatVector.zero(F);
            for (int f = 0; f < features; f++) {
                FloatVector c = fromArray(F, x, f * stride + e).sub(mean);
                c.intoArray(hat, f * stride + e);
                squares = c.fma(c, squares);
            }
            FloatVector inverse =
                    broadcast(F, 1f).div(squares.div(features).add((float) eps).sqrt());
            inverse.intoArray(scale, e);
            for (int f = 0; f < features; f++) {
                FloatVector h = fromArray(F, hat, f * stride + e).mul(inverse);
                h.intoArray(hat, f * stride + e);
                h.fma(broadcast(F, gains[gain + f]), broadcast(F, biases[bias + f]))
                        .intoArray(y, f * stride + e);
            }
        }
    }

    /** See {@link Kernels#normBackward}, for every column, less the gradients of gain and bias; {@code dx = ..} where it is not to add. */
    public static void normBackward(
            float[] dx,
            float[] dy,
            int stride,
            int features,
            float[] gains,
            int gain,
            float[] hat,
            float[] scale,
            boolean add) {
        for (int e = 0; e < stride; e += L) {
            FloatVector sum = FloatVector.zero(F);
            FloatVector along = FloatVector.zero(F);
            for (int f = 0; f < features; f++) {
                FloatVector dh = fromArray(F, dy, f * stride + e).mul(gains[gain + f]);
                sum = sum.add(dh);
                along = dh.fma(fromArray(F, hat, f * stride + e), along);
            }
            FloatVector mean = sum.div(features);
            FloatVector meanAlong = along.div(-features);
            FloatVector factor = fromArray(F, scale, e);
            for (int f = 0; f < features; f++) {
                int at = f * stride + e;
                FloatVector dh = fromArray(F, dy, at).mul(gains[gain + f]).sub(mean);
                FloatVector d = fromArray(F, hat, at).fma(meanAlong, dh).mul(factor);
                (add ? d.add(fromArray(F, dx, at)) : d).intoArray(dx, at);
            }
        }
    }

    /** The largest of each column's numbers, and the first row that has it. */
    public static void largest(float[] x, int at, int stride, int rows, float[] top, float[] row, int to) {
        FloatVector most = fromArray(F, x, at);
        FloatVector by = FloatVector.zero(F);
        for (int j = 1; j < rows; j++) {
            FloatVector v = fromArray(F, x, at + j * stride);
            var more = v.compare(VectorOperators.GT, most);
            most = most.blend(v, more);
            by = by.blend(j, more);
        }
        most.intoArray(top, to);
        by.intoArray(row, to);
    }

    /** {@code x_j = e^(x_j - top)}, and their sum. */
    public static void expBelow(float[] x, int at, int stride, int rows, float[] top, float[] below, int to) {
        FloatVector highest = fromArray(F, top, to);
        FloatVector sum = FloatVector.zero(F);
        for (int j = 0; j < rows; j++) {
            FloatVector e = VectorFunctions.exp(fromArray(F, x, at + j * stride).sub(highest));
            e.intoArray(x, at + j * stride);
            sum = sum.add(e);
        }
        sum.intoArray(below, to);
    }

    /** {@code x_j *= factor}, column by column, of one vector of columns. */
    public static void scale(float[] x, int at, int stride, int rows, float[] factor, int from) {
        FloatVector by = fromArray(F, factor, from);
        for (int j = 0; j < rows; j++) {
            fromArray(F, x, at + j * stride).mul(by).intoArray(x, at + j * stride);
        }
    }
}
