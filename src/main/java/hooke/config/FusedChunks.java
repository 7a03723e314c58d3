package hooke.config;

/** How many examples the fused engine takes together: so many that what it keeps of them has a bounded size. */
public final class FusedChunks {
    /** Floats of activations that one pass may keep. */
    private static final long KEPT = 1L << 25;

    private static final int LEAST = 32;
    private static final int MOST = 16_384;

    private FusedChunks() {}

    /** @param floats kept of one example */
    public static int size(double floats) {
        return (int) Math.clamp(KEPT / Math.max(1, floats), LEAST, MOST);
    }
}
