package hooke.train;

import hooke.config.TrainConfig;
import hooke.config.TrainConfig.Milestones;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a training that another program made would have been noted for here: shown its evaluations in order, it finds the milestones. */
public final class Hindsight {
    private final Milestone memorized;
    private final Milestone grokked;
    private @Nullable Evaluation last;

    /**
     * A milestone that an evaluation completed, as an event.
     *
     * @param at the step of that evaluation
     * @param detail JSON
     */
    public record Noted(long at, String kind, String detail) {}

    public Hindsight(TrainConfig config) {
        Milestones milestones = config.milestones();
        this.memorized = new Milestone(e -> e.train().accuracy(), milestones.threshold(), false, milestones.patience());
        this.grokked = new Milestone(e -> e.test().accuracy(), milestones.threshold(), false, milestones.patience());
    }

    /** Sees the next evaluation; the milestones that it completes. */
    public List<Noted> see(Evaluation evaluation) {
        last = evaluation;
        List<Noted> noted = new ArrayList<>();
        note("memorized", memorized, evaluation, noted);
        note("grokked", grokked, evaluation, noted);
        return noted;
    }

    private static void note(String kind, Milestone milestone, Evaluation evaluation, List<Noted> noted) {
        if (milestone.see(evaluation)
                && milestone.outcome(evaluation.step()) instanceof Outcome.Reached(long step, long lastBelow)) {
            String detail = "{\"step\": " + step + ", \"last_below\": " + lastBelow + "}";
            noted.add(new Noted(evaluation.step(), kind, detail));
        }
    }

    /** How it ended after so many updates, once at least one evaluation has been seen. */
    public Trainer.Result result(long step) {
        if (last == null) {
            throw new IllegalStateException("a training ends with an evaluation");
        }
        Outcome outcome = grokked.outcome(step);
        return new Trainer.Result(step, outcome, memorized.outcome(step), outcome, last);
    }
}
