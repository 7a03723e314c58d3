package hooke.fused;

/** LayerNorm of columns, keeping what its backward pass needs. */
final class ColumnNorm {
    private final Parts parts;
    private final double eps;
    private final int gain;
    private final int bias;
    private final boolean gainTrains;
    private final boolean biasTrains;
    private final float[] hat;
    private final float[] scale;

    ColumnNorm(Parts parts, String name, double eps, int columns) {
        this.parts = parts;
        this.eps = eps;
        FlatWeights.Place w = parts.weights().place(name + ".w");
        FlatWeights.Place b = parts.weights().place(name + ".b");
        this.gain = w.offset();
        this.bias = b.offset();
        this.gainTrains = w.trains();
        this.biasTrains = b.trains();
        this.hat = new float[parts.config().dModel() * columns];
        this.scale = new float[columns];
    }

    /** y may be x. */
    void forward(Columns x, Columns y) {
        ColumnKernels.norm(
                x.values(), y.values(), x.stride(), x.features(), eps, parts.values(), gain, bias, hat, scale);
    }

    /** Adds to the gradient of x what follows from that of y. */
    void backward(Columns x, Columns y) {
        backward(x.gradients(), y, true);
    }

    /** The same where y took the place of x. */
    void backward(Columns xy) {
        backward(xy.gradients(), xy, false);
    }

    private void backward(float[] dx, Columns y, boolean add) {
        float[] dy = y.gradients();
        int stride = y.stride();
        if (gainTrains) {
            ColumnKernels.addDots(parts.gradients(), gain, dy, hat, stride, y.features());
        }
        if (biasTrains) {
            ColumnKernels.addSums(parts.gradients(), bias, dy, 0, stride, y.features(), stride);
        }
        ColumnKernels.normBackward(dx, dy, stride, y.features(), parts.values(), gain, hat, scale, add);
    }
}
