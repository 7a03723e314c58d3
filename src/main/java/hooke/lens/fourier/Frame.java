package hooke.lens.fourier;

import java.util.List;

/**
 * One picture of the film of a training: a checkpoint measured, with what can be shown of it.
 *
 * @param planes the elements' embeddings in planes that the last frame has: one for each key frequency, or else one alone
 * @param patterns attention of every head, averaged over a sample of pairs
 */
public record Frame(Snapshot snapshot, List<Places> planes, List<Pattern> patterns) {
    public Frame {
        planes = List.copyOf(planes);
        patterns = List.copyOf(patterns);
    }

    /**
     * Where the elements' embeddings lie in a plane.
     *
     * @param part the frequency whose cosine and sine span it; 0 for the two largest principal components
     * @param at [element][2]
     * @param share of this frame's centred embeddings' sum of squares that lies in it
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Places(int part, double[][] at, double share) {}

    /** @param weights [query][key] */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Pattern(int layer, int head, double[][] weights) {}
}
