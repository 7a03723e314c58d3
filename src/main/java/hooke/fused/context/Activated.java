package hooke.fused.context;

import hooke.config.ModelConfig;
import hooke.fused.kernels.GatedUnits;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Kernels;
import java.util.Arrays;

/** What the neurons of a tile apply, and its slope, which the backward pass multiplies by. */
public final class Activated {
    private final ModelConfig.Activation kind;
    private final Kernels kernels;
    private final GatedUnits gated;

    public Activated(ModelConfig.Activation kind, Kernel kernel) {
        this.kind = kind;
        this.kernels = kernel.kernels();
        this.gated = GatedUnits.of(kernel);
    }

    /** {@code x = f(u)} with {@code u = x + b}, and {@code slope = f'(u)}, for rows of one stride. */
    public void apply(
            float[] x, int at, float[] slope, int slopeAt, int stride, int rows, float[] b, int bAt, int width) {
        switch (kind) {
            case RELU -> {
                kernels.relu(x, at, stride, rows, b, bAt, width);
                Arrays.fill(slope, slopeAt, slopeAt + rows * stride, 1);
                kernels.reluSlope(slope, slopeAt, stride, x, at, stride, rows, width);
            }
            case GELU -> kernels.gelu(x, at, stride, slope, slopeAt, stride, rows, b, bAt, width);
            case GELU_NEW ->
                gated.apply(GatedUnits.Shape.GELU_NEW, x, at, stride, slope, slopeAt, stride, rows, b, bAt, width);
            case SILU -> gated.apply(GatedUnits.Shape.SILU, x, at, stride, slope, slopeAt, stride, rows, b, bAt, width);
        }
    }
}
