package hooke.sweep.axes;

import hooke.config.form.Tree;
import java.util.List;

/**
 * One of the values of an axis.
 *
 * @param name as people call it: given in the file, or the value's text
 * @param named whether it was given, and so needs no key beside it
 */
record Choice(String name, boolean named, List<Setting> settings) {
    /** A value for the key at a path. */
    record Setting(String path, Tree value) {}

    /** A value of one key, called by its text. */
    static Choice of(String path, Tree value) {
        return new Choice(shown(value), false, List.of(new Setting(path, value)));
    }

    /** Short text of a value: of a variant the values of its keys. */
    private static String shown(Tree value) {
        return switch (value) {
            case Tree.Scalar s -> s.text();
            case Tree.Sequence s ->
                s.items().isEmpty()
                        ? "none"
                        : String.join("-", s.items().stream().map(Choice::shown).toList());
            case Tree.Mapping m ->
                String.join(
                        "-", m.entries().values().stream().map(Choice::shown).toList());
        };
    }
}
