package hooke.interop.pickle;

import hooke.Check;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** Views as PyTorch describes them, laid out row-major. */
public final class Strides {
    /** An expanded tensor shows its storage more than once, and a few bytes of file could ask for any amount of memory. */
    private static final long MAX_REPEATED = 1 << 24;

    private Strides() {}

    static List<Long> rowMajor(List<Long> shape) {
        List<Long> strides = new ArrayList<>();
        long stride = 1;
        for (long n : shape.reversed()) {
            strides.addFirst(stride);
            stride *= Math.max(1, n);
        }
        return strides;
    }

    /** Number of values. Throws {@link ArithmeticException} where it passes a long. */
    public static long count(List<Long> shape) {
        long count = 1;
        for (long n : shape) {
            count = Math.multiplyExact(count, n);
        }
        return count;
    }

    static RawTensor gather(Value.Tensor tensor) {
        List<Long> shape = tensor.shape();
        long count = count(shape);
        int width = tensor.dtype().bytes();
        MemorySegment data = tensor.storage().data();
        if (count == 0 || isRowMajor(tensor)) {
            long begin = count == 0 ? 0 : tensor.offset() * width;
            return new RawTensor(tensor.dtype(), shape, data.asSlice(begin, count * width));
        }
        Check.that(
                count <= Math.max(tensor.storage().size(), MAX_REPEATED),
                "a tensor of shape %s repeats a storage of %s values: more than %s values are not supported",
                shape,
                tensor.storage().size(),
                MAX_REPEATED);
        MemorySegment rows = MemorySegment.ofArray(new long[Math.toIntExact(Math.ceilDiv(count * width, 8))])
                .asSlice(0, count * width);
        long[] at = new long[shape.size()];
        long from = tensor.offset();
        for (long i = 0; i < count; i++) {
            copy(data, from, rows, i, width);
            from = advance(at, from, tensor);
        }
        return new RawTensor(tensor.dtype(), shape, rows);
    }

    private static boolean isRowMajor(Value.Tensor tensor) {
        List<Long> wanted = rowMajor(tensor.shape());
        for (int i = 0; i < wanted.size(); i++) {
            if (tensor.shape().get(i) != 1
                    && !wanted.get(i).equals(tensor.strides().get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The next index, the last axis fastest; where its value lies. */
    private static long advance(long[] at, long from, Value.Tensor tensor) {
        long next = from;
        for (int axis = at.length - 1; axis >= 0; axis--) {
            long stride = tensor.strides().get(axis);
            at[axis]++;
            next += stride;
            if (at[axis] < tensor.shape().get(axis)) {
                return next;
            }
            next -= stride * at[axis];
            at[axis] = 0;
        }
        return next;
    }

    private static void copy(MemorySegment from, long i, MemorySegment to, long j, int width) {
        switch (width) {
            case 8 -> to.set(ValueLayout.JAVA_LONG_UNALIGNED, j * 8, from.get(ValueLayout.JAVA_LONG_UNALIGNED, i * 8));
            case 4 -> to.set(ValueLayout.JAVA_INT_UNALIGNED, j * 4, from.get(ValueLayout.JAVA_INT_UNALIGNED, i * 4));
            case 2 ->
                to.set(ValueLayout.JAVA_SHORT_UNALIGNED, j * 2, from.get(ValueLayout.JAVA_SHORT_UNALIGNED, i * 2));
            default -> to.set(ValueLayout.JAVA_BYTE, j, from.get(ValueLayout.JAVA_BYTE, i));
        }
    }
}
