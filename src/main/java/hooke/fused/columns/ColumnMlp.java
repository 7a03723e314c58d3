package hooke.fused.columns;

import hooke.config.ModelConfig.Activation;
import hooke.fused.kernels.Kernels;

/** The MLP of one layer on {@link Columns}: {@code act(W_in' x + b_in)}, mapped back by W_out. */
final class ColumnMlp {
    private final Kernels kernels;
    private final ColumnLinear in;
    private final ColumnLinear out;
    private final Activation activation;
    private final Columns neurons;
    private final float[] slope;
    private final float[] zeros;

    ColumnMlp(ColumnParts parts, int layer, int columns) {
        String mlp = "blocks." + layer + ".mlp.";
        this.kernels = parts.parts().kernels();
        this.in = ColumnLinear.of(parts, mlp + "W_in", 0).with(mlp + "b_in", 0);
        this.out = ColumnLinear.of(parts, mlp + "W_out", 0).with(mlp + "b_out", 0);
        this.activation = parts.parts().config().actFn();
        this.neurons = Columns.of(parts.parts().config().dMlp(), columns);
        this.slope = new float[activation == Activation.GELU ? neurons.values().length : 0];
        this.zeros = new float[columns];
    }

    /** Adds to y. */
    void forward(Columns x, Columns y) {
        int n = neurons.stride();
        float[] values = neurons.values();
        in.forward(x, 0, 0, neurons, 0, 0, n, false);
        switch (activation) {
            case GELU_NEW, SILU -> throw new IllegalStateException("not an activation of this engine: " + activation);
            case RELU -> kernels.relu(values, 0, n, neurons.features(), zeros, 0, n);
            case GELU -> kernels.gelu(values, 0, n, slope, 0, n, neurons.features(), zeros, 0, n);
        }
        out.forward(neurons, 0, 0, y, 0, 0, n, true);
    }

    /** Adds to the gradients of x and of the weights. */
    void backward(Columns x, Columns y) {
        int n = neurons.stride();
        float[] gradients = neurons.gradients();
        neurons.clearGradients();
        out.backward(neurons, 0, 0, y, 0, 0, n);
        switch (activation) {
            case GELU_NEW, SILU -> throw new IllegalStateException("not an activation of this engine: " + activation);
            case RELU -> kernels.reluSlope(gradients, 0, n, neurons.values(), 0, n, neurons.features(), n);
            case GELU -> kernels.timesRows(gradients, 0, n, slope, 0, n, neurons.features(), n);
        }
        in.backward(x, 0, 0, neurons, 0, 0, n);
    }
}
