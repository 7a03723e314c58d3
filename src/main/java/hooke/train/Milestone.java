package hooke.train;

import java.util.function.ToDoubleFunction;

/**
 * Watches one accuracy for the first evaluation at which it is high enough and, with patience, stays so for further ones. What it knows
 * follows from the evaluations alone, so that a resumed run is shown the old ones and knows the same.
 */
final class Milestone {
    private final ToDoubleFunction<Evaluation> accuracy;
    private final double threshold;
    private final boolean orEqual;
    private final int patience;

    private long lastBelow = -1;
    private long candidate = -1;
    private long beforeCandidate = -1;
    private int held;

    Milestone(ToDoubleFunction<Evaluation> accuracy, double threshold, boolean orEqual, int patience) {
        this.accuracy = accuracy;
        this.threshold = threshold;
        this.orEqual = orEqual;
        this.patience = patience;
    }

    /** Sees the next evaluation; true if this one completes the milestone. */
    boolean see(Evaluation evaluation) {
        if (isReached()) {
            return false;
        }
        double value = accuracy.applyAsDouble(evaluation);
        if (value > threshold || orEqual && value == threshold) {
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
        return held > patience;
    }

    /** What is known after so many updates. */
    Outcome outcome(long step) {
        return isReached() ? new Outcome.Reached(candidate, beforeCandidate) : new Outcome.Censored(step);
    }
}
