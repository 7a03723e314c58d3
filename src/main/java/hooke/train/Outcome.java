package hooke.train;

/**
 * When something happened in a run, or why that is not known. There is no bare number to average: a run that was stopped before it
 * happened is not one in which it happened at the end.
 */
public sealed interface Outcome {
    /**
     * It happened, and was first seen at an evaluation.
     *
     * @param step updates done at the first evaluation that showed it
     * @param lastBelow updates done at the evaluation before: it happened after that one; -1 if there was none
     */
    record Reached(long step, long lastBelow) implements Outcome {
        /** Whether it may have happened before: the first look of all saw it already, and not at the very beginning. */
        public boolean isAtFirstLook() {
            return lastBelow < 0 && step > 0;
        }
    }

    /** It had not happened when the run ended after so many updates. */
    record Censored(long at) implements Outcome {}

    /** Somebody looked once in all, after so many updates, and it was not so: whether it had happened before is not known. */
    record Unobserved(long at) implements Outcome {}

    /** The training broke before it happened. */
    record Diverged(long at, String why) implements Outcome {}

    /** The run ended by a fault of the program or the machine. */
    record Failed(String why) implements Outcome {}
}
