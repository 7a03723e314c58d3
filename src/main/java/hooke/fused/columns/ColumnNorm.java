package hooke.fused.columns;

import hooke.config.Norm;
import hooke.fused.kernels.ColumnKernels;
import hooke.fused.pass.Affine;
import hooke.fused.pass.Parts;
import org.jspecify.annotations.Nullable;

/** LayerNorm of columns, keeping what its backward pass needs. */
final class ColumnNorm {
    private final Parts parts;
    private final double eps;
    private final Affine affine;
    private final float[] hat;
    private final float[] scale;

    /** The norm of that name, or null in a model without. */
    static @Nullable ColumnNorm of(Parts parts, String name, int columns) {
        return switch (parts.config().norm()) {
            case Norm.None() -> null;
            case Norm.RmsNorm _ -> throw new IllegalStateException("the fused engine has no RMSNorm");
            case Norm.LayerNorm layerNorm -> new ColumnNorm(parts, name, layerNorm.eps(), columns);
        };
    }

    private ColumnNorm(Parts parts, String name, double eps, int columns) {
        this.parts = parts;
        this.eps = eps;
        this.affine = Affine.of(parts, name);
        this.hat = new float[parts.config().dModel() * columns];
        this.scale = new float[columns];
    }

    /** y may be x. */
    void forward(Columns x, Columns y) {
        ColumnKernels.norm(
                x.values(),
                y.values(),
                x.stride(),
                x.features(),
                eps,
                affine.gains(),
                affine.gain(),
                affine.biases(),
                affine.bias(),
                hat,
                scale);
    }

    /** Adds to the gradient of x what follows from that of y. */
    void backward(Columns x, Columns y) {
        backward(x.gradients(), y, true);
    }

    /** The gradient of y becomes that of x, whose place y took. */
    void backward(Columns xy) {
        backward(xy.gradients(), xy, false);
    }

    private void backward(float[] dx, Columns y, boolean add) {
        float[] dy = y.gradients();
        int stride = y.stride();
        if (affine.gainTrains()) {
            ColumnKernels.addDots(parts.gradients(), affine.gain(), dy, hat, stride, y.features());
        }
        if (affine.biasTrains()) {
            ColumnKernels.addSums(parts.gradients(), affine.bias(), dy, 0, stride, y.features(), stride);
        }
        ColumnKernels.normBackward(dx, dy, stride, y.features(), affine.gains(), affine.gain(), hat, scale, add);
    }
}
