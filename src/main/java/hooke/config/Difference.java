package hooke.config;

import hooke.InputException;
import hooke.config.form.Keys;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.TreeReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that two experiments answer differently.
 *
 * @param key by path, as {@code --set} takes it
 * @param before the one's value as text, null where it has no such key
 * @param after the other's
 */
public record Difference(
        String key, @Nullable String before, @Nullable String after) {

    /** All of them, names and notes too, in the order of the records. */
    public static List<Difference> between(Experiment a, Experiment b) {
        Map<String, String> before = a.settings();
        Map<String, String> after = b.settings();
        Set<String> keys = new LinkedHashSet<>(before.keySet());
        keys.addAll(after.keySet());
        return keys.stream()
                .map(key -> new Difference(key, before.get(key), after.get(key)))
                .filter(d -> !Objects.equals(d.before(), d.after()))
                .toList();
    }

    /**
     * What an experiment must state: each key whose value is not the one it would have if it alone were left out, which is
     * {@code before} (null for a key without a default).
     */
    public static List<Difference> fromDefaults(Experiment experiment) {
        Defaults defaults = new Defaults();
        Mapping whole = (Mapping) TreeReader.read(experiment.toYaml(), "");
        List<Difference> all = new ArrayList<>();
        experiment.settings().forEach((key, value) -> {
            @Nullable String otherwise = key.equals("name") ? null : otherwise(defaults, whole, key);
            if (!value.equals(otherwise)) {
                all.add(new Difference(key, otherwise, value));
            }
        });
        return List.copyOf(all);
    }

    /** The value of a key that is left out: with {@code kind} goes its whole variant. */
    private static @Nullable String otherwise(Defaults defaults, Mapping whole, String key) {
        List<String> path = List.of(Keys.variant(key).split("\\."));
        try {
            return defaults.bind(without(whole, path), "").settings().get(key);
        } catch (InputException e) {
            return defaults.constant(key, whole);
        }
    }

    private static Mapping without(Mapping tree, List<String> path) {
        String first = path.getFirst();
        return path.size() > 1 && tree.get(first) instanceof Mapping below
                ? tree.with(first, without(below, path.subList(1, path.size())))
                : tree.without(first);
    }
}
