package hooke.train;

import hooke.config.TrainConfig;
import hooke.config.TrainConfig.Milestones;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** What a training that another program made would have been noted for here: shown its evaluations in order, it finds the milestones. */
public final class Hindsight {
    private final Milestone memorized;
    private final Milestone grokked;
    private @Nullable Evaluation last;
    private @Nullable Outcome broken;
    private int looks;

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

    /** Sees the next evaluation; the milestones that it completes. A loss that is no number ends what can be reached, as in training. */
    public List<Noted> see(Evaluation evaluation) {
        last = evaluation;
        looks++;
        double loss = evaluation.train().loss();
        if (!Double.isFinite(loss)) {
            return diverged(evaluation.step(), "the loss became " + loss);
        }
        List<Noted> noted = new ArrayList<>();
        if (broken != null) {
            return noted;
        }
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

    /** The training is known to have broken by this step; the event of it, unless it had before. */
    public List<Noted> diverged(long step, String why) {
        if (broken != null) {
            return List.of();
        }
        broken = new Outcome.Diverged(step, why);
        return List.of(new Noted(step, "diverged", JsonMapper.shared().writeValueAsString(Map.of("why", why))));
    }

    /** How it ended after so many updates, once at least one evaluation has been seen. */
    public Trainer.Result result(long step) {
        if (last == null) {
            throw new IllegalStateException("a training ends with an evaluation");
        }
        Outcome outcome = outcome(grokked, step, last);
        return new Trainer.Result(step, outcome, outcome(memorized, step, last), outcome, last);
    }

    private Outcome outcome(Milestone milestone, long step, Evaluation seen) {
        if (milestone.isReached()) {
            return milestone.outcome(step);
        }
        if (broken != null) {
            return broken;
        }
        return looks == 1 && seen.step() > 0 ? new Outcome.Unobserved(seen.step()) : milestone.outcome(step);
    }
}
