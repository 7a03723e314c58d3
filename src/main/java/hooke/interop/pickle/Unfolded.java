package hooke.interop.pickle;

import hooke.InputException;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * How much a value is when everything shared is written out. A pickle may name a list from within itself or double it forty times; who
 * walks over such a value never comes back, so it is refused before anybody does.
 */
final class Unfolded {
    private static final int MAX_DEPTH = 100;
    private static final long MAX_VALUES = 50_000_000;
    private static final Size LEAF = new Size(1, 1);

    /** What is known of the containers seen; null while one is being looked into. */
    private final IdentityHashMap<Value, Size> sizes = new IdentityHashMap<>();

    private final String source;

    private Unfolded(String source) {
        this.source = source;
    }

    private record Size(long values, int height) {}

    /** Throws {@link InputException} unless the value is a finite tree that can be walked over. */
    static void check(String source, Value value) {
        new Unfolded(source).of(value, 0);
    }

    private Size of(Value value, int depth) {
        Collection<Value> children = switch (value) {
            case Value.Items(List<Value> values) -> values;
            case Value.Tuple(List<Value> values) -> values;
            case Value.Dict dict -> dict.entries().values();
            case Value.Obj(String _, Value.Dict fields) -> List.of(fields);
            case Value.None _,
                    Value.Bool _,
                    Value.Int _,
                    Value.Real _,
                    Value.Text _,
                    Value.Bytes _,
                    Value.Tensor _,
                    Value.Storage _,
                    Value.Named _,
                    Value.Unread _ -> List.of();
        };
        if (children.isEmpty()) {
            return LEAF;
        }
        if (sizes.containsKey(value)) {
            Size known = sizes.get(value);
            require(known != null, "a container that contains itself");
            require(known == null || depth + known.height() <= MAX_DEPTH, "values nested deeper than any checkpoint's");
            return known == null ? LEAF : known;
        }
        require(depth < MAX_DEPTH, "values nested deeper than any checkpoint's");
        sizes.put(value, null);
        long values = 1;
        int height = 1;
        for (Value child : children) {
            Size size = of(child, depth + 1);
            values += size.values();
            height = Math.max(height, 1 + size.height());
            require(values <= MAX_VALUES, "shared values that unfold to more than " + MAX_VALUES);
        }
        Size size = new Size(values, height);
        sizes.put(value, size);
        return size;
    }

    private void require(boolean condition, String what) {
        if (!condition) {
            throw new InputException(source + " holds " + what);
        }
    }
}
