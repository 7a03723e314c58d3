package hooke.fused.kernels;

import java.lang.foreign.MemorySegment;
import java.util.IdentityHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Arrays from some place on, as a library takes them. Made once for each place and kept: making three for each product would fill
 * several megabytes a second.
 */
final class Slices {
    private final IdentityHashMap<float[], @Nullable MemorySegment[]> known = new IdentityHashMap<>();

    /** @param at a multiple of {@link FlatWeights#LANES} */
    MemorySegment of(float[] array, int at) {
        @Nullable MemorySegment @Nullable [] slices = known.get(array);
        if (slices == null) {
            slices = new MemorySegment[array.length / FlatWeights.LANES + 1];
            known.put(array, slices);
        }
        int place = at / FlatWeights.LANES;
        MemorySegment slice = slices[place];
        if (slice == null) {
            slice = MemorySegment.ofArray(array).asSlice((long) Float.BYTES * at);
            slices[place] = slice;
        }
        return slice;
    }
}
