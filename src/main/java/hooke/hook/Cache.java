package hooke.hook;

import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Activations (or gradients) by hook point, filled by a forward (and backward) pass. Its tensors live as long as the scope that was
 * innermost when the cache was made.
 *
 * <p>What a pass computed once for many examples is kept once, and becomes the tensor of all examples when it is first read: who reads
 * few points pays for few, in time and in memory. A tensor made so has memory of its own; one that the pass itself made for all examples
 * is the pass's, shared with whoever else keeps it. A later pass through the same cache replaces what it holds, and leaves tensors that
 * were read as they are.
 */
public final class Cache {
    private final Scope scope = Scope.innermost();
    private final Predicate<HookPoint> wanted;
    private final SequencedMap<HookPoint, Seen> seen = new LinkedHashMap<>();

    private sealed interface Seen {
        record Whole(Tensor tensor) implements Seen {}

        /** Nobody else has these, so that they can be freed at once when nobody needs them any more. */
        record InPieces(List<Rows> pieces) implements Seen {}
    }

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

    /** The activation of all examples, piece after piece. */
    void put(HookPoint point, List<Rows> pieces) {
        put(
                point,
                new Seen.InPieces(
                        pieces.stream().map(rows -> rows.alsoIn(scope)).toList()));
    }

    void put(HookPoint point, Tensor value) {
        put(point, new Seen.Whole(value.detach().keepIn(scope)));
    }

    /** Keeps the tensor itself, for its gradient. */
    void watch(HookPoint point, Tensor value) {
        put(point, new Seen.Whole(value.retainGrad().keepIn(scope)));
    }

    private void put(HookPoint point, Seen now) {
        if (seen.put(point, now) instanceof Seen.InPieces(List<Rows> before)) {
            free(before);
        }
    }

    private static void free(List<Rows> pieces) {
        try (var gone = new Scope()) {
            pieces.forEach(rows -> rows.values().keepIn(gone));
        }
    }

    /** What was seen at a point. */
    public Tensor get(HookPoint point) {
        @Nullable Seen value = seen.get(point);
        return switch (value) {
            case null ->
                throw new IllegalStateException(point + " is not in this cache: "
                        + (wants(point) ? "no forward pass came by it" : "it was not asked for"));
            case Seen.Whole(Tensor tensor) -> tensor;
            case Seen.InPieces(List<Rows> pieces) -> {
                Tensor whole = together(pieces).keepIn(scope);
                put(point, new Seen.Whole(whole));
                yield whole;
            }
        };
    }

    private static Tensor together(List<Rows> pieces) {
        Rows first = pieces.getFirst();
        long[] shape = first.shape().clone();
        shape[0] = pieces.stream().mapToLong(rows -> rows.shape()[0]).sum();
        Tensor whole = Tensor.empty(first.values().device(), first.values().dtype(), shape);
        try (var _ = new Scope()) {
            long done = 0;
            for (Rows rows : pieces) {
                rows.writeTo(whole.narrow(0, done, rows.shape()[0]));
                done += rows.shape()[0];
            }
        }
        return whole;
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
        SequencedMap<HookPoint, Tensor> entries = new LinkedHashMap<>();
        points().forEach(point -> entries.put(point, get(point)));
        return Collections.unmodifiableMap(entries);
    }
}
