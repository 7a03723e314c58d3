package hooke.fused.columns;

import hooke.fused.kernels.Mat;
import java.util.Arrays;

/**
 * A matrix [feature, column] and its gradient. The columns are position after position, and in each the examples side by side, so that a
 * vector holds the same number of many examples.
 *
 * @param stride from feature to feature: the number of columns
 */
public record Columns(int features, int stride, float[] values, float[] gradients) {
    static Columns of(int features, int stride) {
        return new Columns(features, stride, new float[features * stride], new float[features * stride]);
    }

    /** The values from this feature and column on. */
    Mat values(int feature, int column) {
        return new Mat(values, feature * stride + column, stride);
    }

    /** Their gradients. */
    Mat gradients(int feature, int column) {
        return new Mat(gradients, feature * stride + column, stride);
    }

    void clearGradients() {
        Arrays.fill(gradients, 0);
    }
}
