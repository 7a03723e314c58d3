package hooke.config.form;

import hooke.InputException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What else a record objects to once what is wrong is something else. An objection that depends on what it is then counts for nothing: so
 * two values are tried, and what speaks of a replaced key is not told.
 */
final class Objections {
    private final Binder binder;
    private final Class<?> type;
    private final String path;
    private final Tree.Mapping entry;
    private final List<@Nullable Object> one;
    private final List<@Nullable Object> other;

    /** @param arguments of the record, null where one is wrong */
    Objections(Binder binder, Class<?> type, String path, Tree.Mapping entry, List<@Nullable Object> arguments) {
        this.binder = binder;
        this.type = type;
        this.path = path;
        this.entry = entry;
        this.one = new ArrayList<>(arguments);
        this.other = new ArrayList<>(arguments);
    }

    /** The components that a sentence begins with, if it does with one. */
    static List<Integer> named(Class<?> type, String path, InputException objection) {
        List<String> keys = Components.of(type).keys();
        String sentence = String.valueOf(objection.getMessage());
        return IntStream.range(0, keys.size())
                .filter(i -> sentence.contains(": " + Keys.join(path, keys.get(i)) + " ("))
                .boxed()
                .toList();
    }

    /** Those besides what is wrong with these components. */
    List<InputException> besides(List<Integer> wrong) {
        List<String> keys = Components.of(type).keys();
        List<InputException> all = new ArrayList<>();
        Set<Integer> replaced = new HashSet<>();
        for (List<Integer> next = wrong; !next.isEmpty(); ) {
            for (int i : next) {
                if (!replaced.add(i) || !replace(i)) {
                    return all;
                }
            }
            String said = binder.objection(type, one);
            if (said.isEmpty()
                    || !said.equals(binder.objection(type, other))
                    || replaced.stream().anyMatch(i -> said.contains(Keys.join(path, keys.get(i))))) {
                return all;
            }
            all.add(new InputException(said));
            next = named(type, path, all.getLast());
        }
        return all;
    }

    /** Puts two values, or twice the default, for a component that is wrong; false where there is none. */
    private boolean replace(int i) {
        RecordComponent component = Components.of(type).all().get(i);
        Class<?> whole = component.getType();
        if (whole == int.class) {
            return replace(i, 2, 5);
        } else if (whole == double.class) {
            return replace(i, 0.25, 0.5);
        }
        Optional<Object> value =
                binder.byDefault(component, Components.of(type).keys().get(i), path, entry);
        if (value.isPresent()) {
            return replace(i, value.get(), value.get());
        }
        Class<?> item = Components.itemType(component);
        if (whole == List.class) {
            return item == Long.class && replace(i, List.of(2L), List.of(5L))
                    || item == String.class && replace(i, List.of("a"), List.of("b"));
        }
        return whole == String.class && replace(i, "a", "b");
    }

    private boolean replace(int i, Object by, Object otherwise) {
        one.set(i, by);
        other.set(i, otherwise);
        return true;
    }
}
