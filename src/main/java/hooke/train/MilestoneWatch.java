package hooke.train;

import hooke.config.Milestone;

/**
 * Watches for the first evaluation at which a milestone holds and, with patience, goes on to hold for further ones. What it knows
 * follows from the evaluations alone, so that a resumed run is shown the old ones and knows the same.
 */
final class MilestoneWatch {
    private final Milestone milestone;

    private long lastBelow = -1;
    private long candidate = -1;
    private long beforeCandidate = -1;
    private int held;

    MilestoneWatch(Milestone milestone) {
        this.milestone = milestone;
    }

    Milestone milestone() {
        return milestone;
    }

    /** Sees the next evaluation; true if this one completes the milestone. */
    boolean see(Evaluation evaluation) {
        if (isReached()) {
            return false;
        }
        if (milestone.holds(evaluation.value(milestone.series()))) {
            if (candidate < 0) {
                candidate = evaluation.step();
                beforeCandidate = lastBelow;
            }
            held++;
            return isReached();
        }
        lastBelow = evaluation.step();
        candidate = -1;
        held = 0;
        return false;
    }

    boolean isReached() {
        return held > milestone.patience();
    }

    /** What is known after so many updates. */
    Outcome outcome(long step) {
        return isReached() ? new Outcome.Reached(candidate, beforeCandidate) : new Outcome.Censored(step);
    }
}
