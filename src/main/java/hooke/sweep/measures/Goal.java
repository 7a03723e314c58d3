package hooke.sweep.measures;

import hooke.Check;
import hooke.config.Experiment;
import hooke.config.TrainConfig;
import hooke.config.TrainConfig.Metric;
import hooke.config.TrainConfig.Stop;
import hooke.stats.TimeToEvent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * What a run may reach: an accuracy beyond a threshold, and so for some further evaluations.
 *
 * @param orEqual whether the threshold itself is enough
 * @param patience further evaluations that must be so, too
 */
public record Goal(Kind kind, Metric metric, double threshold, boolean orEqual, int patience) {
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
        Check.that(
                threshold > 0 && threshold <= 1,
                "the threshold of an accuracy (%s) must lie above 0 and up to 1",
                threshold);
        Check.that(patience >= 0, "patience (%s) must be at least 0 evaluations", patience);
    }

    /** The goals of an experiment: memorized, grokked and, where it has a stopping rule, that. */
    public static List<Goal> of(Experiment experiment) {
        TrainConfig.Milestones m = experiment.train().milestones();
        List<Goal> goals = new ArrayList<>();
        goals.add(new Goal(Kind.MEMORIZED, Metric.TRAIN_ACCURACY, m.threshold(), false, m.patience()));
        goals.add(new Goal(Kind.GROKKED, Metric.TEST_ACCURACY, m.threshold(), false, m.patience()));
        switch (experiment.train().stop()) {
            case Stop.Never() -> {}
            case Stop.Reached(Metric metric, double atLeast, int patience) ->
                goals.add(new Goal(Kind.REACHED, metric, atLeast, true, patience));
        }
        return goals;
    }

    /** The name of the series that it watches. */
    public String series() {
        return metric.name().toLowerCase(Locale.ROOT);
    }

    boolean holds(double value) {
        return value > threshold || orEqual && value == threshold;
    }

    /** Index of the evaluation at which it was reached for good: the first that holds and is followed by as many as patience asks for. */
    public OptionalInt first(double[] values) {
        int held = 0;
        for (int i = 0; i < values.length; i++) {
            held = holds(values[i]) ? held + 1 : 0;
            if (held > patience) {
                return OptionalInt.of(i - patience);
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
        return series().replace('_', ' ') + (orEqual ? " at least " : " above ")
                + BigDecimal.valueOf(threshold)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString() + "%"
                + (patience == 0
                        ? ""
                        : ", held for " + patience + " further " + (patience == 1 ? "evaluation" : "evaluations"));
    }
}
