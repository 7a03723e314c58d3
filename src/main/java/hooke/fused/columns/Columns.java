package hooke.fused.columns;

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

    void clearGradients() {
        Arrays.fill(gradients, 0);
    }
}
