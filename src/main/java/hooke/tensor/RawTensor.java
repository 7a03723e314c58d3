package hooke.tensor;

import hooke.Check;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Numbers in memory, described: row-major, little-endian, no gaps. Whoever made the segment decides how long it lives.
 *
 * @param shape sizes of the axes, outermost first; empty for a single number
 * @param data exactly as many bytes as shape and dtype say; from a foreign file not necessarily aligned
 */
public record RawTensor(DType dtype, List<Long> shape, MemorySegment data) {
    public RawTensor {
        shape = List.copyOf(shape);
        long bytes = Math.multiplyExact(count(shape), dtype.bytes());
        Check.that(
                data.byteSize() == bytes,
                "a tensor of %s %s takes %s bytes, not %s",
                dtype,
                shape,
                bytes,
                data.byteSize());
    }

    /** Number of elements. */
    public long size() {
        return data.byteSize() / dtype.bytes();
    }

    /** The product of the sizes. Throws {@link ArithmeticException} where it, or a part of it, passes a long. */
    static long count(List<Long> shape) {
        long count = 1;
        for (long n : shape) {
            if (n < 0) {
                throw new ArithmeticException("negative size");
            }
            count = Math.multiplyExact(count, n);
        }
        return count;
    }
}
