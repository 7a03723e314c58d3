package hooke.stats;

import hooke.Check;
import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * Two settings on the same seeds: what counts is the difference, second less first, of each seed, so that what a seed does to both falls
 * out.
 *
 * @param t Student's t of the differences; NaN if they are all equal
 * @param tP its two-sided p
 * @param wilcoxonP two-sided, signed ranks, exact with ties; differences of 0 are left out (Wilcoxon 1945)
 * @param signP two-sided, exact: how many differences are above 0 among those that are not 0
 */
public record Paired(Sample differences, double t, double tP, double wilcoxonP, double signP) {
    private static final int ALL_FLIPS = 20;

    /** Compares the numbers of the same seeds, in the same order. */
    public static Paired of(Sample first, Sample second) {
        Check.that(
                first.n() == second.n(),
                "paired seeds need as many numbers on one side (%s) as on the other (%s)",
                first.n(),
                second.n());
        Check.that(first.n() >= 2, "a paired comparison needs at least two seeds");
        double[] x = first.values();
        double[] y = second.values();
        double[] difference = new double[x.length];
        Arrays.setAll(difference, i -> y[i] - x[i]);
        Sample sample = Sample.of(difference, first.unit());
        double t = Sample.mean(difference) / sample.standardError();
        double[] moved = Arrays.stream(difference).filter(d -> d != 0).toArray();
        return new Paired(
                sample,
                Double.isFinite(t) ? t : Double.NaN,
                Double.isFinite(t) ? Distributions.studentTwoSided(t, x.length - 1) : Double.NaN,
                wilcoxonP(moved),
                signP(moved));
    }

    /** The mean difference with Student's t interval. */
    public Estimate meanDifference(double level) {
        Estimate mean = differences.mean(level);
        return new Estimate(
                mean.value(),
                mean.low(),
                mean.high(),
                level,
                mean.n(),
                mean.unit(),
                "Student t interval of the mean paired difference");
    }

    /**
     * Two-sided p of the mean difference over all 2^n ways to flip the signs; exact, and offered up to 20 seeds.
     */
    public double signFlipP() {
        int n = differences.n();
        Check.that(
                n <= ALL_FLIPS,
                "flipping all signs of %s differences takes 2^%s sums; up to %s are offered, beyond that use Wilcoxon's test",
                n,
                n,
                ALL_FLIPS);
        double[] d = differences.values();
        double seen = Math.abs(sum(d, 0));
        // The same sum in another order may differ by its last bits.
        double limit = seen - 1e-12 * Arrays.stream(d).map(Math::abs).sum();
        int asExtreme = 0;
        for (int flips = 0; flips < 1 << n; flips++) {
            asExtreme += Math.abs(sum(d, flips)) >= limit ? 1 : 0;
        }
        return (double) asExtreme / (1 << n);
    }

    private static double sum(double[] d, int flips) {
        double sum = 0;
        for (int i = 0; i < d.length; i++) {
            sum += (flips >> i & 1) == 0 ? d[i] : -d[i];
        }
        return sum;
    }

    private static double wilcoxonP(double[] moved) {
        if (moved.length == 0) {
            return 1;
        }
        long[] ranks = Ranks.doubled(Arrays.stream(moved).map(Math::abs).toArray());
        int total = (int) Arrays.stream(ranks).sum();
        double[] ways = new double[total + 1];
        ways[0] = 1;
        long positive = 0;
        for (int i = 0; i < ranks.length; i++) {
            positive += moved[i] > 0 ? ranks[i] : 0;
            for (int s = total; s >= ranks[i]; s--) {
                ways[s] += ways[s - (int) ranks[i]];
            }
        }
        return Ranks.twoSided(ways, positive);
    }

    private static double signP(double[] moved) {
        if (moved.length == 0) {
            return 1;
        }
        int positive = (int) Arrays.stream(moved).filter(d -> d > 0).count();
        var half = BinomialDistribution.of(moved.length, 0.5);
        return Math.min(1, 2 * half.cumulativeProbability(Math.min(positive, moved.length - positive)));
    }
}
