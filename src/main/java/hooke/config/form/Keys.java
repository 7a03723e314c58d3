package hooke.config.form;

import hooke.Check;
import hooke.InputException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The paths of keys, and the sentence for one that is none. */
public final class Keys {
    private static final String KIND = ".kind";
    /** Keys have two letters and more, which tells them from the drive of a Windows path; no key goes on with a slash, as an address does. */
    private static final Pattern NOT_SPACED = Pattern.compile("([a-z][a-z0-9_.]+):([^\\s:/].*)", Pattern.DOTALL);

    private Keys() {}

    /**
     * @param known keys that could stand in its place
     * @param everywhere paths of all keys that the file could have
     * @param what has the known keys, for the sentence
     */
    public static InputException unknown(
            String key, Tree tree, String path, List<String> known, List<String> everywhere, String what) {
        var similar = Check.nearest(key, known).map(near -> join(path, near));
        if (similar.isEmpty()) {
            similar = everywhere.stream()
                    .filter(p -> p.endsWith("." + key.substring(key.lastIndexOf('.') + 1)))
                    .findFirst();
        }
        String shown = Words.shown(join(path, key), 2 * Values.SHOWN);
        Optional<String> spaced = spaced(key);
        if (spaced.isPresent()) {
            return new InputException(tree.where().prefix() + shown + " is not a key: " + spaced.get());
        }
        return new InputException(tree.where().prefix() + shown + " is not a key"
                + similar.map(p -> " (did you mean '" + p + "'?)")
                        .orElse(
                                known.isEmpty()
                                        ? ": " + what + " has none of this kind"
                                        : ": the keys of " + what + " are " + String.join(", ", known)));
    }

    /** What is to be done with a key and its value that are one word to YAML, {@code steps:10}; empty where it is no such word. */
    static Optional<String> spaced(String written) {
        Matcher word = NOT_SPACED.matcher(written);
        return word.matches()
                ? Optional.of("YAML wants a space after a colon, as in '%s: %s'"
                        .formatted(word.group(1), Values.shown(word.group(2))))
                : Optional.empty();
    }

    /** Those that are a record and no variant: they hold settings and have no value of their own. */
    public static List<String> blocks(Class<?> type, String path) {
        List<String> all = new ArrayList<>();
        for (RecordComponent c : Components.of(type).all()) {
            if (c.getType().isRecord()) {
                String below = join(path, Words.key(c.getName()));
                all.add(below);
                all.addAll(blocks(c.getType(), below));
            }
        }
        return all;
    }

    /** Every key path of a record, variants included. */
    public static List<String> everyPath(Class<?> type, String path) {
        List<String> all = new ArrayList<>();
        for (Class<?> record : type.isSealed() ? Words.variants(type) : List.<Class<?>>of(type)) {
            Components components = Components.of(record);
            for (int i = 0; i < components.all().size(); i++) {
                RecordComponent c = components.all().get(i);
                String below = join(path, components.keys().get(i));
                all.add(below);
                if (c.getType().isSealed()) {
                    all.add(kind(below));
                }
                if (c.getType().isRecord() || c.getType().isSealed()) {
                    all.addAll(everyPath(c.getType(), below));
                }
            }
        }
        return all;
    }

    public static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /** The path of the key that chooses the variant at a path. */
    public static String kind(String path) {
        return path + KIND;
    }

    /** Whether it chooses a variant. */
    public static boolean isKind(String path) {
        return path.endsWith(KIND);
    }

    /** Of the path of a kind, its variant's; any other as it is. */
    public static String variant(String path) {
        return isKind(path) ? path.substring(0, path.length() - KIND.length()) : path;
    }
}
