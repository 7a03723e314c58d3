package hooke.fused.context;

import hooke.fused.kernels.DropRows;
import hooke.tensor.Dropout;
import hooke.tensor.Dropout.Place;

/**
 * What {@link Dropout} takes away from the rows of one batch, or of a part of one.
 *
 * @param first number of the part's first sequence in the batch
 * @param length of a sequence
 * @param columns 0, 1, ...: at least d_model
 */
record RowDrops(Dropout.OfBatch batch, int first, int length, int[] columns, DropRows kernel) {
    /** From rows of the stream, or what is added to it, that lie at a place of an array; the first has this number. */
    void apply(Place place, int layer, float[] x, int at, int stride, int row, int rows, int width) {
        long all = batch.place(layer, place);
        for (int r = 0; r < rows; r++) {
            long drawn = batch.row(all, first + (row + r) / length, (row + r) % length);
            kernel.drop(x, at + r * stride, columns, 0, width, drawn);
        }
    }

    /** From the shares of one head. */
    OfHead ofHead(int layer, int sequence, int head) {
        return new OfHead(this, batch.place(layer, Place.PATTERN), first + sequence, head);
    }

    /** See {@link RowDrops#ofHead}. */
    record OfHead(RowDrops drops, long place, int sequence, int head) {
        Dropout dropout() {
            return drops.batch.dropout();
        }

        /** See {@link Dropout.OfBatch}. */
        long row(int query) {
            return drops.batch.row(place, sequence, head, query);
        }

        /** From those of a query, of keys from one to before another. */
        void apply(int query, float[] x, int at, int[] keys, int from, int to) {
            drops.kernel.drop(x, at, keys, from, to - from, row(query));
        }
    }
}
