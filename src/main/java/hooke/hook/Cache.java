package hooke.hook;

import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Activations (or gradients) by hook point, filled by a forward (and backward) pass. Its tensors live as long as the scope that was
 * innermost when the cache was made.
 *
 * <p>A pass overwrites what an earlier pass of as many examples left in the same cache: fresh memory for all activations of a small model
 * takes longer than to compute them. Whoever wants both uses two caches.
 */
public final class Cache {
    private final Scope scope = Scope.innermost();
    private final Predicate<HookPoint> wanted;
    private final SequencedMap<HookPoint, Tensor> seen = new LinkedHashMap<>();
    /** Tensors that the cache made itself, so that nobody else's values are overwritten. */
    private final Map<HookPoint, Tensor> rooms = new HashMap<>();

    /** For these points. */
    public Cache(HookPoint... points) {
        this(Set.of(points)::contains);
    }

    /** For all points that the predicate accepts; {@code p -> true} for all but the costly {@link Point#RESULT} is {@link #all}. */
    public Cache(Predicate<HookPoint> wanted) {
        this.wanted = wanted;
    }

    /** For every point that TransformerLens fills by default: all but {@link Point#RESULT}. */
    public static Cache all() {
        return new Cache(point -> point.point() != Point.RESULT);
    }

    boolean wants(HookPoint point) {
        return wanted.test(point);
    }

    /** A tensor for the point whose values the pass is about to write: the one of the pass before, where that fits. */
    Tensor room(HookPoint point, Device device, DType dtype, long... shape) {
        Tensor room = rooms.get(point);
        if (room == null || room.dtype() != dtype || room.device() != device || !Arrays.equals(room.shape(), shape)) {
            room = Tensor.empty(device, dtype, shape).keepIn(scope);
            rooms.put(point, room);
        }
        seen.put(point, room);
        return room;
    }

    void put(HookPoint point, Tensor value) {
        seen.put(point, value.detach().keepIn(scope));
    }

    /** Keeps the tensor itself, for its gradient. */
    void watch(HookPoint point, Tensor value) {
        seen.put(point, value.retainGrad().keepIn(scope));
    }

    /** What was seen at a point. */
    public Tensor get(HookPoint point) {
        Tensor value = seen.get(point);
        if (value == null) {
            throw new IllegalStateException(point + " is not in this cache: "
                    + (wants(point) ? "no forward pass came by it" : "it was not asked for"));
        }
        return value;
    }

    /** The gradient at a point, once a backward pass has run. */
    public Tensor gradient(HookPoint point) {
        Tensor gradient = get(point).grad();
        if (gradient == null) {
            throw new IllegalStateException("no backward pass has reached " + point
                    + "; read gradients with Hooks.gradients(cache), then call backward()");
        }
        return gradient;
    }

    /** The points seen, in the order of the forward pass. */
    public List<HookPoint> points() {
        return List.copyOf(seen.sequencedKeySet());
    }

    /** All that was seen, in the order of the forward pass. */
    public Map<HookPoint, Tensor> entries() {
        return java.util.Collections.unmodifiableMap(seen);
    }
}
