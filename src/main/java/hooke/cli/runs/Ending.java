package hooke.cli.runs;

import hooke.Amounts;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.TextTable;
import hooke.config.Aim;
import hooke.config.Experiment;
import hooke.config.Milestone;
import hooke.config.TrainConfig;
import hooke.config.task.TextConfig;
import hooke.config.task.TextScore;
import hooke.train.Evaluation;
import hooke.train.Measure;
import hooke.train.Outcome;
import hooke.train.Trainer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a training ended, in words. */
public final class Ending {
    private Ending() {}

    /** What came of it and the final figures, a line each. */
    public static String of(Experiment experiment, Trainer.Result result) {
        return String.join("\n", sentences(experiment, result)) + "\n"
                + (isUnmeasured(result.last().train())
                        ? ""
                        : figures(experiment, result).text(""));
    }

    /** What came of it: when it memorized and grokked; where that is no story, how well it does and when it reached its goal. */
    static List<String> sentences(Experiment experiment, Trainer.Result result) {
        if (isUnmeasured(result.last().train())) {
            return List.of("nothing is measured: no task is known");
        }
        var sentences = new ArrayList<String>();
        if (!experiment.task().memorizes()) {
            sentences.add(experiment.task().doing(percent(result.last().test())) + " of the test set");
        }
        if (experiment.task() instanceof TextConfig text) {
            sentences.add(losses(text, result.last().test()));
        }
        for (Aim aim : Aim.of(experiment)) {
            if (aim == Aim.REACHED && experiment.train().stopsAtNamed()) {
                continue; // told below, with what it means
            }
            Outcome outcome = switch (aim) {
                case MEMORIZED -> result.memorized();
                case GROKKED -> result.grokked();
                case REACHED -> result.outcome();
            };
            sentences.add(sentence(aim, experiment.train(), outcome));
        }
        for (Milestone milestone : experiment.train().allMilestones()) {
            Outcome outcome = result.milestones().get(milestone.name());
            if (milestone.isNamed() && outcome != null) {
                String what = "milestone " + milestone.name() + " (" + milestone.meaning() + ")";
                sentences.add(sentence(what + " reached", what + " not reached", outcome));
            }
        }
        return sentences;
    }

    /** {@code 4.521 nats/token, 1.663 nats/character, 2.381 bits/byte}. */
    private static String losses(TextConfig text, Measure test) {
        TextScore score = TextScore.of(text, test.loss());
        return Stream.of(score.natsPerToken(), score.natsPerCharacter(), score.bitsPerByte())
                .map(loss -> Amounts.figure(loss.value()) + " " + loss.unit())
                .collect(Collectors.joining(", "));
    }

    /** What came of it in a line of many: {@code grokked at step 1,230 (not yet at 1,220), test accuracy 99.95%}. */
    public static String line(Experiment experiment, Trainer.Result result) {
        boolean grokked = experiment.task().memorizes() && result.outcome().equals(result.grokked());
        List<Aim> aims = Aim.of(experiment);
        Aim aim = grokked ? Aim.GROKKED : Aim.REACHED;
        String goal = aims.isEmpty() ? "" : sentence(aim, experiment.train(), result.outcome()) + ", ";
        return goal
                + (experiment.task() instanceof TextConfig text
                        ? losses(text, result.last().test())
                        : "test accuracy " + percent(result.last().test()));
    }

    static TextTable figures(Experiment experiment, Trainer.Result result) {
        Evaluation last = result.last();
        List<String> metrics = List.copyOf(last.train().metrics().keySet());
        List<String> head = new ArrayList<>(List.of(
                "at step " + Amounts.count(last.step()),
                "loss (" + experiment.task().lossUnit() + ")"));
        metrics.forEach(metric -> head.add(metric.replace('_', ' ')));
        TextTable table = TextTable.of(head.toArray(String[]::new));
        last.sets().forEach((set, measure) -> {
            List<String> row = new ArrayList<>(List.of(set, Amounts.figure(measure.loss())));
            metrics.forEach(metric -> row.add(percent(measure.metrics().getOrDefault(metric, Double.NaN))));
            table.row(row);
        });
        return table;
    }

    public static String sentence(Aim aim, TrainConfig train, Outcome outcome) {
        return sentence(aim.done(train), aim.missed(train), outcome);
    }

    /** {@code grokked at step 1,230 (not yet at 1,220)}; by step 1,230, where nobody looked before. */
    public static String sentence(String done, String missed, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Reached reached ->
                "%s %s step %s%s"
                        .formatted(
                                done,
                                reached.isAtFirstLook() ? "by" : "at",
                                Amounts.count(reached.step()),
                                reached.lastBelow() >= 0
                                        ? " (not yet at " + Amounts.count(reached.lastBelow()) + ")"
                                        : reached.isAtFirstLook() ? ", the first that was evaluated" : "");
            case Outcome.Censored(long at) -> "%s within %s".formatted(missed, Amounts.of(at, "step", "steps"));
            case Outcome.Unobserved(long at) ->
                "unknown whether %s: only step %s was evaluated".formatted(done, Amounts.count(at));
            case Outcome.Diverged(long at, String why) ->
                "%s: diverged at step %s, %s".formatted(missed, Amounts.count(at), why);
            case Outcome.Failed(String why) -> "%s: failed, %s".formatted(missed, why);
        };
    }

    /**
     * For a column of a table: the step, {@code <= 10,000} where nobody looked before, {@code > 10,000} where it had not happened by then,
     * {@code unknown} where nobody looked but once.
     */
    static String cell(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Reached reached -> (reached.isAtFirstLook() ? "<= " : "") + Amounts.count(reached.step());
            case Outcome.Censored(long at) -> "> " + Amounts.count(at);
            case Outcome.Unobserved _ -> "unknown";
            case Outcome.Diverged _ -> "diverged";
            case Outcome.Failed _ -> "failed";
        };
    }

    /**
     * The step at which an event happened. A milestone is noted when its patience is over, and says itself when it began.
     *
     * @param noted at which it was noted
     * @param detail of the event, JSON
     */
    public static long happened(long noted, String detail) {
        return Json.tree(detail).path("step").asLong(noted);
    }

    /** What an event is called: a milestone has a name of its own. */
    public static String name(String kind, String detail) {
        return Json.tree(detail).path("name").asString(kind);
    }

    /** A share of right answers is a number, also where the loss is none. */
    private static boolean isUnmeasured(Measure measure) {
        return Double.isNaN(measure.accuracy());
    }

    public static String percent(Measure measure) {
        return percent(measure.accuracy());
    }

    private static String percent(double share) {
        return Double.isNaN(share) ? "" : Amounts.percent(share);
    }
}
