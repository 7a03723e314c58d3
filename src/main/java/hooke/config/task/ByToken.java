package hooke.config.task;

import java.util.Collection;

/**
 * What is counted by token, losses and accuracies, and when it may be compared. Where texts were cut into other tokens it may not: the
 * same text is then another number of them, some easier to guess.
 */
public final class ByToken {
    /** Said wherever such figures are left out or refused. */
    public static final String DIFFERS =
            "these texts are cut into different tokens, so losses and accuracies, which are counted by token, cannot be"
                    + " compared; bits/byte (test_bits_per_byte) and nats/character (test_nats_per_character) can";

    private ByToken() {}

    /** Whether texts among the tasks have different tokenizers. */
    public static boolean differs(Collection<? extends TaskConfig> tasks) {
        return tasks.stream()
                        .filter(TextConfig.class::isInstance)
                        .map(task -> ((TextConfig) task).facts().tokenizerSha256())
                        .distinct()
                        .limit(2)
                        .count()
                > 1;
    }

    /** Whether a series is counted by token. */
    public static boolean counts(String series) {
        return series.equals("loss")
                || series.endsWith("_loss")
                || series.endsWith("_accuracy")
                || series.endsWith("_exact_match");
    }
}
