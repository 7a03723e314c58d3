package hooke.model;

import hooke.hook.Rows;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The residual stream (or something computed from it row by row) at some positions of a batch.
 *
 * @param rows [row, width]; the row of an example at the i-th position is {@code example * positions.length + i}, unless rows are shared
 *     or those of a level
 * @param positions which positions these are, ascending
 * @param shared which row an example has where, or null where each has its own
 * @param level the states whose rows these are, or null where rows are those of examples
 */
record Stream(
        Tensor rows,
        int batch,
        int[] positions,
        @Nullable SharedRows shared,
        @Nullable Level level) {

    /** The same places, other rows. */
    Stream with(Tensor newRows) {
        return new Stream(newRows, batch, positions, shared, level);
    }

    /** As it becomes an activation of this shape, [batch, pos, ...]. */
    Rows asRows(long... shape) {
        return level == null ? new Rows(rows.view(shape), null, shape) : new Rows(rows, level.ofExamples(), shape);
    }

    /** The rows from which the first layer's queries are made, still shared; or this stream at these positions. */
    Stream atQueries(int[] queries) {
        return shared == null ? at(queries) : shareOf(shared.queries(), queries);
    }

    /** The rows from which the first layer's keys are made, still shared; or this stream at these positions. */
    Stream atKeys(int[] keys) {
        return shared == null ? at(keys) : shareOf(shared.keys(), keys);
    }

    private Stream shareOf(DistinctRows.Range range, int[] wanted) {
        boolean all = range.length() == rows.size(0);
        return new Stream(all ? rows : rows.narrow(0, range.start(), range.length()), batch, wanted, shared, null);
    }

    /** The residual stream that goes on beside the first attention: every example's own row at the queries. */
    Tensor ownAtQueries(int[] queries) {
        Stream at = atQueries(queries);
        return shared == null ? at.rows : at.rows.rows(shared.queryRows());
    }

    /** The residual stream that goes on beside attention, with what attention adds to it. */
    Stream plus(Stream attended) {
        if (level == null || attended.level == null) {
            return attended.with(ownAtQueries(attended.positions).plus(attended.rows));
        }
        Tensor sum = Tensor.empty(rows.device(), rows.dtype(), attended.rows.shape());
        try (var _ = new Scope()) {
            for (int position : positions) {
                attended.level
                        .from(level, rows, position, position)
                        .plusInto(attended.level.part(attended.rows, position), attended.level.part(sum, position));
            }
        }
        return attended.with(sum);
    }

    /** Some of the positions of a stream without shared rows. */
    Stream at(int[] wanted) {
        if (Arrays.equals(wanted, positions)) {
            return this;
        }
        long width = rows.size(1);
        Tensor byExample = rows.view(batch, positions.length, width);
        int[] places = Arrays.stream(wanted)
                .map(p -> Arrays.binarySearch(positions, p))
                .toArray();
        Tensor some = Plan.places(byExample, places);
        return new Stream(some.reshape((long) batch * wanted.length, width), batch, wanted, null, null);
    }
}
