package hooke.lens.fourier;

import java.util.List;

/**
 * One picture of the film of a training: a checkpoint measured, with what can be shown of it.
 *
 * @param places of the elements' embeddings in the plane of the last frame's two largest principal components, [element][2]
 * @param inPlane share of this frame's centred embeddings' sum of squares that lies in that plane
 * @param patterns attention of every head, averaged over a sample of pairs
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Frame(Snapshot snapshot, double[][] places, double inPlane, List<Pattern> patterns) {
    public Frame {
        patterns = List.copyOf(patterns);
    }

    /** @param weights [query][key] */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Pattern(int layer, int head, double[][] weights) {}
}
