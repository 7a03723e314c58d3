package hooke.stats;

import hooke.Check;
import java.util.Arrays;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/** One number of each of several independent runs, such as their final accuracies. */
public final class Sample {
    private final double[] values;
    private final double[] sorted;
    private final String unit;

    private Sample(double[] values, String unit) {
        Check.that(values.length >= 1, "a sample must hold at least one number");
        for (double value : values) {
            Check.that(Double.isFinite(value), "a sample cannot hold %s; leave such runs out, and count them", value);
        }
        this.values = values.clone();
        this.sorted = values.clone();
        Arrays.sort(sorted);
        this.unit = unit;
    }

    /** Finite numbers in a unit, which is empty for shares and plain numbers. */
    public static Sample of(double[] values, String unit) {
        return new Sample(values, unit);
    }

    /** The numbers in the order they came in. */
    public double[] values() {
        return values.clone();
    }

    public String unit() {
        return unit;
    }

    public int n() {
        return values.length;
    }

    public double smallest() {
        return sorted[0];
    }

    public double largest() {
        return sorted[n() - 1];
    }

    /** The spread between runs (dividing by n - 1), which more runs do not make smaller; NaN for one run. */
    public double standardDeviation() {
        return deviation(values);
    }

    /** The error of the mean: standard deviation over sqrt(n), which more runs do make smaller; NaN for one run. */
    public double standardError() {
        return standardDeviation() / Math.sqrt(n());
    }

    /** The mean with Student's t interval, which takes the numbers to be about normal; not defined for one run. */
    public Estimate mean(double level) {
        Distributions.check(level);
        double mean = mean(values);
        double half = n() < 2 ? Double.NaN : -Distributions.studentQuantile((1 - level) / 2, n() - 1) * standardError();
        return new Estimate(mean, mean - half, mean + half, level, n(), unit, "Student t interval of the mean");
    }

    /**
     * The median, with the narrowest symmetric pair of order statistics that covers it with at least the level asked for, whatever the
     * distribution; where even smallest and largest do not (95% needs six runs), these, and the estimate's level is the one they attain.
     */
    public Estimate median(double level) {
        Distributions.check(level);
        if (n() == 1) {
            return new Estimate(sorted[0], Double.NaN, Double.NaN, level, 1, unit, "median");
        }
        var half = BinomialDistribution.of(n(), 0.5);
        int rank = 1;
        while (rank + 1 <= n() / 2 && 1 - 2 * half.cumulativeProbability(rank) >= level) {
            rank++;
        }
        double attained = 1 - 2 * half.cumulativeProbability(rank - 1);
        return new Estimate(
                quantile(0.5),
                sorted[rank - 1],
                sorted[n() - rank],
                attained,
                n(),
                unit,
                "order-statistic interval of the median");
    }

    /** The number below which this share of the sample lies, interpolated linearly (numpy's default). */
    public double quantile(double share) {
        Check.that(share >= 0 && share <= 1, "a quantile's share (%s) must lie between 0 and 1", share);
        return quantile(sorted, share);
    }

    /** The mean without the lowest and the highest quarter: int(n / 4) runs are cut at each side. */
    public double interquartileMean() {
        return interquartileMean(values);
    }

    /** {@link #interquartileMean()} as a statistic, to hand to a bootstrap. */
    public static double interquartileMean(double[] values) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        int cut = values.length / 4;
        return mean(Arrays.copyOfRange(ascending, cut, values.length - cut));
    }

    /** The arithmetic mean, as a statistic to hand to a bootstrap. */
    public static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** The middle, as a statistic to hand to a bootstrap. */
    public static double median(double[] values) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        return quantile(ascending, 0.5);
    }

    static double deviation(double[] values) {
        if (values.length < 2) {
            return Double.NaN;
        }
        double mean = mean(values);
        double squares = 0;
        for (double value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (values.length - 1));
    }

    static double quantile(double[] ascending, double share) {
        double place = share * (ascending.length - 1);
        int below = (int) Math.floor(place);
        int above = Math.min(below + 1, ascending.length - 1);
        return ascending[below] + (place - below) * (ascending[above] - ascending[below]);
    }
}
