package hooke.cli;

import hooke.train.Evaluation;
import hooke.train.Measure;
import hooke.train.Outcome;
import hooke.train.Trainer;
import java.util.Locale;

/** How a training ended, in words. */
final class Ending {
    private Ending() {}

    /** Milestones and final figures, a line each. */
    static String of(Trainer.Result result) {
        Evaluation last = result.last();
        return sentence("memorized", result.memorized()) + "\n"
                + sentence("grokked", result.grokked()) + "\n"
                + Table.of("at step " + Amounts.count(last.step()), "loss", "accuracy")
                        .row("train", Amounts.figure(last.train().loss()), percent(last.train()))
                        .row("test", Amounts.figure(last.test().loss()), percent(last.test()))
                        .text("");
    }

    /** {@code grokked at step 1,230 (not yet at 1,220)}; by step 1,230, where nobody looked before. */
    static String sentence(String milestone, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Reached reached ->
                "%s %s step %s%s"
                        .formatted(
                                milestone,
                                reached.isAtFirstLook() ? "by" : "at",
                                Amounts.count(reached.step()),
                                reached.lastBelow() >= 0
                                        ? " (not yet at " + Amounts.count(reached.lastBelow()) + ")"
                                        : reached.isAtFirstLook() ? ", the first that was looked at" : "");
            case Outcome.Censored(long at) -> "not %s within %s".formatted(milestone, Amounts.of(at, "step", "steps"));
            case Outcome.Diverged(long at, String why) ->
                "not %s: diverged at step %s, %s".formatted(milestone, Amounts.count(at), why);
            case Outcome.Failed(String why) -> "not %s: failed, %s".formatted(milestone, why);
        };
    }

    /** For a column of a table: the step, {@code <= 10,000} where nobody looked before, {@code > 10,000} where it had not happened by then. */
    static String cell(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Reached reached -> (reached.isAtFirstLook() ? "<= " : "") + Amounts.count(reached.step());
            case Outcome.Censored(long at) -> "> " + Amounts.count(at);
            case Outcome.Diverged _ -> "diverged";
            case Outcome.Failed _ -> "failed";
        };
    }

    static String percent(Measure measure) {
        return String.format(Locale.ROOT, "%.2f%%", 100 * measure.accuracy());
    }
}
