package hooke.sweep;

import hooke.stats.TimeToEvent;
import hooke.store.Run;
import hooke.train.Evaluation;
import hooke.train.Outcome;
import hooke.train.ResultJson;
import hooke.train.Trainer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One seed of a cell. There are numbers only where the run is done: one that still trains has no result that could be compared, and one
 * that failed never will.
 *
 * @param seed what every random stream follows from
 * @param hash of the experiment with this seed
 * @param stored the run in the store; null if it was not begun
 * @param status how far it is
 * @param ending how it ended; null unless it is done
 * @param failure why it failed, a sentence; null unless it did
 */
public record SweepRun(
        long seed,
        String hash,
        @Nullable Run stored,
        Status status,
        @Nullable Ending ending,
        @Nullable String failure) {

    /** How far a run is. */
    public enum Status {
        /** Nobody has begun it. */
        MISSING,
        /** A process of this machine is at it. */
        RUNNING,
        /** Begun, and to be gone on with. */
        STOPPED,
        DONE,
        /** It crashed, also when it was tried again. */
        FAILED
    }

    /**
     * How a run that is done ended.
     *
     * @param memorized when the train accuracy passed the threshold, in updates
     * @param grokked when the test accuracy passed it
     * @param stopped when the experiment's stopping rule was met; where it has none, as grokked
     * @param step updates done
     * @param evaluatedAt the last evaluation, which the numbers are of: the mean loss in nats and the share of right answers on each whole
     *     set
     */
    public record Ending(
            TimeToEvent memorized,
            TimeToEvent grokked,
            TimeToEvent stopped,
            long step,
            long evaluatedAt,
            double trainLoss,
            double trainAccuracy,
            double testLoss,
            double testAccuracy) {

        static Ending of(Trainer.Result result) {
            Evaluation last = result.last();
            return new Ending(
                    time(result.memorized()),
                    time(result.grokked()),
                    time(result.outcome()),
                    result.step(),
                    last.step(),
                    last.train().loss(),
                    last.train().accuracy(),
                    last.test().loss(),
                    last.test().accuracy());
        }

        private static TimeToEvent time(Outcome outcome) {
            return switch (outcome) {
                case Outcome.Reached(long step, long lastBelow) -> new TimeToEvent.Reached(step, lastBelow);
                case Outcome.Censored(long at) -> new TimeToEvent.Censored(at);
                case Outcome.Unobserved _ -> new TimeToEvent.Censored(0); // nothing was watched
                case Outcome.Diverged(long at, String _) -> new TimeToEvent.Diverged(at);
                case Outcome.Failed(String why) ->
                    throw new IllegalStateException("a run that is done has not failed: " + why);
            };
        }

        /** Whether the loss stopped being a number. */
        public boolean diverged() {
            return stopped instanceof TimeToEvent.Diverged || grokked instanceof TimeToEvent.Diverged;
        }
    }

    /** @param stored the run in the store, or null */
    static SweepRun of(long seed, String hash, @Nullable Run stored) {
        if (stored == null) {
            return new SweepRun(seed, hash, null, Status.MISSING, null, null);
        }
        String outcome = String.valueOf(stored.outcome());
        return switch (stored.status()) {
            case RUNNING -> new SweepRun(seed, hash, stored, Status.RUNNING, null, null);
            case STOPPED -> new SweepRun(seed, hash, stored, Status.STOPPED, null, null);
            case DONE -> new SweepRun(seed, hash, stored, Status.DONE, Ending.of(ResultJson.read(outcome)), null);
            case FAILED -> new SweepRun(seed, hash, stored, Status.FAILED, null, why(outcome));
            case DAMAGED -> new SweepRun(seed, hash, stored, Status.FAILED, null, stored.fault());
        };
    }

    private static String why(String outcome) {
        return ResultJson.readOutcome(outcome) instanceof Outcome.Failed(String why) ? why : outcome;
    }

    public Optional<Ending> end() {
        return Optional.ofNullable(ending);
    }

    /** {@code name/seed} in the store; empty if it was not begun. */
    public String address() {
        return stored == null ? "" : stored.address();
    }

    /** Updates done, as far as stored. */
    public long step() {
        return stored == null ? 0 : stored.step();
    }
}
