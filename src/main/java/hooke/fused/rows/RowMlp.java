package hooke.fused.rows;

import hooke.config.ModelConfig.Activation;
import hooke.fused.pass.FlatLinear;
import hooke.fused.pass.Parts;
import java.util.Arrays;

/**
 * The MLP of one layer, {@code act(x W_in + b_in) W_out + b_out}, on rows after attention: the neurons of a tile of rows stay in the
 * cache between the two products.
 */
final class RowMlp {
    private final Parts parts;
    private final FlatLinear in;
    private final FlatLinear out;
    private final Activation activation;
    private final float[] neurons;
    /** The activation's derivative; a ReLU's is seen from the neurons. */
    private final float[] slope;

    private final float[] dNeurons;

    /** @param window rows that are kept for the backward pass */
    RowMlp(Parts parts, int layer, int window, int tile) {
        this.parts = parts;
        String mlp = "blocks." + layer + ".mlp.";
        this.in = FlatLinear.of(parts.weights(), mlp + "W_in", mlp + "b_in");
        this.out = FlatLinear.of(parts.weights(), mlp + "W_out", mlp + "b_out");
        this.activation = parts.config().actFn();
        int width = parts.mlpWidth();
        this.neurons = new float[window * width];
        this.slope = new float[activation == Activation.GELU ? window * width : 0];
        this.dNeurons = new float[tile * width];
    }

    /** Adds to the rows of y what the MLP makes of the rows of x, [from, to) of the window. */
    void forward(float[] x, float[] y, int from, int to) {
        int width = parts.mlpWidth();
        int at = from * width;
        int rows = to - from;
        int xAt = from * parts.width();
        parts.products()
                .product(
                        rows,
                        in.columns(),
                        in.rows(),
                        x,
                        xAt,
                        parts.width(),
                        parts.values(),
                        in.at(),
                        in.stride(),
                        neurons,
                        at,
                        width,
                        false);
        activate(parts, activation, neurons, at, width, slope, at, rows, in);
        parts.linear(out, neurons, at, width, rows, y, xAt, parts.width(), true);
    }

    /** Adds to dx what follows from dy, and to the gradients of the weights. */
    void backward(float[] x, float[] dx, float[] dy, int from, int to) {
        int width = parts.mlpWidth();
        int at = from * width;
        int rows = to - from;
        int xAt = from * parts.width();
        Arrays.fill(dNeurons, 0, rows * width, 0);
        parts.products()
                .productByTransposed(
                        rows,
                        out.rows(),
                        out.columns(),
                        dy,
                        xAt,
                        parts.width(),
                        parts.values(),
                        out.at(),
                        out.stride(),
                        dNeurons,
                        0,
                        width,
                        false);
        parts.linearGradient(out, neurons, at, width, rows, dy, xAt, parts.width());
        activateBackward(parts, activation, dNeurons, 0, width, neurons, at, width, slope, at, rows, width);
        parts.linearGradient(in, x, xAt, parts.width(), rows, dNeurons, 0, width);
        parts.products()
                .productByTransposed(
                        rows,
                        in.rows(),
                        in.columns(),
                        dNeurons,
                        0,
                        width,
                        parts.values(),
                        in.at(),
                        in.stride(),
                        dx,
                        xAt,
                        parts.width(),
                        true);
    }

    /** Applies bias and activation to rows of neurons where they lie. */
    static void activate(
            Parts parts,
            Activation activation,
            float[] neurons,
            int at,
            int stride,
            float[] slope,
            int slopeAt,
            int rows,
            FlatLinear in) {
        int width = parts.mlpWidth();
        float[] bias = in.hasBias() ? parts.values() : parts.zeros();
        int biasAt = in.hasBias() ? in.bias() : 0;
        switch (activation) {
            case GELU_NEW, SILU -> throw new IllegalStateException("not an activation of this engine: " + activation);
            case RELU -> parts.kernels().relu(neurons, at, stride, rows, bias, biasAt, width);
            case GELU -> parts.kernels().gelu(neurons, at, stride, slope, slopeAt, width, rows, bias, biasAt, width);
        }
    }

    static void activateBackward(
            Parts parts,
            Activation activation,
            float[] dNeurons,
            int dAt,
            int dStride,
            float[] neurons,
            int at,
            int stride,
            float[] slope,
            int slopeAt,
            int rows,
            int width) {
        switch (activation) {
            case GELU_NEW, SILU -> throw new IllegalStateException("not an activation of this engine: " + activation);
            case RELU -> parts.kernels().reluSlope(dNeurons, dAt, dStride, neurons, at, stride, rows, width);
            case GELU -> parts.kernels().timesRows(dNeurons, dAt, dStride, slope, slopeAt, width, rows, width);
        }
    }
}
