package hooke.fused.rows;

import hooke.config.Norm;
import hooke.fused.kernels.Mat;
import hooke.fused.pass.Affine;
import hooke.fused.pass.Parts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** LayerNorm of rows, keeping what its backward pass needs. */
final class RowNorm {
    private final Parts parts;
    private final double eps;
    private final Affine affine;
    private final Mat hat;
    private final float[] scale;
    /** Gradients of gain and bias from the rows of one call: short sums first, for their precision. */
    private final float[] sums;

    /**
     * The norm of that name, or null in a model without.
     *
     * @param rows that are kept at a time
     */
    static @Nullable RowNorm of(Parts parts, String name, int rows) {
        return switch (parts.config().norm()) {
            case Norm.None() -> null;
            case Norm.RmsNorm _ -> throw new IllegalStateException("the fused engine has no RMSNorm");
            case Norm.LayerNorm layerNorm -> new RowNorm(parts, name, layerNorm.eps(), rows);
        };
    }

    private RowNorm(Parts parts, String name, double eps, int rows) {
        this.parts = parts;
        this.eps = eps;
        this.affine = Affine.of(parts, name);
        this.hat = Mat.zeros(rows, parts.width());
        this.scale = new float[rows];
        this.sums = new float[2 * parts.width()];
    }

    /** Normalises the rows at these places of both arrays. */
    void forward(Mat x, Mat y, int from, int to) {
        for (int row = from; row < to; row++) {
            scale[row] = parts.kernels()
                    .norm(
                            x.array(),
                            x.row(row),
                            parts.config().dModel(),
                            eps,
                            affine.gains(),
                            affine.gain(),
                            affine.biases(),
                            affine.bias(),
                            hat.array(),
                            hat.row(row),
                            y.array(),
                            y.row(row));
        }
    }

    /** Adds to dx. */
    void backward(Mat dx, Mat dy, int from, int to) {
        int width = parts.width();
        Arrays.fill(sums, 0);
        for (int row = from; row < to; row++) {
            parts.kernels()
                    .normBackward(
                            dx.array(),
                            dx.row(row),
                            dy.array(),
                            dy.row(row),
                            parts.config().dModel(),
                            scale[row],
                            affine.gains(),
                            affine.gain(),
                            hat.array(),
                            hat.row(row),
                            sums,
                            0,
                            width);
        }
        if (affine.gainTrains()) {
            parts.kernels().add(parts.gradients(), affine.gain(), sums, 0, width);
        }
        if (affine.biasTrains()) {
            parts.kernels().add(parts.gradients(), affine.bias(), sums, width, width);
        }
    }
}
