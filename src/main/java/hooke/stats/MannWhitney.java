package hooke.stats;

import hooke.Check;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Whether one group's numbers tend to be larger than another's, by ranks alone.
 *
 * @param u pairs in which x is the larger, ties half
 * @param p two-sided: exact over all ways to deal the ranks, ties included, up to 100 numbers, beyond that {@code normalP}
 * @param normalP two-sided, by the normal approximation with corrections for ties and continuity
 */
public record MannWhitney(int nX, int nY, double u, double p, double normalP) {
    private static final int EXACT = 100;

    public MannWhitney {
        Check.that(nX >= 1 && nY >= 1, "both groups (%s and %s numbers) must hold a number", nX, nY);
    }

    /** Compares two samples of independent numbers. */
    public static MannWhitney of(Sample x, Sample y) {
        double[] all = new double[x.n() + y.n()];
        System.arraycopy(x.values(), 0, all, 0, x.n());
        System.arraycopy(y.values(), 0, all, x.n(), y.n());
        long[] doubled = Ranks.doubled(all);
        long sum = Arrays.stream(doubled, 0, x.n()).sum();
        double u = sum / 2.0 - x.n() * (x.n() + 1) / 2.0;
        double normal = normalP(u, x.n(), y.n(), doubled);
        return new MannWhitney(x.n(), y.n(), u, all.length <= EXACT ? exactP(doubled, x.n(), sum) : normal, normal);
    }

    /** Chance that a run of x has a larger number than a run of y, ties half. */
    public double probabilityOfImprovement() {
        return u / nX / nY;
    }

    /**
     * {@link #probabilityOfImprovement()} with a percentile bootstrap interval in which both groups are drawn anew (Agarwal and others
     * 2021).
     */
    public static Estimate improvement(Sample x, Sample y, double level, int resamples, RandomGenerator stream) {
        Distributions.check(level);
        int[][] drawnX = Resamples.draw(stream, x.n(), resamples);
        int[][] drawnY = Resamples.draw(stream, y.n(), resamples);
        double[] wins = wins(x, y);
        double[] distribution = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            double sum = 0;
            for (int i : drawnX[r]) {
                for (int j : drawnY[r]) {
                    sum += wins[i * y.n() + j];
                }
            }
            distribution[r] = sum / wins.length;
        }
        Arrays.sort(distribution);
        return new Estimate(
                Sample.mean(wins),
                Sample.quantile(distribution, (1 - level) / 2),
                Sample.quantile(distribution, (1 + level) / 2),
                level,
                x.n() + y.n(),
                "",
                "percentile bootstrap of the probability of improvement, " + resamples + " resamples");
    }

    private static double[] wins(Sample x, Sample y) {
        double[] b = y.values();
        return Arrays.stream(x.values())
                .flatMap(value -> Arrays.stream(b).map(other -> value > other ? 1 : value == other ? 0.5 : 0))
                .toArray();
    }

    private static double normalP(double u, int nX, int nY, long[] doubled) {
        int n = nX + nY;
        double variance = nX * (double) nY / 12 * (n + 1 - Ranks.ties(doubled) / (n * (n - 1.0)));
        double distance = Math.max(0, Math.abs(u - nX * (double) nY / 2) - 0.5);
        return variance == 0 ? 1 : Math.min(1, Distributions.twoSided(distance / Math.sqrt(variance)));
    }

    /** Counts the choices of nX ranks by their sum. */
    private static double exactP(long[] doubled, int nX, long sum) {
        int total = (int) Arrays.stream(doubled).sum();
        double[][] ways = new double[nX + 1][total + 1];
        ways[0][0] = 1;
        for (long rank : doubled) {
            for (int chosen = nX; chosen >= 1; chosen--) {
                for (int s = total; s >= rank; s--) {
                    ways[chosen][s] += ways[chosen - 1][s - (int) rank];
                }
            }
        }
        return Ranks.twoSided(ways[nX], sum);
    }

    /** What the test says, with its name: {@code Mann-Whitney U = 9, p = 0.1014, n = 6 and 7}. */
    public String text() {
        return "Mann-Whitney U = " + Estimate.number(u) + ", p = " + Estimate.number(p) + ", n = " + nX + " and " + nY;
    }
}
