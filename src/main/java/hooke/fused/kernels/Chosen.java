package hooke.fused.kernels;

import hooke.reach.Thresholds;
import java.util.Arrays;

/** Which of its visible keys a query takes ({@code model.attention}): keys that it does not see have a score of minus infinity. */
public final class Chosen {
    /** Shares below it are 0. */
    private static final float NONE = 1e-30f;

    private Chosen() {}

    /**
     * Closes all scores but the k largest; of equal ones the earlier stays.
     *
     * @param sorted room for all of them
     */
    public static void largest(float[] scores, int from, int to, int k, float[] sorted) {
        int count = to - from;
        if (count <= k) {
            return;
        }
        System.arraycopy(scores, from, sorted, 0, count);
        Arrays.sort(sorted, 0, count);
        float least = sorted[count - k];
        int room = 0; // for scores that are equal to it
        for (int i = count - k; i < count && sorted[i] == least; i++) {
            room++;
        }
        for (int j = from; j < to; j++) {
            boolean taken = scores[j] > least || scores[j] == least && room-- > 0;
            if (!taken) {
                scores[j] = SoftmaxRows.NOTHING;
            }
        }
    }

    /**
     * SparseK's shares: scores of visible keys are multiplied by them, or closed where there is none.
     *
     * @param shares the keys' own scores, and then what the query takes of each
     * @param sorted room for all of them
     */
    public static void shares(float[] scores, int from, int to, int k, float[] shares, double[] sorted) {
        int count = 0;
        for (int j = from; j < to; j++) {
            if (scores[j] != SoftmaxRows.NOTHING) {
                sorted[count++] = shares[j - from];
            }
        }
        if (count == 0) {
            Arrays.fill(shares, 0, to - from, 0);
            return;
        }
        share(scores, from, to, shares, 0, (float) Thresholds.of(Arrays.copyOf(sorted, count), k));
    }

    /** The same with the threshold. */
    public static void share(float[] scores, int from, int to, float[] shares, int at, float tau) {
        for (int j = from; j < to; j++) {
            float share = Math.clamp(shares[at + j - from] - tau, 0, 1);
            boolean taken = share >= NONE && scores[j] != SoftmaxRows.NOTHING;
            shares[at + j - from] = taken ? share : 0;
            scores[j] = taken ? scores[j] * share : SoftmaxRows.NOTHING;
        }
    }

    /** A key's own score, {@code w x}. */
    public static float score(float[] w, int wAt, float[] x, int xAt, int width) {
        float sum = 0;
        for (int i = 0; i < width; i++) {
            sum += w[wAt + i] * x[xAt + i];
        }
        return sum;
    }
}
