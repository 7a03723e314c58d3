package hooke.fused.context;

import hooke.fused.kernels.Gemm;
import java.lang.foreign.MemorySegment;

/**
 * The three products of a linear map {@code Y = X W'} with W [out, in]: forward, of the gradient to what it read, and of the gradient of
 * W. A call takes at most {@value #PIECE} multiply-adds, one to two milliseconds of one core, since the JVM can stop for nothing while one
 * runs; which pieces depends on nothing but the sizes.
 */
final class ContextProducts {
    private static final int PIECE = 1 << 26;

    private final Gemm gemm;
    private final int bytes;

    /** @param bytes of a factor's number */
    ContextProducts(Gemm gemm, int bytes) {
        this.gemm = gemm;
        this.bytes = bytes;
    }

    private MemorySegment factor(MemorySegment matrix, long index) {
        return matrix.asSlice(index * bytes);
    }

    private static MemorySegment floats(float[] array, int at) {
        return MemorySegment.ofArray(array).asSlice((long) Float.BYTES * at);
    }

    private static int piece(int of, long timesOthers) {
        int whole = (int) Math.min(of, Math.max(16, PIECE / timesOthers));
        int pieces = (of + whole - 1) / whole;
        int even = (of + pieces - 1) / pieces;
        return Math.min(of, (even + 15) / 16 * 16);
    }

    /** {@code Y = X W' + keep Y}: X [rows, in], W [out, in], Y [rows, out]. */
    void forward(
            int rows,
            int out,
            int in,
            MemorySegment x,
            int xStride,
            MemorySegment w,
            int wStride,
            float keep,
            float[] y,
            int yAt,
            int yStride) {
        int step = piece(out, (long) rows * in);
        for (int j = 0; j < out; j += step) {
            int some = Math.min(step, out - j);
            gemm.multiply(
                    false,
                    true,
                    rows,
                    some,
                    in,
                    x,
                    xStride,
                    factor(w, (long) j * wStride),
                    wStride,
                    keep,
                    floats(y, yAt + j),
                    yStride);
        }
    }

    /**
     * {@code dX = dY W + keep dX}: dY [rows, out], W [out, in], dX [rows, in]; so many numbers of a row of dY at a time as a call may
     * take, since columns of dX would be too few to multiply fast where there are many classes.
     */
    void backward(
            int rows,
            int out,
            int in,
            MemorySegment dy,
            int dyStride,
            MemorySegment w,
            int wStride,
            float keep,
            float[] dx,
            int dxAt,
            int dxStride) {
        int step = piece(out, (long) rows * in);
        for (int j = 0; j < out; j += step) {
            int some = Math.min(step, out - j);
            gemm.multiply(
                    false,
                    false,
                    rows,
                    in,
                    some,
                    factor(dy, j),
                    dyStride,
                    factor(w, (long) j * wStride),
                    wStride,
                    j == 0 ? keep : 1,
                    floats(dx, dxAt),
                    dxStride);
        }
    }

    /** {@code dW += dY' X}: dY [rows, out], X [rows, in], dW [out, in]; so many rows at a time as a call may take. */
    void gradient(
            int rows,
            int out,
            int in,
            MemorySegment dy,
            int dyStride,
            MemorySegment x,
            int xStride,
            float[] dw,
            int dwAt,
            int dwStride) {
        int step = piece(rows, (long) out * in);
        for (int i = 0; i < rows; i += step) {
            int some = Math.min(step, rows - i);
            gemm.multiply(
                    true,
                    false,
                    out,
                    in,
                    some,
                    factor(dy, (long) i * dyStride),
                    dyStride,
                    factor(x, (long) i * xStride),
                    xStride,
                    1,
                    floats(dw, dwAt),
                    dwStride);
        }
    }
}
