package hooke.config;

import hooke.Check;
import hooke.InputException;
import hooke.config.Tree.Mapping;
import hooke.config.Tree.Where;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What an experiment's file and those it extends say, before it is an {@link Experiment}: other settings can be laid over it, any number
 * of times, without reading the file again. Immutable.
 */
public final class Draft {
    private static final Pattern PATH = Pattern.compile("[^.\\s]+(\\.[^.\\s]+)*");

    private final Defaults defaults;
    private final Mapping root;
    private final String source;

    Draft(Defaults defaults, Mapping root, String source) {
        this.defaults = defaults;
        this.root = root;
        this.source = source;
    }

    /** A draft that is written out in another file, as the value of one of its keys. */
    public static Draft of(Mapping written, String source) {
        return new Draft(Defaults.load(), written, source);
    }

    /** Checked in every respect. Throws {@link InputException} with the place of what is wrong. */
    public Experiment experiment() {
        return Binder.bind(defaults, root, source);
    }

    /** All that is said, defaults left out. */
    public Mapping written() {
        return root;
    }

    /** The same, as if all of it that stands in other sources than this place's stood there: for sentences on what is laid over it. */
    public Draft writtenAt(Where where) {
        return new Draft(defaults, (Mapping) written(root, where), where.source());
    }

    private static Tree written(Tree tree, Where where) {
        Tree below = switch (tree) {
            case Mapping m -> {
                Map<String, Tree> entries = new LinkedHashMap<>();
                m.entries().forEach((key, value) -> entries.put(key, written(value, where)));
                yield new Mapping(m.where(), entries);
            }
            case Tree.Sequence s ->
                new Tree.Sequence(
                        s.where(),
                        s.items().stream().map(t -> written(t, where)).toList());
            case Tree.Scalar s -> s;
        };
        return tree.where().source().equals(where.source()) ? below : below.at(where);
    }

    /** The draft with further settings over it, each as it follows {@code --set}. */
    public Draft with(List<String> sets) {
        Draft draft = this;
        for (String set : sets) {
            Map.Entry<String, Tree> setting = setting(set);
            draft = draft.with(setting.getKey(), setting.getValue());
        }
        return draft;
    }

    /** What follows {@code --set}: a path and its value. */
    public static Map.Entry<String, Tree> setting(String set) {
        Where where = new Where("--set " + set, 0);
        int equals = set.indexOf('=');
        Check.that(
                equals > 0 && PATH.matcher(set.substring(0, equals)).matches(),
                "%smust be KEY=VALUE, as in train.steps=100",
                where.prefix());
        Tree value = TreeReader.readLine(set.substring(equals + 1), where.source());
        return Map.entry(set.substring(0, equals), value.at(where));
    }

    /**
     * The draft with one setting over it; a mapping is merged with what is there.
     *
     * @param path of the key, as in {@code train.optimizer.lr}
     */
    public Draft with(String path, Tree value) {
        Where where = value.where();
        Check.that(PATH.matcher(path).matches(), "%s%s is no path of a key", where.prefix(), Words.shown(path, 100));
        List<String> keys = List.of(path.split("\\."));
        Check.that(keys.size() <= TreeReader.MAX_DEPTH, "%shas too many dots", where.prefix());
        Check.that(
                !keys.getFirst().equals(Experiments.EXTENDS), "%sonly a file can say what it extends", where.prefix());
        Tree tree = value;
        for (String key : keys.reversed()) {
            tree = new Mapping(where, Map.of(key, tree));
        }
        return new Draft(defaults, (Mapping) Layers.merge(root, tree, defaults.root()), source);
    }
}
