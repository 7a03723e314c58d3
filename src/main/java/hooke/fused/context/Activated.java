package hooke.fused.context;

import hooke.config.ModelConfig;
import hooke.fused.kernels.GatedUnits;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Kernels;
import java.util.Arrays;

/** What the neurons of a tile apply, and its slope, which the backward pass multiplies by. */
public final class Activated {
    private final Kernels kernels;
    private final Function function;

    private interface Function {
        void apply(float[] x, int at, float[] slope, int slopeAt, int stride, int rows, float[] b, int bAt, int width);
    }

    public Activated(ModelConfig.Activation kind, Kernel kernel) {
        this.kernels = kernel.kernels();
        this.function = switch (kind) {
            case RELU -> this::relu;
            case GELU ->
                (x, at, slope, slopeAt, stride, rows, b, bAt, width) ->
                        kernels.gelu(x, at, stride, slope, slopeAt, stride, rows, b, bAt, width);
            case GELU_NEW -> gated(GatedUnits.of(kernel), GatedUnits.Shape.GELU_NEW);
            case SILU -> gated(GatedUnits.of(kernel), GatedUnits.Shape.SILU);
        };
    }

    private static Function gated(GatedUnits units, GatedUnits.Shape shape) {
        return (x, at, slope, slopeAt, stride, rows, b, bAt, width) ->
                units.apply(shape, x, at, stride, slope, slopeAt, stride, rows, b, bAt, width);
    }

    private void relu(
            float[] x, int at, float[] slope, int slopeAt, int stride, int rows, float[] b, int bAt, int width) {
        kernels.relu(x, at, stride, rows, b, bAt, width);
        Arrays.fill(slope, slopeAt, slopeAt + rows * stride, 1);
        kernels.reluSlope(slope, slopeAt, stride, x, at, stride, rows, width);
    }

    /** {@code x = f(u)} with {@code u = x + b}, and {@code slope = f'(u)}, for rows of one stride. */
    public void apply(
            float[] x, int at, float[] slope, int slopeAt, int stride, int rows, float[] b, int bAt, int width) {
        function.apply(x, at, slope, slopeAt, stride, rows, b, bAt, width);
    }
}
