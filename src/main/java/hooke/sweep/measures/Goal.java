package hooke.sweep.measures;

import hooke.Check;
import hooke.config.Experiment;
import hooke.config.Milestone;
import hooke.stats.TimeToEvent;
import hooke.store.series.Series;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** What a run may reach: a measure beyond a threshold, and so for some further evaluations. */
public record Goal(Kind kind, Milestone milestone) {
    /** The milestones of every training, and the stopping rule of some. */
    public enum Kind {
        MEMORIZED("memorize"),
        GROKKED("grok"),
        /** The experiment's own stopping rule. */
        REACHED("reach the target");

        private final String verb;

        Kind(String verb) {
            this.verb = verb;
        }

        /** As in "step to grok". */
        public String verb() {
            return verb;
        }
    }

    public Goal {
        double threshold = milestone.value();
        Check.that(
                !milestone.series().endsWith("_accuracy") || threshold > 0 && threshold <= 1,
                "the threshold of an accuracy (%s) must lie above 0 and up to 1",
                threshold);
        Check.that(milestone.patience() >= 0, "patience (%s) must be at least 0 evaluations", milestone.patience());
    }

    /** The goals of an experiment: memorized, grokked and, where it has a stopping rule, that. */
    public static List<Goal> of(Experiment experiment) {
        List<Goal> goals = new ArrayList<>();
        for (Milestone milestone : experiment.train().allMilestones()) {
            switch (milestone.name()) {
                case Milestone.MEMORIZED -> goals.add(new Goal(Kind.MEMORIZED, milestone));
                case Milestone.GROKKED -> goals.add(new Goal(Kind.GROKKED, milestone));
                default -> {} // Told of a run, not of a sweep.
            }
        }
        experiment.train().stopsAt().ifPresent(stop -> goals.add(new Goal(Kind.REACHED, stop)));
        return goals;
    }

    /** This goal with another threshold and patience. */
    Goal with(double threshold, int patience) {
        return new Goal(
                kind, new Milestone(milestone.name(), milestone.series(), milestone.relation(), threshold, patience));
    }

    /** The name of the series that it watches. */
    public String series() {
        return milestone.series();
    }

    public double threshold() {
        return milestone.value();
    }

    public int patience() {
        return milestone.patience();
    }

    /** Whether the threshold itself is enough. */
    public boolean orEqual() {
        return switch (milestone.relation()) {
            case AT_LEAST, AT_MOST -> true;
            case ABOVE, BELOW -> false;
        };
    }

    boolean holds(double value) {
        return milestone.holds(value);
    }

    /** Index of the evaluation at which it was reached for good: the first that holds and is followed by as many as patience asks for. */
    public OptionalInt first(double[] values) {
        int held = 0;
        for (int i = 0; i < values.length; i++) {
            held = holds(values[i]) ? held + 1 : 0;
            if (held > patience()) {
                return OptionalInt.of(i - patience());
            }
        }
        return OptionalInt.empty();
    }

    /**
     * When the goal was reached, after the evaluation before; or that it was not by the end.
     *
     * @param end updates done when the run ended, or until now
     * @param diverged whether it ended because the training broke
     */
    public TimeToEvent time(long[] steps, double[] values, long end, boolean diverged) {
        OptionalInt first = first(values);
        if (first.isPresent()) {
            int at = first.getAsInt();
            return new TimeToEvent.Reached(steps[at], at == 0 ? -1 : steps[at - 1]);
        }
        boolean once = steps.length == 1 && steps[0] > 0; // an imported checkpoint: nobody watched how it came about
        return diverged ? new TimeToEvent.Diverged(end) : new TimeToEvent.Censored(once ? 0 : end);
    }

    /** {@code test accuracy above 99%, held for 2 further evaluations}. */
    public String text() {
        String compared = switch (milestone.relation()) {
            case ABOVE -> " above ";
            case AT_LEAST -> " at least ";
            case BELOW -> " below ";
            case AT_MOST -> " at most ";
        };
        String value = Series.isLoss(series())
                ? Double.toString(threshold())
                : BigDecimal.valueOf(threshold())
                                .movePointRight(2)
                                .stripTrailingZeros()
                                .toPlainString() + "%";
        return series().replace('_', ' ')
                + compared
                + value
                + (patience() == 0
                        ? ""
                        : ", held for " + patience() + " further " + (patience() == 1 ? "evaluation" : "evaluations"));
    }
}
