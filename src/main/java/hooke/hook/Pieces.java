package hooke.hook;

import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What hooks read of a forward pass that goes through its examples piece by piece: every cache has a tensor of its own for all examples
 * at each point that it wants, and each piece fills its part. For hooks that {@link Hooks#onlyRead}, and one pass.
 */
public final class Pieces {
    private final Hooks hooks;
    private final Map<HookPoint, List<Tensor>> wholes = new HashMap<>();

    public Pieces(Hooks hooks) {
        if (!hooks.onlyRead()) {
            throw new IllegalArgumentException("a hook that replaces or watches needs all examples at once");
        }
        this.hooks = hooks;
    }

    /** Whether anybody reads a point. */
    public boolean touch(HookPoint point) {
        return hooks.touch(point);
    }

    /** For a point whose tensor is known without any piece. */
    public void put(HookPoint point, Tensor whole) {
        hooks.readers(point).forEach(cache -> cache.put(point, whole));
    }

    /** The tensors of a point for all examples, one for each cache that wants it; their values are there once all pieces are. */
    public List<Tensor> wholes(HookPoint point, Device device, DType dtype, long... shape) {
        return wholes.computeIfAbsent(
                point,
                _ -> hooks.readers(point)
                        .map(cache -> cache.room(point, device, dtype, shape))
                        .toList());
    }
}
