package hooke.interop.pickle;

import hooke.InputException;

/** How much memory the values of one pickle may take, reckoned from above: a byte of file can ask for a hundred of memory. */
final class Budget {
    private static final long BYTES = 160L << 20;

    private final String source;
    private long left = BYTES;

    Budget(String source) {
        this.source = source;
    }

    void spend(long bytes) {
        left -= bytes;
        if (left < 0) {
            throw new InputException("%s: its values, tensors aside, would take more than the %s MiB allowed"
                    .formatted(source, BYTES >> 20));
        }
    }
}
