package hooke.model;

import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.tensor.Tensor;

/** Where in the model a computation stands, so that a hook point costs one line. */
record Site(Hooks hooks, int layer) {

    private HookPoint point(Point kind) {
        return new HookPoint(kind, layer);
    }

    /** Whether anybody reads or changes a point. */
    boolean touched(Point kind) {
        return !hooks.isEmpty() && hooks.touch(point(kind));
    }

    /** Shows a tensor that has the axes of the point already. */
    Tensor at(Point kind, Tensor value) {
        return touched(kind) ? hooks.at(point(kind), value) : value;
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
        return stream.with(hooks.at(point(kind), rows.view(shape)).reshape(rows.shape()));
    }
}
