package hooke.train;

import hooke.config.EventKind;
import hooke.config.Milestone;
import hooke.config.TrainConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a training has come to: its milestones, and whether its loss is still a number. Shown every evaluation in order, by a training as
 * it goes or by one that looks back at what another program recorded.
 */
public final class Milestones {
    private final List<MilestoneWatch> watches;
    private final @Nullable Milestone stop;
    private @Nullable Evaluation last;
    private @Nullable Outcome broken;
    private int looks;

    /**
     * A milestone that an evaluation completed, or a break, as an event.
     *
     * @param at the step of that evaluation
     * @param detail JSON
     */
    public record Noted(long at, EventKind kind, String detail) {}

    Milestones(TrainConfig config) {
        this.stop = config.stopsAt().orElse(null);
        List<Milestone> all = new ArrayList<>(config.allMilestones());
        if (stop != null && !all.contains(stop)) {
            all.add(stop);
        }
        this.watches = all.stream().map(MilestoneWatch::new).toList();
    }

    /** Sees the next evaluation; what it completes. After a break nothing can be reached. */
    List<Noted> see(Evaluation evaluation) {
        last = evaluation;
        looks++;
        List<Noted> noted = new ArrayList<>();
        if (broken != null) {
            return noted;
        }
        for (MilestoneWatch watch : watches) {
            if (watch.see(evaluation)
                    && watch.outcome(evaluation.step()) instanceof Outcome.Reached(long step, long lastBelow)) {
                noted.add(noted(evaluation.step(), watch.milestone(), step, lastBelow));
            }
        }
        return noted;
    }

    private static Noted noted(long at, Milestone milestone, long step, long lastBelow) {
        String when = "\"step\": " + step + ", \"last_below\": " + lastBelow;
        return milestone.isNamed()
                ? new Noted(at, EventKind.MILESTONE, "{\"name\": \"" + milestone.name() + "\", " + when + "}")
                : new Noted(at, EventKind.of(milestone.name()), "{" + when + "}");
    }

    /** The training broke at this step, or is known to have by then; the event of it, unless it had before. */
    List<Noted> diverged(long step, String why) {
        if (broken != null) {
            return List.of();
        }
        broken = new Outcome.Diverged(step, why);
        return List.of(new Noted(step, EventKind.DIVERGED, JsonMapper.shared().writeValueAsString(Map.of("why", why))));
    }

    /** A loss was measured; what it breaks. */
    List<Noted> loss(long step, double loss) {
        return Double.isFinite(loss) ? List.of() : diverged(step, "the loss became " + loss);
    }

    boolean isBroken() {
        return broken != null;
    }

    /** Whether the stopping rule holds. */
    boolean isStopped() {
        return watches.stream().anyMatch(w -> w.milestone().equals(stop) && w.isReached());
    }

    /** How it ended after so many updates, once at least one evaluation has been seen. */
    Trainer.Result result(long step) {
        if (last == null) {
            throw new IllegalStateException("a training ends with an evaluation");
        }
        SequencedMap<String, Outcome> outcomes = new LinkedHashMap<>();
        for (MilestoneWatch watch : watches) {
            outcomes.put(watch.milestone().name(), outcome(watch, step, last));
        }
        Outcome outcome = Objects.requireNonNull(outcomes.get(stop == null ? Milestone.GROKKED : stop.name()));
        outcomes.remove(Milestone.REACHED); // That is the outcome.
        return new Trainer.Result(step, outcome, outcomes, last);
    }

    /** Where only one late checkpoint was looked at, nobody knows when something came about, or that it never did. */
    private Outcome outcome(MilestoneWatch watch, long step, Evaluation seen) {
        if (watch.isReached()) {
            return watch.outcome(step);
        }
        if (broken != null) {
            return broken;
        }
        return looks == 1 && seen.step() > 0 ? new Outcome.Unobserved(seen.step()) : watch.outcome(step);
    }
}
