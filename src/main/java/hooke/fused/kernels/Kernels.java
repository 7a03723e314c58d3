package hooke.fused.kernels;

/**
 * Everything between the matrix products, on rows that lie in plain arrays. A row is named by its
 * array and the place of its first value; widths are whole multiples of {@link FlatWeights#LANES}, so that no kernel has a rest to care
 * for. Sums are always taken in the same order, compiled or interpreted.
 */
public interface Kernels {
    /** {@code y += x}. */
    void add(float[] y, int yAt, float[] x, int xAt, int width);

    /** {@code y_r += b} for each of the rows. */
    void addToRows(float[] y, int yAt, int yStride, int rows, float[] b, int bAt, int width);

    /** {@code sum += (y_1 + y_2 + ..)}: the rows are summed first, so that a long sum of small parts stays exact. */
    void addRows(float[] sum, int sumAt, float[] y, int yAt, int yStride, int rows, int width);

    /** The mixture {@code y = start + sum_i p_i t_i}: count rows, each with its place and its share; start may be y. */
    void mix(
            float[] start,
            int startAt,
            float[] y,
            int yAt,
            int width,
            float[] t,
            int[] places,
            float[] p,
            int pAt,
            int count);

    /** The mixture's other direction, {@code t_i += p_i y}. */
    void spread(float[] t, int[] places, float[] p, int pAt, int count, float[] y, int yAt, int width);

    /** {@code out_i = y . t_i}. */
    void dots(float[] out, int outAt, float[] y, int yAt, int width, float[] t, int[] places, int count);

    /** {@code x = e^x}, to single precision; 0 below 2^-100. */
    void exp(float[] x, int at, int width);

    /** {@code x = max(x + b, 0)} for each of the rows. */
    void relu(float[] x, int at, int stride, int rows, float[] b, int bAt, int width);

    /** {@code d = 0} where {@code x} is not positive. */
    void reluSlope(float[] d, int dAt, int dStride, float[] x, int xAt, int xStride, int rows, int width);

    /**
     * {@code x = u Phi(u)} with {@code u = x + b} and the normal distribution's Phi; {@code slope = Phi(u) + u phi(u)}, its derivative.
     */
    void gelu(
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

    /** {@code d *= s} for each of the rows. */
    void timesRows(float[] d, int dAt, int dStride, float[] s, int sAt, int sStride, int rows, int width);

    /** LayerNorm of one row of n values: {@code hat = (x - mean) / deviation}, {@code y = hat gain + bias}; returns 1 / deviation. */
    float norm(
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
            int yAt);

    /**
     * Backward of {@link #norm}: {@code dx += (dh - mean(dh) - hat mean(dh hat)) / deviation} with {@code dh = dy gain}; adds to the
     * gradients of gain and bias.
     */
    void normBackward(
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
            int biasGradientAt);

    /** The place of the largest of n values, the first if there are several. */
    int argmax(float[] x, int at, int n);

    /**
     * {@code x_j = e^(x_j - x_top)}, and the sum of all but the top's own 1. What is too small to matter (below 2^-100), and what fills
     * up the row, becomes 0.
     *
     * @param exact whether exponentials and sum are taken in double precision; otherwise both are right to single precision, however
     *     small the sum
     */
    double expBelow(float[] x, int at, int n, int top, boolean exact);

    /** {@code x *= factor}. */
    void scale(float[] x, int at, float factor, int width);

    /** AdamW, see {@link AdamWUpdate}. */
    void adamW(AdamWUpdate u, float[] values, float[] gradients, float[] mean, float[] square, int from, int to);
}
