package hooke.fused.decode;

import hooke.config.ModelConfig;
import hooke.config.Norm;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Mat;
import hooke.fused.kernels.RootMeanSquare;
import org.jspecify.annotations.Nullable;

/** The norms of a model, over one row at a time. */
record RowNorms(Norm norm, int width, Kernels kernels, RootMeanSquare rootMeanSquare) {
    RowNorms(ModelConfig model, Kernel kernel) {
        this(model.norm(), model.dModel(), kernel.kernels(), RootMeanSquare.of(kernel));
    }

    /** One row of x, normalised into the same row of y, which may be x. */
    void forward(DecoderWeights.@Nullable Norm affine, Mat x, Mat y, int row) {
        if (affine == null) {
            throw new IllegalStateException("a model without norms has none to apply");
        }
        float[] hat = new float[PackedMatrix.wide(width)];
        switch (norm) {
            case Norm.None() -> throw new IllegalStateException("a model without norms has none to apply");
            case Norm.LayerNorm(double eps, var _, var _) ->
                kernels.norm(
                        x.array(),
                        x.row(row),
                        width,
                        eps,
                        affine.gain(),
                        0,
                        affine.bias(),
                        0,
                        hat,
                        0,
                        y.array(),
                        y.row(row));
            case Norm.RmsNorm(double eps, var _) ->
                rootMeanSquare.norm(x.array(), x.row(row), width, eps, affine.gain(), 0, hat, 0, y.array(), y.row(row));
        }
    }
}
