package hooke.fused.decode;

import hooke.Check;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * How the next token is chosen from logits. Candidates are left out in this order, as Hugging Face's generate does, each rule seeing what
 * the ones before it have left: {@code top_k}, {@code top_p}, {@code min_p}, on the probabilities {@code softmax(logits / temperature)}.
 *
 * @param temperature 0 takes the largest logit, the first of equals, whatever the others say
 * @param topK most likely tokens that stay; 0 for all
 * @param topP the most likely tokens stay whose probabilities add up to this; 1 for all
 * @param minP tokens stay whose probability is at least this share of the largest; 0 for all
 */
public record Sampling(double temperature, int topK, double topP, double minP) {
    /** The most likely token. */
    public static final Sampling GREEDY = new Sampling(0, 0, 1, 0);

    public Sampling {
        Check.that(
                temperature >= 0 && temperature <= 1000,
                "temperature (%s) must be from 0, which takes the most likely token, to 1000",
                temperature);
        Check.that(topK >= 0, "top-k (%s) must be a number of tokens, or 0 for all", topK);
        Check.that(topP > 0 && topP <= 1, "top-p (%s) must be more than 0 and at most 1", topP);
        Check.that(minP >= 0 && minP <= 1, "min-p (%s) must be from 0 to 1", minP);
    }

    /** Whether chance has no part in it. */
    public boolean isGreedy() {
        return temperature == 0;
    }

    /**
     * The chosen token.
     *
     * @param chance from 0 to less than 1, drawn uniformly; not looked at where the most likely token is taken
     */
    public int choose(float[] logits, double chance) {
        if (isGreedy()) {
            return largest(logits);
        }
        int[] order = IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer token) -> -logits[token]))
                .mapToInt(Integer::intValue)
                .toArray(); // Of equals the first comes first: the sort is stable.
        double[] shares = new double[order.length];
        for (int i = 0; i < shares.length; i++) {
            shares[i] = Math.exp((logits[order[i]] - (double) logits[order[0]]) / temperature);
        }
        int kept = kept(shares);
        double all = Arrays.stream(shares, 0, kept).sum();
        double left = chance * all;
        for (int i = 0; i < kept; i++) {
            left -= shares[i];
            if (left < 0) {
                return order[i];
            }
        }
        return order[kept - 1];
    }

    /** How many of the shares, which descend from 1, stay: at least one. */
    private int kept(double[] shares) {
        int kept = topK == 0 ? shares.length : Math.min(topK, shares.length);
        if (topP < 1) {
            double all = Arrays.stream(shares, 0, kept).sum();
            double sum = 0;
            int enough = 0;
            while (enough < kept && sum < topP * all) {
                sum += shares[enough++];
            }
            kept = Math.max(1, enough);
        }
        if (minP > 0) {
            while (kept > 1 && shares[kept - 1] < minP) {
                kept--;
            }
        }
        return kept;
    }

    private static int largest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
