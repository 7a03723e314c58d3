package hooke.fused;

import java.util.Arrays;

/** LayerNorm of rows, keeping what its backward pass needs. */
final class RowNorm {
    private final Parts parts;
    private final double eps;
    private final int gain;
    private final int bias;
    private final boolean gainTrains;
    private final boolean biasTrains;
    private final float[] hat;
    private final float[] scale;
    /** Gradients of gain and bias from the rows of one call: short sums first, for their precision. */
    private final float[] sums;

    /** @param rows that are kept at a time */
    RowNorm(Parts parts, String name, double eps, int rows) {
        this.parts = parts;
        this.eps = eps;
        FlatWeights.Place w = parts.weights().place(name + ".w");
        FlatWeights.Place b = parts.weights().place(name + ".b");
        this.gain = w.offset();
        this.bias = b.offset();
        this.gainTrains = w.trains();
        this.biasTrains = b.trains();
        this.hat = new float[rows * parts.width()];
        this.scale = new float[rows];
        this.sums = new float[2 * parts.width()];
    }

    /** Normalises the rows at these places of both arrays. */
    void forward(float[] x, float[] y, int from, int to) {
        int width = parts.width();
        for (int row = from; row < to; row++) {
            int at = row * width;
            scale[row] = parts.kernels()
                    .norm(x, at, parts.config().dModel(), eps, parts.values(), gain, bias, hat, at, y, at);
        }
    }

    /** Adds to dx. */
    void backward(float[] dx, float[] dy, int from, int to) {
        int width = parts.width();
        Arrays.fill(sums, 0);
        for (int row = from; row < to; row++) {
            int at = row * width;
            parts.kernels()
                    .normBackward(
                            dx,
                            at,
                            dy,
                            at,
                            parts.config().dModel(),
                            scale[row],
                            parts.values(),
                            gain,
                            hat,
                            at,
                            sums,
                            0,
                            width);
        }
        if (gainTrains) {
            parts.kernels().add(parts.gradients(), gain, sums, 0, width);
        }
        if (biasTrains) {
            parts.kernels().add(parts.gradients(), bias, sums, width, width);
        }
    }
}
