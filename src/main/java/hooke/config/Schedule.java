package hooke.config;

import hooke.Check;

/**
 * What the learning rate is multiplied by, as the training goes on. Where there is a {@code warmup}, it is that many updates in which the
 * factor rises from 0 in equal steps to 1; the rest follows behind it.
 */
public sealed interface Schedule {
    record Constant() implements Schedule {}

    /** From 0 at the first update in equal steps to the full rate. */
    record Warmup(int steps) implements Schedule {
        public Warmup {
            Check.that(steps >= 1, "train.schedule.steps (%s) must be at least 1", steps);
        }
    }

    /**
     * Half a cosine from 1 to {@code to} (Loshchilov and Hutter 2017, arXiv 1608.03983, without restarts): without warm-up PyTorch's
     * CosineAnnealingLR with all steps as T_max, stepped after each update.
     */
    record Cosine(int warmup, double to) implements Schedule {
        public Cosine {
            check(warmup, to);
        }
    }

    /** In equal steps from 1 to {@code to}, which would come after the last update. */
    record Linear(int warmup, double to) implements Schedule {
        public Linear {
            check(warmup, to);
        }
    }

    /** Multiplied by a factor after every so many updates: PyTorch's StepLR. */
    record Step(int every, double factor, int warmup) implements Schedule {
        public Step {
            Check.that(every >= 1, "train.schedule.every (%s) must be at least 1", every);
            Check.that(
                    factor > 0 && factor <= 1, "train.schedule.factor (%s) must be more than 0 and at most 1", factor);
            check(warmup, 0);
        }
    }

    private static void check(int warmup, double to) {
        Check.that(warmup >= 0, "train.schedule.warmup (%s) must be at least 0", warmup);
        Check.that(to >= 0 && to <= 1, "train.schedule.to (%s) must be from 0 to 1: a share of the rate", to);
    }

    /**
     * The factor of the update that is made after {@code step} updates.
     *
     * @param steps of the whole training
     */
    default double factor(long step, int steps) {
        int warmup = warmup();
        if (step < warmup) {
            return (double) step / warmup;
        }
        double done = (double) (step - warmup) / Math.max(1, steps - warmup);
        return switch (this) {
            case Constant(), Warmup _ -> 1;
            case Cosine(int _, double to) -> to + (1 - to) * (1 + Math.cos(Math.PI * done)) / 2;
            case Linear(int _, double to) -> to + (1 - to) * (1 - done);
            case Step(int every, double factor, int _) -> Math.pow(factor, Math.floorDiv(step - warmup, every));
        };
    }

    /** Updates in which it rises. */
    default int warmup() {
        return switch (this) {
            case Constant() -> 0;
            case Warmup(int steps) -> steps;
            case Cosine(int warmup, double _) -> warmup;
            case Linear(int warmup, double _) -> warmup;
            case Step(int _, double _, int warmup) -> warmup;
        };
    }

    /** The smallest factor above 0 that a training of so many steps can meet. */
    default double least(int steps) {
        double risen = warmup() == 0 ? 1 : 1.0 / warmup();
        return warmup() >= steps ? risen : Math.min(risen, factor(steps - 1L, steps));
    }
}
