package hooke.lens.probe;

import hooke.tensor.Tensor;

/** Rows of an activation as a matrix: every column centred and scaled by what it is on the training rows, a column of ones behind. */
final class Design {
    private final Activation activation;
    private final double[] mean;
    private final double[] scale;

    Design(Activation activation, int[] train) {
        this.activation = activation;
        int width = activation.width();
        this.mean = new double[width];
        this.scale = new double[width];
        for (int row : train) {
            for (int j = 0; j < width; j++) {
                mean[j] += activation.values()[row * width + j] / train.length;
            }
        }
        for (int row : train) {
            for (int j = 0; j < width; j++) {
                double off = activation.values()[row * width + j] - mean[j];
                scale[j] += off * off / train.length;
            }
        }
        for (int j = 0; j < width; j++) {
            // A column that hardly moves tells nothing, and its rounding errors must not be blown up.
            scale[j] = scale[j] > 1e-20 * (1 + mean[j] * mean[j]) ? 1 / Math.sqrt(scale[j]) : 0;
        }
    }

    /** [row, width + 1], in the innermost scope. */
    Tensor rows(int[] rows) {
        int width = activation.width();
        double[] values = new double[rows.length * (width + 1)];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < width; j++) {
                values[i * (width + 1) + j] = (activation.values()[rows[i] * width + j] - mean[j]) * scale[j];
            }
            values[i * (width + 1) + width] = 1;
        }
        return Tensor.of(values, rows.length, width + 1);
    }
}
