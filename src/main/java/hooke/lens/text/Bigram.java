package hooke.lens.text;

import java.util.HashMap;
import java.util.Map;

/**
 * A bigram model with interpolated Kneser-Ney smoothing (Kneser and Ney 1995; Chen and Goodman 1999, section 3), which a language model has to
 * beat: what comes next, from the token before it alone. Its discounts follow from the training text: n1 / (n1 + 2 n2), of how many pairs
 * occur once and twice.
 */
public final class Bigram {
    private final int size;
    private final Map<Long, Integer> pairs = new HashMap<>();
    private final int[] followed;
    private final int[] followers;
    private final int[] predecessors;
    private final double discount;
    private final double discountOfOne;
    private final int seen;

    /**
     * Counts the pairs of a text.
     *
     * @param size of the vocabulary: tokens that the text lacks have a probability, too
     */
    public Bigram(int[] tokens, int size) {
        this.size = size;
        this.followed = new int[size];
        this.followers = new int[size];
        this.predecessors = new int[size];
        for (int at = 0; at + 1 < tokens.length; at++) {
            followed[tokens[at]]++;
            if (pairs.merge(pair(tokens[at], tokens[at + 1]), 1, Integer::sum) == 1) {
                followers[tokens[at]]++;
                predecessors[tokens[at + 1]]++;
            }
        }
        this.discount = discount(pairs.values().stream().mapToInt(n -> n).toArray());
        this.discountOfOne = discount(predecessors);
        int different = 0;
        for (int count : predecessors) {
            different += count > 0 ? 1 : 0;
        }
        this.seen = different;
    }

    private static long pair(int before, int token) {
        return (long) before << 32 | token;
    }

    /** A half where the counts are too few to say. */
    private static double discount(int[] counts) {
        int once = 0;
        int twice = 0;
        for (int count : counts) {
            once += count == 1 ? 1 : 0;
            twice += count == 2 ? 1 : 0;
        }
        return once == 0 || twice == 0 ? 0.5 : once / (once + 2.0 * twice);
    }

    /** How likely a token is behind another. */
    public double probability(int before, int token) {
        double alone = alone(token);
        if (followed[before] == 0) {
            return alone;
        }
        double together = Math.max(pairs.getOrDefault(pair(before, token), 0) - discount, 0);
        return (together + discount * followers[before] * alone) / followed[before];
    }

    /** By how many different tokens it is preceded, mixed with all being equally likely. */
    private double alone(int token) {
        if (pairs.isEmpty()) {
            return 1.0 / size;
        }
        double counted = Math.max(predecessors[token] - discountOfOne, 0);
        return (counted + discountOfOne * seen / size) / pairs.size();
    }

    /** The surprise at each token of a text, {@code -ln p}. */
    public double[] nats(int before, int[] tokens) {
        double[] nats = new double[tokens.length];
        int last = before;
        for (int at = 0; at < tokens.length; at++) {
            nats[at] = -Math.log(probability(last, tokens[at]));
            last = tokens[at];
        }
        return nats;
    }
}
