package hooke.lens.text;

import java.util.HashMap;
import java.util.Map;

/**
 * A model that only counts: the probability of a token behind another by absolute discounting (Ney, Essen and Kneser 1994), what is taken
 * from pairs that were seen given to all tokens by their own frequency, each counted once more than it occurs.
 */
public final class Bigram {
    /** Taken from the count of each pair. */
    private static final double DISCOUNT = 0.75;

    private final long[] behind;
    private final int[] kinds;
    private final double[] single;
    private final Map<Long, Integer> pairs = new HashMap<>();

    /** @param tokens to count, each from 0 to less than {@code vocabulary} */
    public Bigram(int[] tokens, int vocabulary) {
        this.behind = new long[vocabulary];
        this.kinds = new int[vocabulary];
        this.single = new double[vocabulary];
        for (int token : tokens) {
            single[token]++;
        }
        for (int token = 0; token < vocabulary; token++) {
            single[token] = (single[token] + 1) / (tokens.length + (double) vocabulary);
        }
        for (int i = 0; i + 1 < tokens.length; i++) {
            behind[tokens[i]]++;
            if (pairs.merge(pair(tokens[i], tokens[i + 1]), 1, Integer::sum) == 1) {
                kinds[tokens[i]]++;
            }
        }
    }

    private static long pair(int first, int second) {
        return (long) first << 32 | second;
    }

    /** Of a token behind another. */
    public double probability(int first, int second) {
        if (behind[first] == 0) {
            return single[second];
        }
        double seen = Math.max(0, pairs.getOrDefault(pair(first, second), 0) - DISCOUNT);
        return (seen + DISCOUNT * kinds[first] * single[second]) / behind[first];
    }

    /** In nats, of each token of a text, the first behind another token. */
    public double[] losses(int before, int[] tokens) {
        double[] losses = new double[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            losses[i] = -Math.log(probability(i == 0 ? before : tokens[i - 1], tokens[i]));
        }
        return losses;
    }
}
