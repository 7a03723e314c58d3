package hooke.lens.fourier;

import hooke.store.Series;
import java.util.OptionalLong;
import java.util.function.DoublePredicate;

/**
 * The phases of a grokking run (Nanda et al. 2023, by a rule that can be stated): memorization, circuit formation, clean-up.
 *
 * @param memorized first evaluation at which the train accuracy exceeds the threshold: memorization ends
 * @param formed first evaluation after the test loss' maximum at which it is below half of it: circuit formation ends
 * @param cleanedUp first evaluation at which the test accuracy exceeds the threshold: clean-up ends
 */
public record Phases(OptionalLong memorized, OptionalLong formed, OptionalLong cleanedUp, double threshold) {

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
                threshold);
    }

    private static OptionalLong first(Series series, int from, DoublePredicate reached) {
        for (int i = from; i < series.size(); i++) {
            if (reached.test(series.values()[i])) {
                return OptionalLong.of(series.steps()[i]);
            }
        }
        return OptionalLong.empty();
    }

    /** The rule in words, as it must stand beside every picture of the phases. */
    public String rule() {
        return ("Memorization ends when the train accuracy first exceeds %s; circuit formation ends when the test loss, after its"
                        + " maximum, first falls below half of it; clean-up ends when the test accuracy first exceeds %s.")
                .formatted(threshold, threshold);
    }
}
