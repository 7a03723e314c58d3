package hooke.lens.probe;

import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;

/**
 * Mean cross-entropy of a linear map plus half the penalty times its squared weights; the last row, the bias, is not penalised.
 *
 * @param rows [example, width + 1]
 * @param penalty of the squared weights
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Logistic(Tensor rows, int[] labels, int classes, double penalty) implements Lbfgs.Objective {
    @Override
    public double at(double[] weights, double[] gradient) {
        int n = labels.length;
        int penalised = weights.length - classes;
        double value = 0;
        try (var _ = new Scope()) {
            Tensor logits = rows.matmul(Tensor.of(weights, weights.length / classes, classes));
            double[] chances = logits.logSoftmax(1).toDoubles();
            for (int i = 0; i < n; i++) {
                value -= chances[i * classes + labels[i]] / n;
            }
            for (int i = 0; i < chances.length; i++) {
                chances[i] = (Math.exp(chances[i]) - (labels[i / classes] == i % classes ? 1 : 0)) / n;
            }
            double[] slope =
                    rows.transpose(0, 1).matmul(Tensor.of(chances, n, classes)).toDoubles();
            for (int j = 0; j < weights.length; j++) {
                boolean held = j < penalised;
                gradient[j] = slope[j] + (held ? penalty * weights[j] : 0);
                value += held ? penalty * weights[j] * weights[j] / 2 : 0;
            }
        }
        return value;
    }

    /** The class that each row's logits are largest for. */
    static int[] answers(Tensor rows, double[] weights, int classes) {
        try (var _ = new Scope()) {
            Tensor logits = rows.matmul(Tensor.of(weights, weights.length / classes, classes));
            return Arrays.stream(logits.argmax(1).toLongs())
                    .mapToInt(Math::toIntExact)
                    .toArray();
        }
    }
}
