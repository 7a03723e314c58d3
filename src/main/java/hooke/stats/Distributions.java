package hooke.stats;

import hooke.Check;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.apache.commons.statistics.distribution.ChiSquaredDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** The distributions that tests, intervals and searches refer to. */
public final class Distributions {
    private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

    private Distributions() {}

    /** How many standard errors an interval of this coverage reaches to each side: 1.96 for 0.95. */
    static double reach(double level) {
        check(level);
        return NORMAL.inverseSurvivalProbability((1 - level) / 2);
    }

    static void check(double level) {
        Check.that(level > 0 && level < 1, "a confidence level (%s) must lie between 0 and 1, 0.95 for 95%%", level);
    }

    /** Of the standard normal distribution. */
    public static double quantile(double p) {
        return NORMAL.inverseCumulativeProbability(p);
    }

    /** Of the standard normal distribution. */
    public static double cumulative(double z) {
        return NORMAL.cumulativeProbability(z);
    }

    public static double betaQuantile(double p, double a, double b) {
        return BetaDistribution.of(a, b).inverseCumulativeProbability(p);
    }

    public static double betaCumulative(double x, double a, double b) {
        return BetaDistribution.of(a, b).cumulativeProbability(x);
    }

    /** Probability of a standard normal number that lies further from 0 than z. */
    static double twoSided(double z) {
        return 2 * NORMAL.survivalProbability(Math.abs(z));
    }

    static double studentTwoSided(double t, int degrees) {
        return 2 * TDistribution.of(degrees).survivalProbability(Math.abs(t));
    }

    static double studentQuantile(double p, double degrees) {
        return TDistribution.of(degrees).inverseCumulativeProbability(p);
    }

    static double chiSquareTail(double statistic, int degrees) {
        return ChiSquaredDistribution.of(degrees).survivalProbability(statistic);
    }
}
