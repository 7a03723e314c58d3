package hooke.fused.kernels;

import hooke.reach.Thresholds;
import java.util.Arrays;

/** Which of its visible keys a query takes ({@code model.attention}): keys that it does not see have a score of minus infinity. */
public final class Chosen {
    /** Shares below it are 0. */
    private static final float NONE = 1e-30f;

    private Chosen() {}

    /**
     * The k-th largest score, or minus infinity where there are not more than k.
     *
     * @param heap room for k of them
     */
    public static float least(float[] scores, int from, int to, int k, float[] heap) {
        if (to - from <= k) {
            return SoftmaxRows.NOTHING;
        }
        System.arraycopy(scores, from, heap, 0, k);
        for (int i = k / 2 - 1; i >= 0; i--) {
            sink(heap, i, k);
        }
        for (int j = from + k; j < to; j++) {
            if (scores[j] > heap[0]) {
                heap[0] = scores[j];
                sink(heap, 0, k);
            }
        }
        return heap[0];
    }

    private static void sink(float[] heap, int place, int size) {
        float moved = heap[place];
        int at = place;
        for (int below = 2 * at + 1; below < size; below = 2 * at + 1) {
            below += below + 1 < size && heap[below + 1] < heap[below] ? 1 : 0;
            if (heap[below] >= moved) {
                break;
            }
            heap[at] = heap[below];
            at = below;
        }
        heap[at] = moved;
    }

    /** Closes all scores but the k largest, the least of which is known; of equal ones the earlier stays. */
    public static void close(float[] scores, int from, int to, int k, float least) {
        int room = k; // for scores that are equal to it
        for (int j = from; j < to; j++) {
            room -= scores[j] > least ? 1 : 0;
        }
        for (int j = from; j < to; j++) {
            if (scores[j] < least || scores[j] == least && room-- <= 0) {
                scores[j] = SoftmaxRows.NOTHING;
            }
        }
    }

    /** Whether a query sees all of the keys. */
    public static boolean allOpen(float[] scores, int from, int to) {
        for (int j = from; j < to; j++) {
            if (scores[j] == SoftmaxRows.NOTHING) {
                return false;
            }
        }
        return true;
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

    /** Shares, less a threshold that is known, between 0 and 1; scores become products with them, or nothing where that is 0. */
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
