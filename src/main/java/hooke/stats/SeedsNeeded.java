package hooke.stats;

import hooke.Check;
import java.util.Locale;

/**
 * How many seeds a cell needs before a test would see a difference of a given size, as a plan for what to run next. It takes the spread,
 * or the share that reaches the event, to stay what it is in the runs so far, which few runs know badly.
 *
 * @param perCell seeds of each of two cells
 * @param more seeds to add to the cell that has the fewest; 0 if both have enough
 * @param question what the test compares and how large a difference, in words
 * @param power chance to see the difference if it is there
 * @param alpha chance to see one that is not there
 */
public record SeedsNeeded(int perCell, int more, String question, double power, double alpha) {
    private static final int MOST = 1_000_000;

    /**
     * For a difference of two means by a two-sided t test with equal spread: the smallest n with difference >= (t_(1-alpha/2) + t_power)
     * s sqrt(2/n), t with 2n - 2 degrees and s the pooled standard deviation.
     */
    public static SeedsNeeded forMeans(Sample a, Sample b, double difference, double power, double alpha) {
        check(power, alpha);
        Check.that(difference > 0, "the difference to see (%s) must be above 0", difference);
        Check.that(
                a.n() >= 2 && b.n() >= 2,
                "the spread is not known from %s and %s runs; two of each are needed",
                a.n(),
                b.n());
        double pooled = Math.sqrt(
                (Math.pow(a.standardDeviation(), 2) * (a.n() - 1) + Math.pow(b.standardDeviation(), 2) * (b.n() - 1))
                        / (a.n() + b.n() - 2));
        int low = 1;
        int high = 2;
        while (high < MOST && !sees(high, difference, pooled, power, alpha)) {
            low = high;
            high *= 2;
        }
        Check.that(
                high < MOST,
                "a difference of %s is too small against a spread of %s: more than %s seeds would be needed",
                difference,
                pooled,
                MOST);
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (sees(middle, difference, pooled, power, alpha)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        String unit = a.unit().isEmpty() ? "" : " " + a.unit();
        return new SeedsNeeded(
                high,
                Math.max(0, high - Math.min(a.n(), b.n())),
                "a difference of " + Estimate.number(difference) + unit
                        + " between two means with a two-sided t test, spread " + Estimate.number(pooled) + unit
                        + " from n = " + a.n() + " and " + b.n(),
                power,
                alpha);
    }

    /**
     * For two survival curves by a two-sided log-rank test (Schoenfeld 1981): 4 (z_(1-alpha/2) + z_power)^2 / (ln ratio)^2 events in
     * all, each run having one with the probability seen so far.
     *
     * @param ratio how many times as often a run of one cell reaches the event per step as one of the other; where rates are constant,
     *     the ratio of their medians
     */
    public static SeedsNeeded forTimes(Times a, Times b, double ratio, double power, double alpha) {
        check(power, alpha);
        Check.that(ratio > 0 && ratio != 1, "the ratio of rates to see (%s) must be above 0 and not 1", ratio);
        int reached = a.reached() + b.reached();
        Check.that(
                reached > 0,
                "no run of either cell reached the event (%s and %s runs), so more seeds of this length would show nothing; run longer",
                a.n(),
                b.n());
        double share = (double) reached / (a.n() + b.n());
        double z = Distributions.quantile(1 - alpha / 2) + Distributions.quantile(power);
        double events = 4 * z * z / Math.pow(Math.log(ratio), 2);
        double each = Math.ceil(events / share / 2);
        Check.that(each < MOST, "a ratio of %s is too near to 1: more than %s seeds would be needed", ratio, MOST);
        return new SeedsNeeded(
                (int) each,
                (int) Math.max(0, each - Math.min(a.n(), b.n())),
                String.format(
                        Locale.ROOT,
                        "a ratio of %s between two rates with a two-sided log-rank test, where %d of %d runs reach the event",
                        Estimate.number(ratio),
                        reached,
                        a.n() + b.n()),
                power,
                alpha);
    }

    private static boolean sees(int n, double difference, double spread, double power, double alpha) {
        double t = Distributions.studentQuantile(1 - alpha / 2, 2 * n - 2)
                + Distributions.studentQuantile(power, 2 * n - 2);
        return difference >= t * spread * Math.sqrt(2.0 / n);
    }

    private static void check(double power, double alpha) {
        Check.that(power > 0.5 && power < 1, "the power (%s) must lie between 0.5 and 1, 0.8 for 80%%", power);
        Check.that(alpha > 0 && alpha < 0.5, "alpha (%s) must lie between 0 and 0.5, 0.05 for 5%%", alpha);
    }

    /** {@code 7 more seeds a cell (12 in all) would show ...}. */
    public String text() {
        String seeds = more == 0
                ? "The " + perCell + " seeds a cell that this needs are there to show "
                : more + (more == 1 ? " more seed" : " more seeds") + " a cell (" + perCell + " in all) would show ";
        return seeds + question + ", at power " + Estimate.number(power * 100) + "% and alpha "
                + Estimate.number(Math.rint(alpha * 1e6) / 1e4) + "%.";
    }
}
