package hooke.hook;

import hooke.tensor.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * What hooks read of a forward pass that goes through its examples piece by piece: the rows that it computed, which the caches get when
 * the pass is done. For hooks that {@link Hooks#onlyRead}, and one pass; it lives in the innermost scope.
 */
public final class Pieces {
    private final Scope scope;
    private final Hooks hooks;
    private final SequencedMap<HookPoint, List<Rows>> seen = new LinkedHashMap<>();

    public Pieces(Hooks hooks) {
        if (!hooks.onlyRead()) {
            throw new IllegalArgumentException("a hook that replaces or watches needs all examples at once");
        }
        this.hooks = hooks;
        this.scope = Scope.innermost();
    }

    /** The activation of the next examples at a point that somebody reads; its values must not change any more. */
    public void add(HookPoint point, Rows rows) {
        seen.computeIfAbsent(point, _ -> new ArrayList<>()).add(rows.alsoIn(scope));
    }

    /** Gives each cache what it wants, when every piece has been added. */
    public void handOut() {
        seen.forEach((point, pieces) -> hooks.readers(point).forEach(cache -> cache.put(point, pieces)));
    }
}
