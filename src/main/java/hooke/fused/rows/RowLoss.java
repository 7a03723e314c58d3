package hooke.fused.rows;

import hooke.config.TrainConfig.LossDtype;
import hooke.fused.kernels.Functions;
import hooke.fused.kernels.Kernels;
import hooke.fused.pass.PassTally;

/**
 * Cross-entropy of single-precision logits, and its gradient; in double precision, or rounded to single where the run asks for that.
 *
 * <p>With t the largest logit and {@code s = sum_(j != t) e^(l_j - l_t)}, the loss of class y is {@code (l_t - l_y) + log1p(s)}: two
 * numbers that are not negative, so that nothing cancels, and a loss of 1e-9 has as many right digits as one of 4. The gradient is
 * {@code p_j}, and for the right class {@code -(1 - p_y)} with {@code 1 - p_y} summed from the others. Gradients below 2^-100 are zero.
 */
public final class RowLoss {
    private final Kernels kernels;
    private final LossDtype dtype;
    private final int classes;
    private final PassTally tally;

    RowLoss(Kernels kernels, LossDtype dtype, int classes, PassTally tally) {
        this.kernels = kernels;
        this.dtype = dtype;
        this.classes = classes;
        this.tally = tally;
    }

    /** Takes one row of logits with its targets; with a weight for each target, the row becomes the gradient. */
    void row(float[] logits, int at, int width, StateRows rows, int row, float weight) {
        int from = rows.targetStart(row);
        int to = rows.targetStart(row + 1);
        int top = kernels.argmax(logits, at, classes);
        double highest = logits[at + top];
        boolean oneClass = true;
        double distance = 0;
        int right = 0;
        for (int i = from; i < to; i++) {
            int y = rows.target(i);
            distance += highest - logits[at + y];
            right += y == top ? 1 : 0;
            oneClass &= y == rows.target(from);
        }
        float answerLogit = logits[at + rows.target(from)];
        double below = kernels.expBelow(logits, at, classes, top, dtype == LossDtype.FLOAT64);
        double log = Math.log1p(below);
        double both = distance + (to - from) * log;
        tally.add(dtype == LossDtype.FLOAT32 && to - from == 1 ? (float) both : both, right);
        if (weight == 0) {
            return;
        }
        int count = to - from;
        double all = 1 + below;
        kernels.scale(logits, at, (float) (count * (double) weight / all), width);
        if (oneClass) {
            int y = rows.target(from);
            double others = y == top ? below : all - Math.exp(answerLogit - highest);
            logits[at + y] = noSubnormal(-count * (double) weight * (others / all));
            return;
        }
        for (int i = from; i < to; i++) {
            logits[at + rows.target(i)] -= weight;
        }
    }

    private static float noSubnormal(double gradient) {
        return Math.abs(gradient) < Functions.TINY ? 0 : (float) gradient;
    }
}
