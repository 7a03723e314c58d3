package hooke.fused.context;

import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Mat;
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

    private float row(Mat from, Mat to, int r, float[] hat) {
        float[] x = from.array();
        float[] y = to.array();
        int xAt = from.row(r);
        int yAt = to.row(r);
        float[] values = weights.values();
        return centred
                ? kernels.norm(
                        x, xAt, width, eps, values, gain, bias < 0 ? noBias : values, Math.max(bias, 0), hat, 0, y, yAt)
                : rootMeanSquare.norm(x, xAt, width, eps, values, gain, hat, 0, y, yAt);
    }

    /** Rows x normalised into y. */
    void forward(Mat x, Mat y, int rows, float[] hat) {
        for (int r = 0; r < rows; r++) {
            row(x, y, r, hat);
        }
    }

    /** Rows x normalised into y once more, and {@code dx += } what {@code dy} makes of it; the gradients of gain and bias go to a tile's sums. */
    void backward(Mat x, Mat y, Mat dy, Mat dx, int rows, float[] hat, TileSums sums, int tile) {
        float[] values = weights.values();
        float[] from = dy.array();
        float[] to = dx.array();
        int gains = sums.at(tile);
        int biases = gains + TileSums.wide(width);
        for (int r = 0; r < rows; r++) {
            float scale = row(x, y, r, hat);
            int at = dx.row(r);
            int dyAt = dy.row(r);
            if (centred) {
                kernels.normBackward(
                        to, at, from, dyAt, width, scale, values, gain, hat, 0, sums.values(), gains, biases);
            } else {
                rootMeanSquare.backward(to, at, from, dyAt, width, scale, values, gain, hat, 0, sums.values(), gains);
            }
        }
    }
}
