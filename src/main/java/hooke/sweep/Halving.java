package hooke.sweep;

import hooke.Check;
import hooke.config.task.ByToken;
import hooke.config.task.TaskConfig;
import java.util.Collection;
import java.util.List;

/**
 * Successive halving (Jamieson and Talwalkar 2016): at each rung the better part of the cells goes on. A rung at which the metric cannot
 * tell the cells apart is passed by all of them, for a run that groks late looks like chance until it does.
 *
 * @param metric one of {@link #METRICS}
 * @param rungs steps, rising; multiples of {@code train.evaluate_every}
 * @param keep share of the cells that go on from a rung, rounded up
 */
public record Halving(String metric, List<Long> rungs, double keep) {
    /** Seeds of a cell that is judged, at least: with two every difference looks large. */
    public static final int LEAST_SEEDS = 3;

    /** Of texts alone, and the one by which texts of different tokens can be judged. */
    static final String BITS_PER_BYTE = "test-bits-per-byte";

    /** What a rung can be judged by, as files spell it. */
    public static final List<String> METRICS =
            List.of("train-loss", "train-accuracy", "test-loss", "test-accuracy", BITS_PER_BYTE);

    public Halving {
        rungs = List.copyOf(rungs);
        Check.that(!rungs.isEmpty(), "halving.rungs must name at least one step");
        for (int i = 0; i < rungs.size(); i++) {
            Check.that(
                    rungs.get(i) >= 1 && (i == 0 || rungs.get(i) > rungs.get(i - 1)),
                    "halving.rungs (%s) must be increasing steps",
                    rungs);
        }
        Check.that(
                keep > 0 && keep < 1,
                "halving.keep (%s) must be more than 0 and less than 1: a share of the cells",
                keep);
        Check.that(
                METRICS.contains(metric),
                "halving.metric (%s) must be one of %s%s",
                metric,
                String.join(", ", METRICS),
                Check.didYouMean(metric, METRICS));
    }

    /** The metric's series in the store. */
    public String series() {
        return metric.replace('-', '_');
    }

    /** What is compared must be measured of each task, and by the same tokens. */
    public static void checkCompares(String metric, Collection<? extends TaskConfig> tasks) {
        String series = metric.replace('-', '_');
        Check.that(
                !ByToken.counts(series) || !ByToken.differs(tasks),
                "metric (%s) cannot order these cells: %s; take %s",
                metric,
                ByToken.DIFFERS,
                BITS_PER_BYTE);
        Check.that(
                ByToken.counts(series)
                        || tasks.stream().allMatch(task -> task.measures().contains(series)),
                "metric (%s) is measured of texts alone, and not every cell learns one",
                metric);
    }

    public boolean higherIsBetter() {
        return higherIsBetter(metric);
    }

    /** Of one of {@link #METRICS}: the others are losses. */
    public static boolean higherIsBetter(String metric) {
        return metric.endsWith("accuracy");
    }
}
