package hooke.config;

import hooke.Check;
import hooke.InputException;
import hooke.config.form.Components;
import hooke.config.form.Tree;
import hooke.config.form.Values;
import hooke.config.form.Words;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/** The paths of keys, and the sentence for one that is none. */
final class Keys {
    private Keys() {}

    static InputException unknown(String key, Tree tree, String path, List<String> siblings) {
        if (everyPath(Experiment.class, path).contains(join(path, key))) {
            throw new InputException(tree.where().prefix() + key
                    + " has dots, which are for --set: in a file its parts stand below each other, indented");
        }
        var similar = Check.nearest(key, siblings).map(near -> join(path, near));
        if (similar.isEmpty()) {
            similar = everyPath(Experiment.class, "").stream()
                    .filter(p -> p.endsWith("." + key.substring(key.lastIndexOf('.') + 1)))
                    .findFirst();
        }
        String place = path.isEmpty() ? "the keys of an experiment are " : "the keys of " + path + " are ";
        String shown = Words.shown(join(path, key), 2 * Values.SHOWN);
        return new InputException(tree.where().prefix() + shown + " is not a key"
                + similar.map(p -> " (did you mean '" + p + "'?)")
                        .orElse(
                                siblings.isEmpty()
                                        ? ": " + path + " has none of this kind"
                                        : ": " + place + String.join(", ", siblings)));
    }

    /** Those that are a record and no variant: they hold settings and have no value of their own. */
    static List<String> blocks(Class<?> type, String path) {
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
    static List<String> everyPath(Class<?> type, String path) {
        List<String> all = new ArrayList<>();
        for (Class<?> record : type.isSealed() ? Words.variants(type) : List.<Class<?>>of(type)) {
            Components components = Components.of(record);
            for (int i = 0; i < components.all().size(); i++) {
                RecordComponent c = components.all().get(i);
                String below = join(path, components.keys().get(i));
                all.add(below);
                if (c.getType().isSealed()) {
                    all.add(below + ".kind");
                }
                if (c.getType().isRecord() || c.getType().isSealed()) {
                    all.addAll(everyPath(c.getType(), below));
                }
            }
        }
        return all;
    }

    static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
