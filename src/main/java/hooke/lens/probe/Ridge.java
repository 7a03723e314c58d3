package hooke.lens.probe;

import hooke.tensor.DType;
import hooke.tensor.Factors;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;

/** Least squares plus a penalty of the squared weights, solved exactly; the targets are centred, so the columns need no bias. Lives in the scope where it is made. */
final class Ridge {
    private final double[] mean;
    private final Tensor gram; // [column, column] of the standardised columns, over the number of rows
    private final Tensor sides; // [column, target]

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
        Tensor columns = rows.narrow(1, 0, width).transpose(0, 1);
        this.gram = columns.matmul(rows.narrow(1, 0, width)).times(1.0 / n);
        this.sides = columns.matmul(Tensor.of(centred, n, mean.length)).times(1.0 / n);
    }

    /** [column][target]. */
    Tensor weights(double penalty) {
        Tensor identity = Tensor.eye(DType.F64, gram.size(0), gram.size(0));
        return Factors.solvePositive(gram.plus(identity.times(penalty)), sides);
    }

    /** For each example 1 less its squared error over the mean squared distance of these targets from their mean: their mean is R^2. */
    double[] scores(Tensor rows, Tensor weights, double[][] truth) {
        try (var _ = new Scope()) {
            return scores(rows.narrow(1, 0, weights.size(0)).matmul(weights).toDoubles(), truth);
        }
    }

    /** The scores of whoever always says the training rows' mean. */
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
}
