package hooke.config;

import hooke.Amounts;
import hooke.config.TrainConfig.Stop;
import hooke.config.task.TaskConfig;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a training may come to, and how that is told: {@code grokked}, or {@code 99.9% test accuracy reached}. Where nothing is learned by
 * heart first, memorizing and grokking are no story, and what counts is when the goal was reached.
 */
public enum Aim {
    /** The train accuracy of the milestones. */
    MEMORIZED,
    /** The test accuracy of the milestones. */
    GROKKED,
    /** What the stopping rule waits for; without one, the test accuracy of the milestones. */
    REACHED;

    /** Those that tell what came of a run: none on a text without a stopping rule, which nobody expects to be guessed. */
    public static List<Aim> of(Experiment experiment) {
        TaskConfig task = experiment.task();
        boolean hasGoal = task.isSolvable() || experiment.train().stopsAt().isPresent();
        return task.memorizes() ? List.of(MEMORIZED, GROKKED) : hasGoal ? List.of(REACHED) : List.of();
    }

    /** Whether an event is one of the three that note an aim. */
    public static boolean isNotedBy(EventKind event) {
        return switch (event) {
            case MEMORIZED, GROKKED, REACHED -> true;
            case MILESTONE, DIVERGED, IMPORTED, ARTIFACT, TOKENIZER, SAMPLES, UNKNOWN -> false;
        };
    }

    /** The aim that an event tells of; none where it is no story of this task, or no aim at all. */
    public static Optional<Aim> ofEvent(EventKind event, Experiment experiment) {
        boolean memorizes = experiment.task().memorizes();
        boolean hasRule = experiment.train().stopsAt().isPresent();
        return switch (event) {
            case MEMORIZED -> memorizes ? Optional.of(MEMORIZED) : Optional.empty();
            case GROKKED -> memorizes ? Optional.of(GROKKED) : hasRule ? Optional.empty() : Optional.of(REACHED);
            case REACHED -> Optional.of(REACHED);
            case MILESTONE, DIVERGED, IMPORTED, ARTIFACT, TOKENIZER, SAMPLES, UNKNOWN -> Optional.empty();
        };
    }

    /** What is said of a run that came to it: {@code grokked}. */
    public String done(TrainConfig train) {
        return subject(train) + verb();
    }

    /** What is said of one that did not: {@code not grokked}. */
    public String missed(TrainConfig train) {
        return subject(train) + "not " + verb();
    }

    private String verb() {
        return name().toLowerCase(Locale.ROOT);
    }

    private String subject(TrainConfig train) {
        return this == REACHED ? goal(train) + " " : "";
    }

    /** {@code 99.9% test accuracy}. */
    private static String goal(TrainConfig train) {
        return switch (train.stop()) {
            case Stop.Reached(TrainConfig.Metric metric, double atLeast, int _) ->
                Amounts.exactPercent(atLeast) + " "
                        + metric.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            case Stop.AtMilestone(String name) -> "milestone " + name;
            case Stop.Never() ->
                "more than " + Amounts.exactPercent(train.milestones().threshold()) + " test accuracy";
        };
    }
}
