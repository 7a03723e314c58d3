package hooke.config.task;

import hooke.Amounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** Whether losses on texts, in bits/byte or nats/character, may be put beside each other. */
public final class LikeTexts {
    /** A smaller difference in the share of unknown tokens moves no figure that is shown. */
    private static final double TOLD = 1e-3;

    private LikeTexts() {}

    /** Whether texts among the tasks have different test sets. */
    public static boolean differ(Collection<? extends TaskConfig> tasks) {
        return texts(tasks).stream()
                        .map(text ->
                                List.of(text.facts().fileSha256(), text.facts().testDocuments()))
                        .distinct()
                        .limit(2)
                        .count()
                > 1;
    }

    /** What a reader of several losses must know, as sentences. */
    public static List<String> remarks(Collection<? extends TaskConfig> tasks) {
        List<String> remarks = new ArrayList<>();
        if (differ(tasks)) {
            remarks.add(
                    "The texts that these are tested on differ, and one may be easier than another: their losses, in any unit, cannot be compared.");
        }
        double[] unknown = texts(tasks).stream()
                .mapToDouble(
                        text -> (double) text.facts().unknown() / text.facts().testTokens())
                .toArray();
        double most = Arrays.stream(unknown).max().orElse(0);
        double least = Arrays.stream(unknown).min().orElse(0);
        if (most - least >= TOLD) {
            remarks.add(
                    "Of the tokens of the test set %s to %s are unknown, depending on the tokenizer; what they stand for is not scored, so that the loss is too low where they are many."
                            .formatted(least == 0 ? "0%" : Amounts.percent(least), Amounts.percent(most)));
        }
        return remarks;
    }

    private static List<TextConfig> texts(Collection<? extends TaskConfig> tasks) {
        return tasks.stream()
                .filter(TextConfig.class::isInstance)
                .map(TextConfig.class::cast)
                .toList();
    }
}
