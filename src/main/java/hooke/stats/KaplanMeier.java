package hooke.stats;

import hooke.Check;
import hooke.stats.TimeToEvent.Censored;
import hooke.stats.TimeToEvent.Diverged;
import hooke.stats.TimeToEvent.Reached;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * The share of runs that have not reached the event, as a function of time (Kaplan and Meier 1958), with a band on the log-log scale
 * from Greenwood's variance, and the Nelson-Aalen cumulative hazard. At equal times the event comes before the censoring.
 */
public final class KaplanMeier {
    private final List<Row> rows;
    private final Times times;
    private final double level;

    /**
     * What is known from this time until the next row's. Where the share is 1 or 0 the band has no width, because its formula gives none
     * there; that is no certainty.
     *
     * @param atRisk runs that were still watched, without the event, just before this time
     * @param survival share of runs without the event at this time
     * @param greenwood sum of d / (n (n - d)) so far, Greenwood's variance over survival squared; infinite once survival is 0
     * @param hazard Nelson-Aalen cumulative hazard
     */
    public record Row(
            double time,
            int atRisk,
            int events,
            int censored,
            int diverged,
            double survival,
            double low,
            double high,
            double greenwood,
            double hazard) {}

    private KaplanMeier(List<Row> rows, Times times, double level) {
        this.rows = List.copyOf(rows);
        this.times = times;
        this.level = level;
    }

    static KaplanMeier of(Times times, double level) {
        double reach = Distributions.reach(level);
        List<Row> rows = new ArrayList<>();
        int atRisk = times.n();
        double survival = 1;
        double greenwood = 0;
        double hazard = 0;
        for (var at : counts(times).entrySet()) {
            int events = at.getValue()[0];
            if (events > 0) {
                survival *= (double) (atRisk - events) / atRisk;
                greenwood += (double) events / atRisk / (atRisk - events);
                hazard += (double) events / atRisk;
            }
            double error = reach * Math.sqrt(greenwood) / -Math.log(survival);
            boolean inside = survival > 0 && survival < 1;
            rows.add(new Row(
                    at.getKey(),
                    atRisk,
                    events,
                    at.getValue()[1],
                    at.getValue()[2],
                    survival,
                    inside ? Math.pow(survival, Math.exp(error)) : survival,
                    inside ? Math.pow(survival, Math.exp(-error)) : survival,
                    greenwood,
                    hazard));
            atRisk -= events + at.getValue()[1] + at.getValue()[2];
        }
        return new KaplanMeier(rows, times, level);
    }

    /** Events, censorings and divergences by time, with an entry for time 0. */
    private static SortedMap<Double, int[]> counts(Times times) {
        SortedMap<Double, int[]> counts = new TreeMap<>();
        counts.put(0.0, new int[3]);
        for (TimeToEvent time : times.all()) {
            int kind = switch (time) {
                case Reached _ -> 0;
                case Censored _ -> 1;
                case Diverged _ -> 2;
            };
            counts.computeIfAbsent(time.until() + 0.0, _ -> new int[3])[kind]++;
        }
        return counts;
    }

    /** One row for time 0 and for every time at which something happened, ascending. */
    public List<Row> rows() {
        return rows;
    }

    /** The runs it was made of. */
    public Times times() {
        return times;
    }

    /** Coverage of the band and of every interval from here. */
    public double level() {
        return level;
    }

    /** Share of runs without the event at this time. */
    public double survival(double time) {
        double survival = 1;
        for (Row row : rows) {
            if (row.time() > time) {
                break;
            }
            survival = row.survival();
        }
        return survival;
    }

    /** How many runs are still watched, without the event, just before this time: the numbers under a plot. */
    public int atRisk(double time) {
        return (int) times.all().stream().filter(t -> t.until() >= time).count();
    }

    /** The time by which half of the runs reached the event. */
    public Estimate median() {
        return quantile(0.5);
    }

    /**
     * The first time by which this share of the runs has reached the event, infinite if none; its interval holds the times at which the
     * curves of the band get there (Brookmeyer and Crowley 1982, on the log-log scale).
     */
    public Estimate quantile(double share) {
        Check.that(
                share > 0 && share < 1, "the share of runs (%s) must lie between 0 and 1, 0.5 for the median", share);
        String what = share == 0.5 ? "median" : Estimate.number(share * 100) + "% quantile";
        return new Estimate(
                fallsTo(1 - share, Row::survival),
                fallsTo(1 - share, Row::low),
                fallsTo(1 - share, Row::high),
                level,
                times.n(),
                times.unit(),
                "Kaplan-Meier " + what + ", log-log band");
    }

    private double fallsTo(double share, ToDoubleFunction<Row> curve) {
        // A product of fractions may miss one half by a last bit; no two shares of runs lie so near to each other.
        double limit = share * (1 + 1e-12);
        for (Row row : rows) {
            if (curve.applyAsDouble(row) <= limit) {
                return row.time();
            }
        }
        return Double.POSITIVE_INFINITY;
    }

    /**
     * The mean of min(time, tau): the area under the curve up to tau, with a normal interval from Greenwood's variance, cut at 0 and tau.
     * The interval is not defined where no variance can be estimated, as without any event before tau.
     */
    public Estimate restrictedMean(double tau) {
        double mean = area(0, tau);
        double error = Distributions.reach(level) * Math.sqrt(restrictedMeanVariance(tau));
        return new Estimate(
                mean,
                error > 0 ? Math.max(0, mean - error) : Double.NaN,
                error > 0 ? Math.min(tau, mean + error) : Double.NaN,
                level,
                times.n(),
                times.unit(),
                "mean restricted to " + Estimate.number(tau) + ", Greenwood's variance");
    }

    /**
     * Variance of the restricted mean as an estimate (not of min(time, tau) itself): the sum over event times t of (area from t to tau)^2
     * d / (n (n - d)), without the terms where every run at risk has its event.
     */
    public double restrictedMeanVariance(double tau) {
        checkTau(tau);
        double variance = 0;
        for (Row row : rows) {
            if (row.time() <= tau && row.events() > 0 && row.events() < row.atRisk()) {
                double after = area(row.time(), tau);
                variance += after * after * row.events() / row.atRisk() / (row.atRisk() - row.events());
            }
        }
        return variance;
    }

    private void checkTau(double tau) {
        Check.that(tau > 0, "the end of a restricted mean (%s) must be above 0", tau);
        Check.that(
                tau <= times.lastWatched() || rows.getLast().survival() == 0,
                "a mean restricted to %s %s asks beyond the last run watched (%s); restrict it to that",
                Estimate.number(tau),
                times.unit(),
                Estimate.number(times.lastWatched()));
    }

    private double area(double from, double to) {
        checkTau(to);
        double area = 0;
        for (int i = 0; i < rows.size(); i++) {
            double begin = Math.max(from, rows.get(i).time());
            double end = Math.min(to, i + 1 < rows.size() ? rows.get(i + 1).time() : to);
            area += end > begin ? (end - begin) * rows.get(i).survival() : 0;
        }
        return area;
    }
}
