package hooke.config;

import java.util.Arrays;
import java.util.Locale;

/** What an event of a run tells. A run stores the kind as a word; one that a later Hooke wrote may be unknown here, and stays as it is. */
public enum EventKind {
    MEMORIZED,
    GROKKED,
    /** The stopping rule holds. */
    REACHED,
    /** A milestone with a name of its own, which stands in the detail. */
    MILESTONE,
    DIVERGED,
    /** Another program trained the run. */
    IMPORTED,
    /** A file that belongs to the run as a whole is kept. */
    ARTIFACT,
    /** How a run's text is cut into tokens. */
    TOKENIZER,
    /** Texts that the model wrote at an evaluation. */
    SAMPLES,
    UNKNOWN;

    public static EventKind of(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word().equals(word))
                .findFirst()
                .orElse(UNKNOWN);
    }

    /** As runs store it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
