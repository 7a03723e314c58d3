package hooke.stats;

import hooke.Check;
import java.util.Map;
import java.util.TreeMap;
import org.apache.commons.statistics.distribution.BetaDistribution;

/** So many of n runs did something: the share, with its intervals. */
public record Proportion(int k, int n) {
    public Proportion {
        Check.that(n >= 1, "a share needs at least one run");
        Check.that(k >= 0 && k <= n, "%s of %s runs is not a share", k, n);
    }

    public double share() {
        return (double) k / n;
    }

    /** Wilson's score interval (1927), whose coverage is near its level on average, for few runs, too. */
    public Estimate wilson(double level) {
        return wilson(level, 1, "Wilson interval of a share");
    }

    /**
     * The share of examples that are right, where those of a group are alike: Wilson's interval for n / d examples. d is the design effect
     * (Kish 1965), how many times the variance between groups makes that of independent examples; at least 1, and 1 where all are right or
     * none is.
     *
     * @param groups of each example
     */
    public static Estimate wilsonOfGroups(boolean[] right, int[] groups, double level) {
        Map<Integer, int[]> counts = new TreeMap<>();
        int k = 0;
        for (int i = 0; i < right.length; i++) {
            int[] count = counts.computeIfAbsent(groups[i], _ -> new int[2]);
            count[0] += right[i] ? 1 : 0;
            count[1]++;
            k += right[i] ? 1 : 0;
        }
        var all = new Proportion(k, right.length);
        if (counts.size() == right.length) {
            return all.wilson(level);
        }
        double p = all.share();
        double squares = counts.values().stream()
                .mapToDouble(count -> (count[0] - p * count[1]) * (count[0] - p * count[1]))
                .sum();
        double between = counts.size() < 2 ? 0 : squares * counts.size() / (counts.size() - 1);
        double alone = all.n * p * (1 - p);
        double effect = alone == 0 ? 1 : Math.max(1, between / alone);
        return all.wilson(level, effect, "Wilson interval of a share, groups of alike examples allowed for");
    }

    /** @param effect how many examples are worth one */
    private Estimate wilson(double level, double effect, String method) {
        double z = Distributions.reach(level);
        double some = k / effect;
        double of = n / effect;
        double centre = (some + z * z / 2) / (of + z * z);
        double half = z / (of + z * z) * Math.sqrt(some * (of - some) / of + z * z / 4);
        return new Estimate(share(), k == 0 ? 0 : centre - half, k == n ? 1 : centre + half, level, n, "", method);
    }

    /** The exact interval (Clopper and Pearson 1934), whose coverage is at least its level. */
    public Estimate exact(double level) {
        Distributions.check(level);
        double tail = (1 - level) / 2;
        return new Estimate(
                share(),
                k == 0 ? 0 : betaQuantile(k, n - k + 1, tail),
                k == n ? 1 : 1 - betaQuantile(n - k, k + 1, tail),
                level,
                n,
                "",
                "exact (Clopper-Pearson) interval of a share");
    }

    /** The library's root lies within 1e-9; two steps of Newton's method bring it to the last digits. */
    private static double betaQuantile(double a, double b, double p) {
        var beta = BetaDistribution.of(a, b);
        double x = beta.inverseCumulativeProbability(p);
        for (int i = 0; i < 2; i++) {
            x -= (beta.cumulativeProbability(x) - p) / beta.density(x);
        }
        return x;
    }
}
