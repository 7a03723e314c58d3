package hooke.model;

import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Pieces;
import hooke.hook.Point;
import hooke.hook.Rows;
import hooke.tensor.Tensor;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Where in the model a computation stands, so that a hook point costs one line.
 *
 * @param pieces where the activations of these examples go, who are some of many; or null where the hooks take them as they are
 */
record Site(Hooks hooks, @Nullable Pieces pieces, int layer) {

    /** Outside the blocks. */
    static Site of(Hooks hooks, @Nullable Pieces pieces) {
        return new Site(hooks, pieces, HookPoint.NO_LAYER);
    }

    Site in(int block) {
        return new Site(hooks, pieces, block);
    }

    private HookPoint point(Point kind) {
        return new HookPoint(kind, layer);
    }

    /** Whether anybody reads or changes a point. */
    boolean touched(Point kind) {
        return !hooks.isEmpty() && hooks.touch(point(kind));
    }

    /** Shows rows to a pass that goes piece by piece; they are made only if somebody reads them. */
    void at(Point kind, Supplier<Rows> rows) {
        if (touched(kind)) {
            Objects.requireNonNull(pieces).add(point(kind), rows.get());
        }
    }

    /** Shows a tensor that has the axes of the point already. */
    Tensor at(Point kind, Tensor value) {
        if (!touched(kind)) {
            return value;
        }
        if (pieces != null) {
            pieces.add(point(kind), new Rows(value, null, value.shape()));
            return value;
        }
        return hooks.at(point(kind), value);
    }

    /** Shows rows as [batch, pos, ...], and returns rows again. */
    Stream at(Point kind, Stream stream, long... lastAxes) {
        if (!touched(kind)) {
            return stream;
        }
        long[] shape = new long[2 + lastAxes.length];
        shape[0] = stream.batch();
        shape[1] = stream.positions().length;
        System.arraycopy(lastAxes, 0, shape, 2, lastAxes.length);
        Tensor rows = stream.rows();
        if (pieces != null) {
            pieces.add(point(kind), stream.asRows(shape));
            return stream;
        }
        return stream.with(hooks.at(point(kind), rows.view(shape)).reshape(rows.shape()));
    }
}
