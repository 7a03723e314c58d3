package hooke.stats;

import hooke.Check;
import hooke.stats.TimeToEvent.Censored;
import hooke.stats.TimeToEvent.Diverged;
import hooke.stats.TimeToEvent.Reached;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The times to one event of several runs. Kaplan-Meier, its median and its restricted mean are defined for them; the plain mean only
 * where every run reached the event, and it is refused otherwise.
 *
 * <p>A diverged run counts as censored at its divergence, which asks: how fast would runs be if none diverged? {@link
 * #divergedAsNeverReached} asks the other question. Either way the number of diverged runs stands beside the figure.
 */
public final class Times {
    private final List<TimeToEvent> all;
    private final String unit;

    private Times(Collection<? extends TimeToEvent> all, String unit) {
        Check.that(!all.isEmpty(), "a sample of times must hold at least one run");
        this.all = List.copyOf(all);
        this.unit = unit;
    }

    /** The times of so many runs, in a unit such as {@code steps}. */
    public static Times of(Collection<? extends TimeToEvent> all, String unit) {
        return new Times(all, unit);
    }

    /** Times without the look before: the event is taken to lie where it was seen. */
    public static Times of(double[] time, boolean[] reached, String unit) {
        Check.that(
                time.length == reached.length,
                "%s times and %s marks of what was reached must be equally many",
                time.length,
                reached.length);
        List<TimeToEvent> all = new ArrayList<>();
        for (int i = 0; i < time.length; i++) {
            all.add(reached[i] ? new Reached(time[i], time[i]) : new Censored(time[i]));
        }
        return new Times(all, unit);
    }

    public List<TimeToEvent> all() {
        return all;
    }

    public String unit() {
        return unit;
    }

    public int n() {
        return all.size();
    }

    public int reached() {
        return (int) all.stream().filter(Reached.class::isInstance).count();
    }

    public int censored() {
        return (int) all.stream().filter(Censored.class::isInstance).count();
    }

    public int diverged() {
        return (int) all.stream().filter(Diverged.class::isInstance).count();
    }

    /** The latest time at which any of the runs was watched. */
    public double lastWatched() {
        return all.stream().mapToDouble(TimeToEvent::until).max().orElseThrow();
    }

    /** The mean with its Student t interval, of runs that all reached the event; refused if one did not. */
    public Estimate mean(double level) {
        Check.that(
                reached() == n(),
                "the mean of %s times cannot be taken: %s censored and %s diverged, and when these would have reached the event "
                        + "is not known; ask for the Kaplan-Meier median or the restricted mean",
                n(),
                censored(),
                diverged());
        return Sample.of(all.stream().mapToDouble(TimeToEvent::until).toArray(), unit)
                .mean(level);
    }

    /** The survival curve with a band of this coverage. */
    public KaplanMeier kaplanMeier(double level) {
        return KaplanMeier.of(this, level);
    }

    /**
     * The time by which half of the runs reached the event, as it may be shown to a person: without an interval where the curve never
     * stands between 1 and 0, as for a single run, since the band has no width there, which is no certainty.
     */
    public Estimate median(double level) {
        KaplanMeier curve = kaplanMeier(level);
        Estimate median = curve.median();
        return curve.rows().stream().anyMatch(row -> row.survival() > 0 && row.survival() < 1)
                ? median
                : median.withoutInterval();
    }

    /** How many of the runs reached the event, as a share with its Wilson interval. */
    public Estimate shareReached(double level) {
        return new Proportion(reached(), n()).wilson(level);
    }

    /**
     * The same sample as if every event had come right after the last look that did not see it. With evaluations at intervals the
     * true curve lies between this one and the sample's own.
     */
    public Times atLastBelow() {
        return new Times(
                all.stream()
                        .map(t -> t instanceof Reached r
                                ? new Reached(Math.max(0, r.lastBelow()), Math.max(0, r.lastBelow()))
                                : t)
                        .toList(),
                unit);
    }

    /**
     * The same sample with each diverged run as one that did not reach the event in all of the given time, since it never can. Where
     * the others were watched that long or reached it, 1 less the Kaplan-Meier curve is then the cumulative incidence of the event with
     * divergence as its competitor (Fine and Gray 1999, the risk set of the subdistribution).
     */
    public Times divergedAsNeverReached(double watched) {
        Check.that(
                watched >= lastWatched(),
                "diverged runs must count as watched up to the end (%s %s), not to %s",
                lastWatched(),
                unit,
                watched);
        return new Times(
                all.stream()
                        .map(t -> t instanceof Diverged ? new Censored(watched) : t)
                        .toList(),
                unit);
    }

    /** {@code 5 runs: 3 reached, 2 censored, 0 diverged}. */
    @Override
    public String toString() {
        return n() + " runs: " + reached() + " reached, " + censored() + " censored, " + diverged() + " diverged";
    }
}
