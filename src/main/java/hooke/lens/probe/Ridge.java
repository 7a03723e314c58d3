package hooke.lens.probe;

import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;

/** Least squares plus a penalty of the squared weights, solved exactly; the targets are centred, so the columns need no bias. */
final class Ridge {
    private final double[] mean;
    private final double[][] gram; // of the standardised columns, over the number of rows
    private final double[][] sides; // [column][target]

    Ridge(Tensor rows, double[][] targets) {
        int n = targets.length;
        int width = (int) rows.size(1) - 1;
        this.mean = new double[targets[0].length];
        for (double[] target : targets) {
            for (int t = 0; t < mean.length; t++) {
                mean[t] += target[t] / n;
            }
        }
        double[] centred = new double[n * mean.length];
        for (int i = 0; i < centred.length; i++) {
            centred[i] = targets[i / mean.length][i % mean.length] - mean[i % mean.length];
        }
        try (var _ = new Scope()) {
            Tensor columns = rows.narrow(1, 0, width).transpose(0, 1);
            this.gram =
                    rows(columns.matmul(rows.narrow(1, 0, width)).times(1.0 / n).toDoubles(), width);
            this.sides = rows(
                    columns.matmul(Tensor.of(centred, n, mean.length))
                            .times(1.0 / n)
                            .toDoubles(),
                    mean.length);
        }
    }

    /** [column][target]; by Cholesky's decomposition of gram + penalty. */
    double[][] weights(double penalty) {
        int d = gram.length;
        double[][] lower = new double[d][d];
        for (int i = 0; i < d; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = gram[i][j] + (i == j ? penalty : 0);
                for (int k = 0; k < j; k++) {
                    sum -= lower[i][k] * lower[j][k];
                }
                lower[i][j] = i == j ? Math.sqrt(sum) : sum / lower[j][j];
            }
        }
        double[][] weights = Arrays.stream(sides).map(double[]::clone).toArray(double[][]::new);
        for (int t = 0; t < mean.length; t++) {
            for (int i = 0; i < d; i++) {
                for (int k = 0; k < i; k++) {
                    weights[i][t] -= lower[i][k] * weights[k][t];
                }
                weights[i][t] /= lower[i][i];
            }
            for (int i = d - 1; i >= 0; i--) {
                for (int k = i + 1; k < d; k++) {
                    weights[i][t] -= lower[k][i] * weights[k][t];
                }
                weights[i][t] /= lower[i][i];
            }
        }
        return weights;
    }

    /** For each example 1 less its squared error over the mean squared distance of these targets from their mean: their mean is R^2. */
    double[] scores(Tensor rows, double[][] weights, double[][] truth) {
        int targets = mean.length;
        double[] flat = Arrays.stream(weights).flatMapToDouble(Arrays::stream).toArray();
        double[] said;
        try (var _ = new Scope()) {
            said = rows.narrow(1, 0, weights.length)
                    .matmul(Tensor.of(flat, weights.length, targets))
                    .toDoubles();
        }
        return scores(said, truth);
    }

    /** The same of whoever always says the training rows' mean. */
    double[] scoresOfMean(double[][] truth) {
        return scores(new double[truth.length * mean.length], truth);
    }

    private double[] scores(double[] saidBesideMean, double[][] truth) {
        int targets = mean.length;
        double spread = 0;
        for (int t = 0; t < targets; t++) {
            double own = 0;
            double squares = 0;
            for (double[] target : truth) {
                own += target[t] / truth.length;
                squares += target[t] * target[t] / truth.length;
            }
            spread += squares - own * own;
        }
        double[] scores = new double[truth.length];
        for (int i = 0; i < truth.length; i++) {
            double error = 0;
            for (int t = 0; t < targets; t++) {
                double off = truth[i][t] - mean[t] - saidBesideMean[i * targets + t];
                error += off * off;
            }
            scores[i] = 1 - error / spread;
        }
        return scores;
    }

    private static double[][] rows(double[] flat, int width) {
        double[][] rows = new double[flat.length / width][width];
        for (int i = 0; i < flat.length; i++) {
            rows[i / width][i % width] = flat[i];
        }
        return rows;
    }
}
