package hooke.fused.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vectors of the Vector API's kernels, and the sum over the lanes of one. The API's own adds in one order when interpreted and in
 * another when compiled; {@link #sum} adds halves to halves, always.
 */
public final class Lanes {
    /** The processor's, but no more lanes than rows are filled up to. */
    static final VectorSpecies<Float> F = FloatVector.SPECIES_PREFERRED.length() <= FlatWeights.LANES
            ? FloatVector.SPECIES_PREFERRED
            : FloatVector.SPECIES_512;

    public static final int L = F.length();

    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private Lanes() {}

    private static VectorShuffle<Float> rotation(int by) {
        return VectorShuffle.fromOp(F, lane -> (lane + by) % L);
    }

    /** Of all lanes, halves added to halves. */
    static float sum(FloatVector v) {
        FloatVector s = v;
        if (L >= 16) {
            s = s.add(s.rearrange(BY_8));
        }
        if (L >= 8) {
            s = s.add(s.rearrange(BY_4));
        }
        if (L >= 4) {
            s = s.add(s.rearrange(BY_2));
        }
        return s.add(s.rearrange(BY_1)).lane(0);
    }
}
