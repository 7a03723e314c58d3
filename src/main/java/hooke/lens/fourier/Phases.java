package hooke.lens.fourier;

import hooke.store.series.Series;
import java.util.OptionalLong;
import java.util.function.DoublePredicate;
import java.util.function.LongFunction;

/**
 * The phases of a grokking run (Nanda et al. 2023, by a rule that can be stated): memorization, circuit formation, clean-up.
 *
 * @param memorized first evaluation at which the train accuracy exceeds the threshold: memorization ends
 * @param formed first evaluation after the test loss' maximum at which it is below half of it: circuit formation ends
 * @param cleanedUp first evaluation at which the test accuracy exceeds the threshold: clean-up ends
 * @param firstLook first evaluation of all: what is seen there and not at the very beginning may have been before
 */
public record Phases(
        OptionalLong memorized, OptionalLong formed, OptionalLong cleanedUp, double threshold, long firstLook) {

    public static Phases of(Series trainAccuracy, Series testLoss, Series testAccuracy, double threshold) {
        int highest = 0;
        for (int i = 0; i < testLoss.size(); i++) {
            if (testLoss.values()[i] > testLoss.values()[highest]) {
                highest = i;
            }
        }
        double half = testLoss.size() == 0 ? 0 : testLoss.values()[highest] / 2;
        return new Phases(
                first(trainAccuracy, 0, v -> v > threshold),
                first(testLoss, highest, v -> v < half),
                first(testAccuracy, 0, v -> v > threshold),
                threshold,
                trainAccuracy.size() == 0 ? 0 : trainAccuracy.steps()[0]);
    }

    private static OptionalLong first(Series series, int from, DoublePredicate reached) {
        for (int i = from; i < series.size(); i++) {
            if (reached.test(series.values()[i])) {
                return OptionalLong.of(series.steps()[i]);
            }
        }
        return OptionalLong.empty();
    }

    /**
     * When one of the phases ended, in words.
     *
     * @param count how a step is written
     */
    public String ended(OptionalLong phase, LongFunction<String> count) {
        if (phase.isEmpty()) {
            return "no step yet";
        }
        long step = phase.getAsLong();
        return "step " + count.apply(step) + (step > 0 && step == firstLook ? " or before" : "");
    }

    /** The rule in words, as it must stand beside every picture of the phases. */
    public String rule() {
        return ("Memorization ends when the train accuracy first exceeds %s; circuit formation ends when the test loss, after its"
                        + " maximum, first falls below half of it; clean-up ends when the test accuracy first exceeds %s.")
                .formatted(threshold, threshold);
    }
}
