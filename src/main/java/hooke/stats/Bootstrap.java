package hooke.stats;

import hooke.Check;
import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/**
 * What a statistic would have been on other draws of the same runs (Efron 1979): its distribution over given resamples, and three
 * intervals from it. With five runs there are only 126 different resamples: no bootstrap makes up for seeds that were not run.
 */
public final class Bootstrap {
    private final double[] values;
    private final ToDoubleFunction<double[]> statistic;
    private final double value;
    private final double[] distribution;
    private final String unit;
    private final String name;

    private Bootstrap(Sample sample, String name, ToDoubleFunction<double[]> statistic, int[][] resamples) {
        Check.that(resamples.length >= 2, "a bootstrap needs at least two resamples, not %s", resamples.length);
        this.values = sample.values();
        this.unit = sample.unit();
        this.name = name;
        this.statistic = statistic;
        this.value = statistic.applyAsDouble(values);
        this.distribution = Arrays.stream(resamples)
                .mapToDouble(indices -> statistic.applyAsDouble(
                        Arrays.stream(indices).mapToDouble(i -> values[i]).toArray()))
                .sorted()
                .toArray();
    }

    /**
     * Bootstraps a statistic of a sample.
     *
     * @param name what the statistic is called in the estimates: {@code mean}
     * @param resamples {@code [resample][n]} indices into the sample
     */
    public static Bootstrap of(Sample sample, String name, ToDoubleFunction<double[]> statistic, int[][] resamples) {
        return new Bootstrap(sample, name, statistic, resamples);
    }

    /** The statistic of the sample itself. */
    public double value() {
        return value;
    }

    /** Standard deviation of the statistic over the resamples (dividing by their number less one). */
    public double standardError() {
        return Sample.deviation(distribution);
    }

    /** The quantiles of the distribution as they are. */
    public Estimate percentile(double level) {
        Distributions.check(level);
        return estimate(quantile((1 - level) / 2), quantile((1 + level) / 2), level, "percentile");
    }

    /** The quantiles mirrored at the statistic: its error is taken to be distributed like theirs. */
    public Estimate basic(double level) {
        Distributions.check(level);
        return estimate(2 * value - quantile((1 + level) / 2), 2 * value - quantile((1 - level) / 2), level, "basic");
    }

    /**
     * Bias-corrected and accelerated (Efron 1987), usually the one to prefer; not defined for data of which no run could be left out
     * with any effect, such as constant data.
     */
    public Estimate bca(double level) {
        Distributions.check(level);
        double low = bcaPercentile((1 - level) / 2);
        double high = bcaPercentile((1 + level) / 2);
        return estimate(
                Double.isNaN(low) ? Double.NaN : quantile(low),
                Double.isNaN(high) ? Double.NaN : quantile(high),
                level,
                "BCa");
    }

    /** Bias correction of BCa: the normal quantile of the share of resamples below the statistic, with half of those equal to it. */
    public double bias() {
        int below = 0;
        int upTo = 0;
        for (double resampled : distribution) {
            below += resampled < value ? 1 : 0;
            upTo += resampled <= value ? 1 : 0;
        }
        return Distributions.quantile((below + upTo) / (2.0 * distribution.length));
    }

    /** Acceleration of BCa: a sixth of the skewness of the jackknife; NaN where leaving out any run changes nothing. */
    public double acceleration() {
        int n = values.length;
        double[] without = new double[n];
        for (int i = 0; i < n; i++) {
            double[] others = new double[n - 1];
            System.arraycopy(values, 0, others, 0, i);
            System.arraycopy(values, i + 1, others, i, n - 1 - i);
            without[i] = n == 1 ? value : statistic.applyAsDouble(others);
        }
        double mean = Sample.mean(without);
        double squares = 0;
        double cubes = 0;
        for (double one : without) {
            squares += Math.pow(mean - one, 2);
            cubes += Math.pow(mean - one, 3);
        }
        return squares == 0 ? Double.NaN : cubes / (6 * Math.pow(squares, 1.5));
    }

    /** The percentile of the distribution at which BCa reads the end of an interval that would lie at p. */
    public double bcaPercentile(double p) {
        double bias = bias();
        double shifted = bias + Distributions.quantile(p);
        double z = bias + shifted / (1 - acceleration() * shifted);
        return Double.isNaN(z) ? Double.NaN : Distributions.cumulative(z);
    }

    private double quantile(double p) {
        return Sample.quantile(distribution, p);
    }

    private Estimate estimate(double low, double high, double level, String kind) {
        return new Estimate(
                value,
                low,
                high,
                level,
                values.length,
                unit,
                kind + " bootstrap of the " + name + ", " + distribution.length + " resamples");
    }
}
