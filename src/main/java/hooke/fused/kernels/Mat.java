package hooke.fused.kernels;

/**
 * A matrix in a plain array, in row-major order: its rows begin at {@code offset} and lie {@code stride} apart, so that a part of a
 * matrix is one, too. How many rows and columns are meant says who works on it.
 */
public record Mat(float[] array, int offset, int stride) {
    public static Mat of(float[] array, int stride) {
        return new Mat(array, 0, stride);
    }

    public static Mat zeros(int rows, int stride) {
        return of(new float[rows * stride], stride);
    }

    /** Where a row begins in the array. */
    public int row(int row) {
        return offset + row * stride;
    }

    /** The part that begins with this row. */
    public Mat from(int row) {
        return from(row, 0);
    }

    /** The part that begins with this number of this row. */
    public Mat from(int row, int column) {
        return new Mat(array, row(row) + column, stride);
    }
}
