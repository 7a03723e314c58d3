package hooke.fused.context;

import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.RootMeanSquare;

/** One norm of the residual stream, over rows; backward it normalises them again, which costs less than keeping them. */
final class ContextNorm {
    private final double eps;
    private final boolean centred;
    private final int width;
    private final Kernels kernels;
    private final RootMeanSquare rootMeanSquare;
    private final ContextWeights weights;
    private final int gain;
    private final int bias;
    private final float[] noBias;

    /**
     * @param centred whether the mean is taken off, as LayerNorm does and RMSNorm does not
     * @param name as in {@code blocks.0.ln1}
     */
    ContextNorm(ContextParts parts, double eps, boolean centred, String name, float[] zeros) {
        this.eps = eps;
        this.centred = centred;
        this.width = parts.config().dModel();
        this.kernels = parts.kernels();
        this.rootMeanSquare = RootMeanSquare.of(parts.kernel());
        this.weights = parts.weights();
        this.gain = weights.place(name + ".w").offset();
        this.bias = weights.has(name + ".b") ? weights.place(name + ".b").offset() : -1;
        this.noBias = zeros;
    }

    /** Where the gradients of gain and bias go, one behind the other. */
    TileSums sums(int tiles) {
        return new TileSums(tiles, 2 * TileSums.wide(width));
    }

    /** Adds what {@link #backward} left to the gradients. */
    void add(TileSums sums) {
        int wide = TileSums.wide(width);
        sums.addTo(weights.gradients(), gain, 0, wide, kernels);
        if (bias >= 0) {
            sums.addTo(weights.gradients(), bias, wide, wide, kernels);
        }
        sums.clear();
    }

    private float row(float[] x, int xAt, float[] hat, float[] y, int yAt) {
        float[] values = weights.values();
        return centred
                ? kernels.norm(
                        x, xAt, width, eps, values, gain, bias < 0 ? noBias : values, Math.max(bias, 0), hat, 0, y, yAt)
                : rootMeanSquare.norm(x, xAt, width, eps, values, gain, hat, 0, y, yAt);
    }

    /** Rows x normalised into y. */
    void forward(float[] x, int xAt, int xStride, float[] y, int yAt, int yStride, int rows, float[] hat) {
        for (int r = 0; r < rows; r++) {
            row(x, xAt + r * xStride, hat, y, yAt + r * yStride);
        }
    }

    /** Rows x normalised into y once more, and {@code dx += } what {@code dy} makes of it; the gradients of gain and bias go to a tile's sums. */
    void backward(
            float[] x,
            int xAt,
            int xStride,
            float[] y,
            int yAt,
            int yStride,
            float[] dy,
            int dyAt,
            int dyStride,
            float[] dx,
            int dxAt,
            int dxStride,
            int rows,
            float[] hat,
            TileSums sums,
            int tile) {
        for (int r = 0; r < rows; r++) {
            float scale = row(x, xAt + r * xStride, hat, y, yAt + r * yStride);
            int gains = sums.at(tile);
            int to = dxAt + r * dxStride;
            int from = dyAt + r * dyStride;
            float[] values = weights.values();
            if (centred) {
                int biases = gains + TileSums.wide(width);
                kernels.normBackward(
                        dx, to, dy, from, width, scale, values, gain, hat, 0, sums.values(), gains, biases);
            } else {
                rootMeanSquare.backward(dx, to, dy, from, width, scale, values, gain, hat, 0, sums.values(), gains);
            }
        }
    }
}
