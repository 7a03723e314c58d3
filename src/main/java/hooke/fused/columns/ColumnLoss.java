package hooke.fused.columns;

import hooke.fused.kernels.ColumnKernels;
import hooke.fused.kernels.Functions;
import hooke.fused.kernels.Lanes;
import hooke.fused.pass.PassTally;

/** Loss of {@link Columns} of logits, in single precision: as exact, with the sum over the classes taken in each column. */
final class ColumnLoss {
    private final PassTally tally;
    private final Columns logits;
    /** By column: the largest logit, its class, the sum of the other exponentials, what the gradient is scaled by. */
    private final float[] top;

    private final float[] topClass;
    private final float[] below;
    private final float[] factor;
    private final float[] answer;

    ColumnLoss(Columns logits, PassTally tally) {
        this.tally = tally;
        this.logits = logits;
        int n = logits.stride();
        this.top = new float[n];
        this.topClass = new float[n];
        this.below = new float[n];
        this.factor = new float[n];
        this.answer = new float[n];
    }

    /**
     * Takes some columns of logits, which with a weight become their gradient.
     *
     * @param from the first of them
     * @param width columns, whole vectors
     * @param targets the class of each column's answer; there may be fewer than columns, the rest counts nothing
     */
    void take(int from, int width, int[] targets, int count, float weight) {
        float[] x = logits.values();
        int n = logits.stride();
        int classes = logits.features();
        for (int e = from; e < from + width; e += Lanes.L) {
            ColumnKernels.largest(x, e, n, classes, top, topClass, e);
        }
        for (int i = 0; i < width; i++) {
            int column = from + i;
            answer[column] = i < count ? x[targets[i] * n + column] : 0;
            x[likeliest(column) * n + column] = Float.NEGATIVE_INFINITY;
        }
        for (int e = from; e < from + width; e += Lanes.L) {
            ColumnKernels.expBelow(x, e, n, classes, top, below, e);
        }
        for (int i = 0; i < count; i++) {
            int column = from + i;
            double distance = (double) top[column] - answer[column];
            tally.add((float) (distance + Math.log1p(below[column])), targets[i] == likeliest(column) ? 1 : 0);
        }
        if (weight != 0) {
            differentiate(from, width, targets, count, weight);
        }
    }

    private void differentiate(int from, int width, int[] targets, int count, float weight) {
        float[] x = logits.values();
        int n = logits.stride();
        for (int i = 0; i < width; i++) {
            int column = from + i;
            x[likeliest(column) * n + column] = 1;
            factor[column] = i < count ? (float) (weight / (1.0 + below[column])) : 0;
        }
        for (int e = from; e < from + width; e += Lanes.L) {
            ColumnKernels.scale(x, e, n, logits.features(), factor, e);
        }
        for (int i = 0; i < count; i++) {
            int column = from + i;
            double all = 1.0 + below[column];
            double others = targets[i] == likeliest(column)
                    ? below[column]
                    : all - Math.exp((double) answer[column] - top[column]);
            double gradient = -weight * (others / all);
            x[targets[i] * n + column] = Math.abs(gradient) < Functions.TINY ? 0 : (float) gradient;
        }
    }

    private int likeliest(int column) {
        return (int) topClass[column];
    }
}
