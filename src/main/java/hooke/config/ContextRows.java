package hooke.config;

/** How much the fused engine takes together of sequences as they come: so much that what it keeps of them has a bounded size. */
public final class ContextRows {
    /** Positions, unless one sequence has more. */
    public static final int MOST = 4096;

    /** Logits, unless those of 128 positions are more. */
    public static final int LOGITS = 1 << 23;

    private ContextRows() {}
}
