package hooke.fused.context;

import hooke.config.Weighting;
import hooke.fused.kernels.Chosen;
import hooke.fused.kernels.SoftmaxRows;
import hooke.reach.Thresholds;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which of the keys that it sees a query takes, in the middle of the attention of one head; its tiles have all keys of a query. With
 * SparseK's shares m = clip(u - tau, 0, 1) the pattern is {@code P = softmax(S m)} and {@code z = P m v}, so that
 *
 * <pre>
 *   dm = P dP + S dS'     dS = m dS'     du_j = dm_j - mean of dm over all keys strictly between 0 and 1
 * </pre>
 *
 * with dP the gradient of {@code P m} and dS' that of {@code S m}. Belongs to one thread.
 */
final class KeyChoice {
    private final Weighting by;
    private final float[] sorted;
    private final double[] exact;
    /** The keys' own scores, and their gradients. */
    private final float[] own;

    private final float[] ownGradients;
    /** Of one query. */
    private final float[] shares;

    private final float[] scores;
    private final float[] dropped;
    private @Nullable Thresholds past;
    private int known;

    /**
     * What a layer keeps of it.
     *
     * @param own the keys' own scores, a row for each position, so many numbers apart
     * @param bounds of each query and head, the threshold, or the least score that is taken
     * @param gradient of the keys' own scores; null on the way forward
     */
    record Kept(
            float[] own,
            int apart,
            float[] bounds,
            @Nullable FactorRows gradient) {}

    /** Null where queries take all keys that they see. */
    static @Nullable KeyChoice of(Weighting by, int positions) {
        return by.chooses() ? new KeyChoice(by, positions) : null;
    }

    private KeyChoice(Weighting by, int positions) {
        this.by = by;
        this.sorted = new float[positions];
        this.exact = new double[positions];
        this.own = new float[positions];
        this.ownGradients = new float[positions];
        this.shares = new float[positions];
        this.scores = new float[positions];
        this.dropped = new float[positions];
    }

    /** Before the queries of one head of one sequence. */
    void begin(HeadAttention.Place place) {
        Kept kept = place.kept();
        past = null;
        known = 0;
        if (by.scoresKeys()) {
            int[] keys = place.sight().keys();
            for (int i = 0; i < keys.length; i++) {
                own[i] = kept.own()[(place.first() + keys[i]) * kept.apart() + place.head()];
            }
            Arrays.fill(ownGradients, 0, keys.length, 0);
        }
    }

    /** On the way forward, of the scores of a query, for the keys from one to before another: closes those that it does not take. */
    void take(float[] s, int at, int from, int to, float[] bounds, int number) {
        int end = at + to - from;
        switch (by) {
            case Weighting.Softmax() -> {}
            case Weighting.TopK(int k) -> {
                bounds[number] = Chosen.least(s, at, end, k, sorted);
                Chosen.close(s, at, end, k, bounds[number]);
            }
            case Weighting.SparseK(int k) -> {
                bounds[number] = threshold(s, at, from, to, k);
                share(s, at, from, to, bounds[number]);
            }
        }
    }

    private void share(float[] s, int at, int from, int to, float tau) {
        System.arraycopy(own, from, shares, 0, to - from);
        Chosen.share(s, at, at + to - from, shares, 0, tau);
    }

    /** Where queries see one key more than the one before, scores are added to those that are sorted. */
    private float threshold(float[] s, int at, int from, int to, int k) {
        boolean whole = from == 0 && Chosen.allOpen(s, at, at + to);
        if (whole && to >= known) {
            past = known == 0 ? new Thresholds(k, own.length) : past;
            for (; past != null && known < to; known++) {
                past.add(own[known]);
            }
            return past == null ? 0 : (float) past.now();
        }
        int count = 0;
        for (int j = 0; j < to - from; j++) {
            if (s[at + j] != SoftmaxRows.NOTHING) {
                exact[count++] = own[from + j];
            }
        }
        return count == 0 ? 0 : (float) Thresholds.of(Arrays.copyOf(exact, count), k);
    }

    /** Multiplies the pattern of the query by what {@link #take} took of each key. */
    void weight(float[] p, int at, int count) {
        if (by.scoresKeys()) {
            for (int j = 0; j < count; j++) {
                p[at + j] *= shares[j];
            }
        }
    }

    /**
     * On the way back, closes the same scores.
     *
     * @param d gradients of the pattern behind dropout; become those of the pattern itself
     */
    void takeAgain(float[] s, int at, int from, int to, float bound, float[] d, int dAt) {
        int count = to - from;
        switch (by) {
            case Weighting.Softmax() -> {}
            case Weighting.TopK(int k) -> Chosen.close(s, at, at + count, k, bound);
            case Weighting.SparseK _ -> {
                System.arraycopy(s, at, scores, 0, count);
                share(s, at, from, to, bound);
                System.arraycopy(d, dAt, dropped, 0, count);
                for (int j = 0; j < count; j++) {
                    d[dAt + j] *= shares[j];
                }
            }
        }
    }

    /**
     * Behind the gradient of the softmax: that of the keys' own scores grows.
     *
     * @param p the pattern
     * @param d gradients of the scores times shares; become those of the scores
     */
    void back(float[] p, int at, int from, int to, float[] d, int dAt) {
        if (!by.scoresKeys()) {
            return;
        }
        float sum = 0;
        int between = 0;
        for (int j = 0; j < to - from; j++) {
            float share = shares[j];
            if (share > 0 && share < 1) {
                dropped[j] = p[at + j] * dropped[j] + d[dAt + j] * scores[j];
                sum += dropped[j];
                between++;
            }
            d[dAt + j] *= share;
        }
        float mean = sum / Math.max(1, between);
        for (int j = 0; j < to - from; j++) {
            if (shares[j] > 0 && shares[j] < 1) {
                ownGradients[from + j] += dropped[j] - mean;
            }
        }
    }

    /** Puts the gradients of the keys' own scores in their place; hidden keys have none. */
    void scatter(HeadAttention.Place place) {
        FactorRows gradient = place.kept().gradient();
        if (gradient == null) {
            return;
        }
        int[] keys = place.sight().keys();
        int next = 0;
        float[] none = {0};
        for (int position = 0; position < place.positions(); position++) {
            boolean seen = next < keys.length && keys[next] == position;
            gradient.copyIn(seen ? ownGradients : none, seen ? next : 0, place.first() + position, place.head(), 1);
            next += seen ? 1 : 0;
        }
    }
}
