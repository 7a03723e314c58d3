package hooke.stats;

import hooke.Check;
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
        double z = Distributions.reach(level);
        double centre = (k + z * z / 2) / (n + z * z);
        double half = z / (n + z * z) * Math.sqrt((double) k * (n - k) / n + z * z / 4);
        return new Estimate(
                share(),
                k == 0 ? 0 : centre - half,
                k == n ? 1 : centre + half,
                level,
                n,
                "",
                "Wilson interval of a share");
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
