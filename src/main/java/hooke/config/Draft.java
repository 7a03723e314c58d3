package hooke.config;

import hooke.Check;
import hooke.InputException;
import hooke.config.form.Keys;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Where;
import hooke.config.form.TreeReader;
import hooke.config.form.Words;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an experiment's file and those it extends say, before it is an {@link Experiment}: other settings can be laid over it, any number
 * of times, without reading the file again. Immutable.
 */
public final class Draft {
    private static final String OPTION = "--set ";

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
        return new Draft(new Defaults(), written, source);
    }

    /** Checked in every respect. Throws {@link InputException} with the place of what is wrong. */
    public Experiment experiment() {
        return defaults.bind(root, source);
    }

    /** Checked in every respect; and what an option gives a key that nothing reads is refused: it would have no effect. */
    public Experiment asked() {
        Experiment experiment = experiment();
        checkRead(experiment.unread());
        return experiment;
    }

    /**
     * Refuses what an option gives a key that nothing reads.
     *
     * @param unread keys with the reason, as in {@link Experiment#unread}
     */
    public void checkRead(Map<String, String> unread) {
        idle(unread, place -> place.startsWith(OPTION)).stream().findFirst().ifPresent(sentence -> {
            throw new InputException(sentence);
        });
    }

    /**
     * What a file itself, and none that it extends, gives keys that nothing reads, in sentences. No fault: ablations drop parts whose
     * settings stay.
     */
    public List<String> idle(Map<String, String> unread, String file) {
        return idle(unread, file::equals);
    }

    /** What its own file gives keys that nothing reads, in sentences. */
    public List<String> idle() {
        return idle(experiment().unread(), source);
    }

    private List<String> idle(Map<String, String> unread, Predicate<String> place) {
        return sentences(unread, place, "%s changes nothing here: %s");
    }

    /** What a file itself or an option gives keys that can then no longer do what they are for, in sentences. */
    public List<String> vain(Map<String, String> vain, String file) {
        // A file's settings are not to blame where an option makes the run a short one.
        boolean shortened = at("train.steps").filter(this::isOption).isPresent();
        return sentences(vain, place -> place.equals(file) && !shortened || place.startsWith(OPTION), "%s %s");
    }

    /** What its own file gives keys that can no longer do what they are for, in sentences. */
    public List<String> vain() {
        return vain(experiment().vain(), source);
    }

    private boolean isOption(Tree tree) {
        return tree.where().source().startsWith(OPTION);
    }

    private List<String> sentences(Map<String, String> keys, Predicate<String> place, String form) {
        List<String> sentences = new ArrayList<>();
        keys.forEach((key, why) -> at(key).filter(
                        tree -> place.test(tree.where().source()))
                .ifPresent(tree -> sentences.add(tree.where().prefix() + form.formatted(key, why))));
        return sentences;
    }

    /** What is written for a key, or for one item of its list: {@code model.frozen[b_Q]}. */
    private Optional<Tree> at(String key) {
        String[] parts = key.split("[\\[\\]]", -1);
        @Nullable Tree tree = root;
        for (String name : parts[0].split("\\.", -1)) {
            tree = tree instanceof Mapping m ? m.get(name) : null;
        }
        if (parts.length > 1 && tree instanceof Tree.Sequence list) {
            return list.items().stream()
                    .filter(item ->
                            item instanceof Tree.Scalar s && s.text().matches("\\Q" + parts[1] + "\\E(\\s*:.*)?"))
                    .findFirst();
        }
        return tree instanceof Tree.Scalar s && s.isNull() ? Optional.empty() : Optional.ofNullable(tree);
    }

    /** All that is said, defaults left out. */
    public Mapping written() {
        return root;
    }

    /**
     * This draft as if all of it that stands in other sources than this place's stood there, with the files that it names where they lie:
     * for sentences on what is laid over it.
     */
    public Draft writtenAt(Where where) {
        return new Draft(defaults, (Mapping) written(FilePaths.absolute(root), where), where.source());
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

    /** The draft with further settings over it, each as it follows {@code --set}; refused if one of them takes another away. */
    public Draft with(List<String> sets) {
        List<Map.Entry<String, Tree>> settings =
                sets.stream().map(Draft::setting).toList();
        Draft draft = withAll(settings);
        Map<String, Tree> last = new LinkedHashMap<>();
        settings.forEach(setting -> last.put(setting.getKey(), setting.getValue()));
        last.forEach((path, value) -> Check.that(
                value instanceof Tree.Scalar s && s.isNull() || draft.at(path).isPresent(),
                "%sanother --set replaces what %s belongs to: leave one of them out",
                value.where().prefix(),
                path));
        return draft;
    }

    /** The draft with settings over it, one after the other. What chooses a variant comes first, since it takes away what the old one had. */
    public Draft withAll(List<Map.Entry<String, Tree>> settings) {
        Draft draft = this;
        for (Map.Entry<String, Tree> setting : settings.stream()
                .sorted(Comparator.comparing(s -> !Keys.isKind(s.getKey())))
                .toList()) {
            draft = draft.with(setting.getKey(), setting.getValue());
        }
        return draft;
    }

    /** What follows {@code --set}: a path and its value. */
    public static Map.Entry<String, Tree> setting(String set) {
        Where where = new Where(OPTION + set, 0);
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
        Check.that(
                PATH.matcher(path).matches(), "%s%s is not the path of a key", where.prefix(), Words.shown(path, 100));
        List<String> keys = List.of(path.split("\\."));
        Check.that(keys.size() <= TreeReader.MAX_DEPTH, "%shas too many dots", where.prefix());
        Check.that(
                !keys.getFirst().equals(Experiments.EXTENDS), "%sonly a file can say what it extends", where.prefix());
        Tree tree = value;
        for (String key : keys.reversed()) {
            tree = new Mapping(where, Map.of(key, tree));
        }
        return new Draft(
                defaults, (Mapping) Layers.merge(root, tree, defaults.entries().root()), source);
    }
}
