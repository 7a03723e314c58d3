package hooke.config;

/** How much the fused engine takes together of sequences as they come: so much that what it keeps of them has a bounded size. */
public final class ContextRows {
    /** Logits, unless those of 256 positions are more. */
    public static final int LOGITS = 1 << 23;

    /** Positions, unless one sequence has more. */
    private static final int MOST = 4096;
    /** Bytes that layers keep of these positions for the way back, unless one sequence needs more. */
    private static final double KEPT = 1 << 28;

    private ContextRows() {}

    /** How many sequences of a length are taken together. */
    public static int sequences(ModelConfig model, boolean recomputes, int length) {
        double positions = Math.min(MOST, KEPT / (Float.BYTES * keptOfPosition(model, recomputes)));
        return (int) Math.max(1, positions / length);
    }

    /** Numbers that are kept of one position: the stream before all layers and behind the last, and what they compute, or one of them. */
    static double keptOfPosition(ModelConfig m, boolean recomputes) {
        double heads = m.nHeads() * (double) m.dHead();
        double neurons = (m.gatedMlp() ? 2.0 : 1.0) * m.dMlp();
        double layer = (m.norm().isPost() ? 2.0 : 1.0) * m.dModel() + 4 * heads + neurons;
        return (m.nLayers() + 1.0) * m.dModel() + (recomputes ? 1 : m.nLayers()) * layer;
    }
}
