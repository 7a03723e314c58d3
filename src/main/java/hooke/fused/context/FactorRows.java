package hooke.fused.context;

import hooke.fused.kernels.Bf16;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Mat;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of numbers that products read, in the precision of the products. They are written in three steps: {@link #open} says in which floats
 * to compute them, {@link #place} where there, and {@link #close} keeps them.
 */
abstract sealed class FactorRows {
    private final int width;
    private final int stride;

    private FactorRows(int width) {
        this.width = width;
        this.stride = stride(width);
    }

    /** @param bf16 what rounds them to bfloat16; null where they stay floats */
    static FactorRows of(int rows, int width, @Nullable Bf16 bf16) {
        return bf16 == null ? new Floats(rows, width) : new Halves(rows, width, bf16);
    }

    /**
     * From row to row: whole vectors, and no multiple of 512 bytes, since rows whose numbers fall on the same lines of a cache make the
     * product that reads them by columns twice as slow.
     */
    static int stride(int width) {
        int whole = FlatWeights.wide(width);
        return whole % 128 == 0 ? whole + FlatWeights.LANES : whole;
    }

    int width() {
        return width;
    }

    int stride() {
        return stride;
    }

    /** What a product reads, from a place on. */
    abstract MemorySegment at(int row, int column);

    /** In which floats rows are computed: their own, or those of a tile. */
    abstract float[] open(float[] tile);

    /** The rows of a tile from this one on, in what {@link #open} gives. */
    final Mat rows(float[] tile, int row) {
        return new Mat(open(tile), place(row, 0), stride());
    }

    /** Where a row begins in what {@link #open} gave, if it is number {@code inTile} of the tile. */
    abstract int place(int row, int inTile);

    /** Keeps rows that were computed in a tile. */
    abstract void close(float[] tile, int row, int rows);

    /** Keeps the first columns of rows that were computed in a tile. */
    abstract void close(float[] tile, int row, int rows, int columns);

    /** Floats that hold such rows, at {@link #place}: their own, or those of a tile, which are filled. */
    abstract float[] read(float[] tile, int row, int rows);

    /** Copies a piece of a row out. */
    abstract void copyOut(int row, int column, int count, float[] to, int at);

    /** Copies a piece of each of some rows, numbered from a first one, to places that lie so far apart. */
    void copyOut(int first, int[] rows, int column, int count, float[] to, int apart) {
        for (int i = 0; i < rows.length; i++) {
            copyOut(first + rows[i], column, count, to, i * apart);
        }
    }

    /** Copies a piece of a row in. */
    abstract void copyIn(float[] from, int at, int row, int column, int count);

    private static final class Floats extends FactorRows {
        private final float[] values;

        Floats(int rows, int width) {
            super(width);
            this.values = new float[rows * stride()];
        }

        @Override
        MemorySegment at(int row, int column) {
            return MemorySegment.ofArray(values).asSlice((long) Float.BYTES * (row * stride() + column));
        }

        @Override
        float[] open(float[] tile) {
            return values;
        }

        @Override
        int place(int row, int inTile) {
            return row * stride();
        }

        @Override
        void close(float[] tile, int row, int rows) {
            // They were computed where they lie.
        }

        @Override
        void close(float[] tile, int row, int rows, int columns) {
            // They were computed where they lie.
        }

        @Override
        float[] read(float[] tile, int row, int rows) {
            return values;
        }

        @Override
        void copyOut(int row, int column, int count, float[] to, int at) {
            System.arraycopy(values, row * stride() + column, to, at, count);
        }

        @Override
        void copyIn(float[] from, int at, int row, int column, int count) {
            System.arraycopy(from, at, values, row * stride() + column, count);
        }
    }

    private static final class Halves extends FactorRows {
        private final short[] values;
        private final Bf16 bf16;

        Halves(int rows, int width, Bf16 bf16) {
            super(width);
            this.values = new short[rows * stride()];
            this.bf16 = bf16;
        }

        @Override
        MemorySegment at(int row, int column) {
            return MemorySegment.ofArray(values).asSlice((long) Short.BYTES * (row * stride() + column));
        }

        /** What fills up the rows is zero: tiles are used for one width and another. */
        @Override
        float[] open(float[] tile) {
            if (width() < FlatWeights.wide(width())) {
                for (int at = 0; at + stride() <= tile.length; at += stride()) {
                    Arrays.fill(tile, at + width(), at + stride(), 0);
                }
            }
            return tile;
        }

        @Override
        int place(int row, int inTile) {
            return inTile * stride();
        }

        @Override
        void close(float[] tile, int row, int rows) {
            bf16.round(tile, 0, values, row * stride(), rows * stride());
        }

        @Override
        void close(float[] tile, int row, int rows, int columns) {
            for (int r = 0; r < rows; r++) {
                bf16.round(tile, r * stride(), values, (row + r) * stride(), columns);
            }
        }

        @Override
        float[] read(float[] tile, int row, int rows) {
            bf16.widen(values, row * stride(), tile, 0, rows * stride());
            return tile;
        }

        @Override
        void copyOut(int row, int column, int count, float[] to, int at) {
            bf16.widen(values, row * stride() + column, to, at, count);
        }

        @Override
        void copyIn(float[] from, int at, int row, int column, int count) {
            bf16.round(from, at, values, row * stride() + column, count);
        }
    }
}
