package hooke.config;

import hooke.Check;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What gradients go through between clipping and optimizer: Grokfast (Lee et al. 2024, arXiv 2405.20233), which adds their slowly varying
 * part to them once more, so that a model generalises sooner.
 */
public sealed interface GradientFilter {
    /** As they are. */
    record None() implements GradientFilter {}

    /** {@code g + lamb m} with the moving average {@code m = alpha m + (1 - alpha) g}, which begins as the first gradient. */
    record Ema(double alpha, double lamb) implements GradientFilter {
        public Ema {
            Check.that(
                    alpha >= 0 && alpha < 1,
                    "train.gradient_filter.alpha (%s) must be at least 0 and less than 1",
                    alpha);
            checkShare("alpha", alpha);
            checkLamb(lamb);
        }
    }

    /**
     * {@code g + lamb m} with the mean of the last gradients, this one among them; before there are {@code window} of them, as they are.
     */
    record Ma(int window, double lamb) implements GradientFilter {
        public Ma {
            Check.that(
                    window >= 1 && window <= 10_000,
                    "train.gradient_filter.window (%s) must be from 1 to 10,000 updates",
                    window);
            checkLamb(lamb);
        }

        /** Names of what is remembered of each weight: the last gradients in turns, and their sum. */
        public List<String> remembers() {
            return Stream.concat(
                            IntStream.range(0, window).mapToObj(i -> "grokfast.gradient." + i),
                            Stream.of("grokfast.sum"))
                    .toList();
        }
    }

    private static void checkShare(String key, double share) {
        Check.that(
                OptimizerConfig.isKept(share),
                "train.gradient_filter.%s (%s) must be 0 or from %s to 0.99999994: float32 takes what is smaller for 0"
                        + " and what is larger for 1",
                key,
                share,
                TrainConfig.SMALLEST);
    }

    private static void checkLamb(double lamb) {
        Check.that(
                lamb >= Float.MIN_NORMAL && lamb <= 1000,
                "train.gradient_filter.lamb (%s) must be from %s to 1000",
                lamb,
                TrainConfig.SMALLEST);
    }

    /** Gradients that it remembers of each weight. */
    default int remembered() {
        return switch (this) {
            case None() -> 0;
            case Ema _ -> 1;
            case Ma(int window, double _) -> window + 1; // The gradients of the window, and their sum.
        };
    }
}
