package hooke.hook;

import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What to do at which hook points during one forward pass: read, replace, watch the gradient. Immutable; {@code with}-like methods
 * return new ones, and what was added first happens first.
 */
public final class Hooks {
    /** Nothing, nowhere: the forward pass is free to skip whatever nobody reads. */
    public static final Hooks NONE = new Hooks(List.of());

    private sealed interface Action {
        record Read(Cache cache) implements Action {}

        record Watch(Cache cache) implements Action {}

        record Replace(HookPoint point, UnaryOperator<Tensor> by) implements Action {}
    }

    private final List<Action> actions;

    private Hooks(List<Action> actions) {
        this.actions = List.copyOf(actions);
    }

    /** Reads what the cache wants into it. */
    public static Hooks read(Cache cache) {
        return NONE.andRead(cache);
    }

    /** Watches the points that the cache wants, so that it knows their gradients after a backward pass. */
    public static Hooks gradients(Cache cache) {
        return NONE.and(new Action.Watch(cache));
    }

    public Hooks andRead(Cache cache) {
        return and(new Action.Read(cache));
    }

    public Hooks andGradients(Cache cache) {
        return and(new Action.Watch(cache));
    }

    /** The forward pass goes on with what the function makes of the activation; the shape must stay. */
    public Hooks replace(HookPoint point, UnaryOperator<Tensor> by) {
        return and(new Action.Replace(point, by));
    }

    private Hooks and(Action action) {
        List<Action> more = new ArrayList<>(actions);
        more.add(action);
        return new Hooks(more);
    }

    public boolean isEmpty() {
        return actions.isEmpty();
    }

    /** Whether nothing is replaced and no gradient watched, so that the forward pass may go through the examples piece by piece. */
    public boolean onlyRead() {
        return actions.stream().allMatch(Action.Read.class::isInstance);
    }

    /** The caches that read a point. */
    Stream<Cache> readers(HookPoint point) {
        return actions.stream()
                .filter(Action.Read.class::isInstance)
                .map(action -> ((Action.Read) action).cache())
                .filter(cache -> cache.wants(point));
    }

    /** Whether anything happens at a point. */
    public boolean touch(HookPoint point) {
        return actions.stream().anyMatch(action -> switch (action) {
            case Action.Read(Cache cache) -> cache.wants(point);
            case Action.Watch(Cache cache) -> cache.wants(point);
            case Action.Replace(HookPoint at, UnaryOperator<Tensor> _) -> at.equals(point);
        });
    }

    /** Called by the model at a point: the activation that the forward pass goes on with. */
    public Tensor at(HookPoint point, Tensor activation) {
        Tensor value = activation;
        for (Action action : actions) {
            switch (action) {
                case Action.Read(Cache cache) -> {
                    if (cache.wants(point)) {
                        cache.put(point, value);
                    }
                }
                case Action.Watch(Cache cache) -> {
                    if (cache.wants(point)) {
                        cache.watch(point, value);
                    }
                }
                case Action.Replace(HookPoint at, UnaryOperator<Tensor> by) -> {
                    if (at.equals(point)) {
                        long[] shape = value.shape();
                        value = by.apply(value);
                        if (!Arrays.equals(shape, value.shape())) {
                            throw new IllegalArgumentException("the replacement at " + point + " has shape "
                                    + Arrays.toString(value.shape()) + " instead of " + Arrays.toString(shape));
                        }
                    }
                }
            }
        }
        return value;
    }
}
