package hooke.fused.rows;

import hooke.config.ModelConfig.Activation;
import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Mat;
import hooke.fused.pass.FlatLinear;
import hooke.fused.pass.Parts;
import java.util.Arrays;

/**
 * The MLP of one layer, {@code act(x W_in + b_in) W_out + b_out}, on rows after attention: the neurons of a tile of rows stay in the
 * cache between the two products.
 */
final class RowMlp {
    private final FlatLinear in;
    private final FlatLinear out;
    private final Activation activation;
    private final Mat neurons;
    /** The activation's derivative; a ReLU's is seen from the neurons. */
    private final Mat slope;

    private final Mat dNeurons;

    /** @param window rows that are kept for the backward pass */
    RowMlp(Parts parts, int layer, int window, int tile) {
        String mlp = "blocks." + layer + ".mlp.";
        this.in = FlatLinear.of(parts, mlp + "W_in", mlp + "b_in");
        this.out = FlatLinear.of(parts, mlp + "W_out", mlp + "b_out");
        this.activation = parts.config().actFn();
        int width = parts.mlpWidth();
        this.neurons = Mat.zeros(window, width);
        this.slope = Mat.zeros(activation == Activation.GELU ? window : 0, width);
        this.dNeurons = Mat.zeros(tile, width);
    }

    /** Adds to the rows of y what the MLP makes of the rows of x, [from, to) of the window. */
    void forward(Mat x, Mat y, int from, int to) {
        int rows = to - from;
        Mat made = neurons.from(from);
        in.multiply(x.from(from), rows, made, false);
        activate(in, activation, made, slope.from(from), rows);
        out.forward(made, rows, y.from(from), true);
    }

    /** Adds to dx what follows from dy, and to the gradients of the weights. */
    void backward(Mat x, Mat dx, Mat dy, int from, int to) {
        int rows = to - from;
        Mat made = neurons.from(from);
        Arrays.fill(dNeurons.array(), 0, dNeurons.row(rows), 0);
        out.multiplyTransposed(dy.from(from), rows, dNeurons, false);
        out.addGradients(made, rows, dy.from(from));
        activateBackward(in, activation, dNeurons, made, slope.from(from), rows);
        in.backward(x.from(from), dx.from(from), rows, dNeurons);
    }

    /** Adds the bias of the map that made them to rows of neurons, and applies the activation, where they lie. */
    static void activate(FlatLinear in, Activation activation, Mat neurons, Mat slope, int rows) {
        Parts parts = in.parts();
        Kernels kernels = parts.kernels();
        int width = parts.mlpWidth();
        float[] bias = in.hasBias() ? parts.values() : parts.zeros();
        int biasAt = in.hasBias() ? in.bias() : 0;
        float[] x = neurons.array();
        int at = neurons.offset();
        int stride = neurons.stride();
        switch (activation) {
            case GELU_NEW, SILU -> throw new IllegalStateException("not an activation of this engine: " + activation);
            case RELU -> kernels.relu(x, at, stride, rows, bias, biasAt, width);
            case GELU ->
                kernels.gelu(x, at, stride, slope.array(), slope.offset(), slope.stride(), rows, bias, biasAt, width);
        }
    }

    static void activateBackward(FlatLinear in, Activation activation, Mat dNeurons, Mat neurons, Mat slope, int rows) {
        Kernels kernels = in.parts().kernels();
        int width = in.parts().mlpWidth();
        Mat by = activation == Activation.RELU ? neurons : slope;
        float[] d = dNeurons.array();
        switch (activation) {
            case GELU_NEW, SILU -> throw new IllegalStateException("not an activation of this engine: " + activation);
            case RELU ->
                kernels.reluSlope(
                        d, dNeurons.offset(), dNeurons.stride(), by.array(), by.offset(), by.stride(), rows, width);
            case GELU ->
                kernels.timesRows(
                        d, dNeurons.offset(), dNeurons.stride(), by.array(), by.offset(), by.stride(), rows, width);
        }
    }
}
