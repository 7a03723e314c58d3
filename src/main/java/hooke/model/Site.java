package hooke.model;

import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Where in the model a computation stands, so that a hook point costs one line.
 *
 * @param piece where these examples' activations go, or null where the hooks take them as they are
 */
record Site(Hooks hooks, @Nullable Piece piece, int layer) {

    /** Outside the blocks. */
    static Site of(Hooks hooks, @Nullable Piece piece) {
        return new Site(hooks, piece, HookPoint.NO_LAYER);
    }

    Site in(int block) {
        return new Site(hooks, piece, block);
    }

    private HookPoint point(Point kind) {
        return new HookPoint(kind, layer);
    }

    /** Whether anybody reads or changes a point. */
    boolean touched(Point kind) {
        return !hooks.isEmpty() && hooks.touch(point(kind));
    }

    /** Shows a tensor that has the axes of the point already. */
    Tensor at(Point kind, Tensor value) {
        if (!touched(kind)) {
            return value;
        }
        if (piece != null) {
            piece.write(point(kind), value);
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
        if (piece != null) {
            if (stream.level() == null) {
                piece.write(point(kind), rows.view(shape));
            } else {
                shape[0] = piece.all();
                piece.write(point(kind), rows, stream.level().ofExamples(), shape);
            }
            return stream;
        }
        return stream.with(hooks.at(point(kind), rows.view(shape)).reshape(rows.shape()));
    }
}
