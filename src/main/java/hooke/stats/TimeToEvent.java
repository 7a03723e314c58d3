package hooke.stats;

import hooke.Check;

/**
 * When an event was seen in one run, or up to when it was not. There is no bare number to average: a run that was stopped before its
 * event is not one whose event came at the end.
 */
public sealed interface TimeToEvent {
    /** Up to when the run was watched for the event: when it was seen, or when the watching ended. */
    double until();

    /**
     * The event was first seen at this step; it came after {@code lastBelow}, when it was last looked for in vain.
     *
     * @param lastBelow below 0 if the first look saw it
     */
    record Reached(double step, double lastBelow) implements TimeToEvent {
        public Reached {
            Check.that(step >= 0 && Double.isFinite(step), "a time to an event (%s) must be a number from 0", step);
            Check.that(lastBelow <= step, "the look before an event (%s) cannot come after it (%s)", lastBelow, step);
        }

        @Override
        public double until() {
            return step;
        }
    }

    /** The event had not come when the run was stopped. */
    record Censored(double at) implements TimeToEvent {
        public Censored {
            Check.that(at >= 0 && Double.isFinite(at), "a censoring time (%s) must be a number from 0", at);
        }

        @Override
        public double until() {
            return at;
        }
    }

    /** The run broke before the event, which can no longer come. */
    record Diverged(double at) implements TimeToEvent {
        public Diverged {
            Check.that(at >= 0 && Double.isFinite(at), "a time of divergence (%s) must be a number from 0", at);
        }

        @Override
        public double until() {
            return at;
        }
    }
}
