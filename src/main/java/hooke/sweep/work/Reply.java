package hooke.sweep.work;

import java.util.Optional;

/** What came of an {@link Order}, or how far it is. */
public sealed interface Reply {
    /** Marks our lines among those that libraries may print. */
    String MARK = "hooke-worker ";

    /**
     * It waits for orders.
     *
     * @param likeness of what it computes with, see {@link hooke.store.Provenance#likeness}
     */
    record Ready(String likeness) implements Reply {}

    /** Updates done so far. */
    record At(long step) implements Reply {}

    /** There is a checkpoint of this step. */
    record Saved(long step) implements Reply {}

    /** Nothing comes after it. */
    sealed interface Last extends Reply {}

    /** @param result as JSON, see {@link hooke.train.ResultJson} */
    record Done(String result) implements Last {}

    /** Saved, to be gone on with. */
    record Paused(long step) implements Last {}

    /** Another process is at it. */
    record Taken() implements Last {}

    /** It broke; the store knows. */
    record Failed(String why) implements Last {}

    /** The process that trained it is gone, and could not write that it broke. */
    record Died(String why) implements Last {}

    /** The machine that trained it is gone, which is no fault of the run. */
    record Lost(String why) implements Last {}

    /** Something in its surroundings does not let it train: the disk, a device. */
    record Refused(String why) implements Last {}

    /** In one line. */
    default String line() {
        String text = switch (this) {
            case Ready(String likeness) -> "ready " + likeness;
            case At(long step) -> "at " + step;
            case Saved(long step) -> "saved " + step;
            case Done(String result) -> "done " + result;
            case Paused(long step) -> "paused " + step;
            case Taken() -> "taken ";
            case Failed(String why) -> "failed " + why;
            case Died(String why) -> "died " + why;
            case Lost(String why) -> "lost " + why;
            case Refused(String why) -> "refused " + why;
        };
        return MARK + text.replaceAll("\\R", " ");
    }

    /** Empty for a line that is none of ours. */
    static Optional<Reply> parse(String line) {
        if (!line.startsWith(MARK)) {
            return Optional.empty();
        }
        String[] words = line.substring(MARK.length()).split(" ", 2);
        return Optional.of(
                switch (words[0]) {
                    case "ready" -> new Ready(words[1]);
                    case "at" -> new At(Long.parseLong(words[1]));
                    case "saved" -> new Saved(Long.parseLong(words[1]));
                    case "done" -> new Done(words[1]);
                    case "paused" -> new Paused(Long.parseLong(words[1]));
                    case "taken" -> new Taken();
                    case "failed" -> new Failed(words[1]);
                    case "died" -> new Died(words[1]);
                    case "lost" -> new Lost(words[1]);
                    case "refused" -> new Refused(words[1]);
                    default -> throw new IllegalStateException("a worker says " + line);
                });
    }
}
