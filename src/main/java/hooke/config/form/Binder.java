package hooke.config.form;

import hooke.Check;
import hooke.InputException;
import hooke.Problems;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Tree.Where;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of a {@link Tree}, by their components: one rule for files of every {@link Form}, and strict. Every key must be one, every
 * value of its type; what a record's constructor objects to is said again with the place where the key stands. All that is wrong is said
 * together.
 */
public final class Binder {
    private static final Pattern PATH = Pattern.compile("^[a-z][a-z0-9_]*(\\.[a-z0-9][a-z0-9_]*)*");

    private final Form form;
    private final Class<?> type;
    private final Tree root;
    private final String source;
    private final Map<String, Object> bound = new HashMap<>();
    private final Problems problems = new Problems();
    /** Where a sealed type has its key, which sentences and derived values name: {@code model.mask}. */
    private final Map<Class<?>, Home> homes = new HashMap<>();
    /** An item of a list that is bound: its path and place, and the key that its type has by itself. */
    private @Nullable Item item;

    private Binder(Form form, Class<?> type, Tree root, String source) {
        this.form = form;
        this.type = type;
        this.root = root;
        this.source = source;
    }

    /**
     * The record that a file writes.
     *
     * @param source the file's name or path
     */
    public static <R extends Record> R bind(Form form, Class<R> type, Tree root, String source) {
        if (!(root instanceof Mapping keys)) {
            throw new InputException(new Where(source, 0).prefix() + "is not " + form.what()
                    + ": it must have keys, each on a line of its own");
        }
        var binder = new Binder(form, type, root, source);
        @Nullable Object record = null;
        try {
            record = binder.record(type, keys, "", form.entries().root());
        } catch (NotedException e) {
            // All that is wrong is said below.
        }
        binder.problems.check();
        return type.cast(Objects.requireNonNull(record));
    }

    private record Home(String path, Mapping entry) {}

    private record Item(String path, String home, Where where) {}

    /** What cannot be made, since something that it is made of is wrong and noted. */
    private static final class NotedException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** @param entry of the key in the defaults */
    private Object value(Type type, Tree tree, String path, Tree entry) {
        if (type == int.class || type == Integer.class) {
            return Math.toIntExact(Values.whole(tree, path, Integer.MAX_VALUE));
        } else if (type == long.class || type == Long.class) {
            return Values.whole(tree, path, Long.MAX_VALUE);
        } else if (type == OptionalLong.class) {
            return OptionalLong.of(Values.whole(tree, path, Long.MAX_VALUE));
        } else if (type == double.class || type == Double.class) {
            return Values.number(tree, path);
        } else if (type == boolean.class) {
            return Values.word(tree, path, List.of("true", "false")).equals("true");
        } else if (type == String.class) {
            return tree instanceof Scalar s && s.isEmpty()
                    ? ""
                    : Values.scalar(tree, path, "text").text();
        } else if (type == Tree.class) {
            return tree;
        } else if (type instanceof ParameterizedType optional && optional.getRawType() == Optional.class) {
            return Optional.of(value(optional.getActualTypeArguments()[0], tree, path, entry));
        } else if (type instanceof ParameterizedType list) {
            return list(list, tree, path, entry);
        } else if (type instanceof Class<?> c && c.isEnum()) {
            int index = Words.words(c).indexOf(Values.word(tree, path, Words.words(c)));
            return c.getEnumConstants()[index];
        } else if (type instanceof Class<?> c && c.isSealed()) {
            return variant(c, tree, path, (Mapping) entry);
        } else if (type instanceof Class<?> c && c.isRecord()) {
            return record(c, Values.mapping(tree, path), path, (Mapping) entry);
        }
        throw new IllegalStateException("no rule for " + type + " at " + path);
    }

    private Object record(Class<?> type, Mapping tree, String path, Mapping entry) {
        List<RecordComponent> components = Components.of(type).all();
        List<String> keys = Components.of(type).keys();
        List<String> known = Components.of(type).written();
        Mapping read = tree;
        Set<String> meant = new HashSet<>();
        for (Map.Entry<String, Tree> e : tree.entries().entrySet()) {
            if (!known.contains(e.getKey())) {
                problems.note(unknown(e.getKey(), e.getValue(), path, known));
                String near = Check.nearest(e.getKey(), known).orElse("");
                if (keys.contains(near) && tree.get(near) == null && meant.add(near)) {
                    read = read.with(near, e.getValue()); // So that what is wrong beside it is found, too.
                }
            }
        }
        List<@Nullable Object> arguments = new ArrayList<>();
        List<Integer> wrong = new ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            @Nullable Object value = null;
            try {
                value = component(components.get(i), keys.get(i), read, path, entry);
                bound.put(Keys.join(path, keys.get(i)), value);
            } catch (InputException e) {
                if (!meant.contains(keys.get(i))) { // Of a key that is guessed nothing more is said.
                    problems.note(e);
                }
                wrong.add(i);
            } catch (NotedException e) {
                wrong.add(i);
            }
            arguments.add(value);
        }
        List<InputException> objections = new ArrayList<>();
        if (wrong.isEmpty()) {
            try {
                return construct(type, arguments);
            } catch (InputException e) {
                objections.add(e);
                wrong.addAll(Objections.named(type, path, e));
            }
        }
        objections.addAll(new Objections(this, type, path, entry, arguments).besides(wrong));
        objections.removeIf(
                e -> Objections.named(type, path, e).stream().map(keys::get).anyMatch(meant::contains));
        objections.forEach(problems::note);
        throw new NotedException();
    }

    private InputException unknown(String key, Tree tree, String path, List<String> known) {
        if (Keys.everyPath(type, path).contains(Keys.join(path, key))) {
            return new InputException(tree.where().prefix() + key
                    + " has dots, which are for --set: in a file its parts stand below each other, indented");
        }
        return Keys.unknown(key, tree, path, known, Keys.everyPath(type, ""), path.isEmpty() ? form.what() : path);
    }

    /** What a record objects to; empty if it does not. */
    String objection(Class<?> type, List<@Nullable Object> arguments) {
        try {
            construct(type, arguments);
            return "";
        } catch (InputException e) {
            return String.valueOf(e.getMessage());
        }
    }

    /** The value of a component that a file leaves out; empty where there is none. */
    Optional<Object> byDefault(RecordComponent component, String key, String path, Mapping entry) {
        Set<String> before = problems.said();
        try {
            return Optional.of(component(component, key, new Mapping(entry.where(), Map.of()), path, entry));
        } catch (InputException | NotedException e) {
            problems.keep(before); // What the default lacks is no mistake of the file.
            return Optional.empty();
        }
    }

    /** The value of a record's component. */
    private Object component(RecordComponent component, String key, Mapping record, String path, Mapping entry) {
        if (!component.isAnnotationPresent(Spread.class)) {
            return component(
                    component, record.get(key), Keys.join(path, key), Entries.entry(entry, key), record.where());
        }
        Mapping own = record;
        for (String given : record.entries().keySet()) {
            own = Components.of(component.getType()).keys().contains(given) ? own : own.without(given);
        }
        return record(component.getType(), own, path, entry);
    }

    private Object component(RecordComponent component, @Nullable Tree tree, String path, Tree entry, Where around) {
        Zero zero = component.getAnnotation(Zero.class);
        Type type = component.getGenericType();
        if (tree instanceof Scalar s && s.isNull()) {
            tree = null;
        }
        boolean listed = type instanceof ParameterizedType list && list.getRawType() == List.class;
        if (tree == null && component.getType() == Optional.class) {
            return Optional.empty();
        } else if (tree == null && Entries.isDerived(entry)) {
            return derived(path);
        } else if (tree == null && (Entries.isRequired(entry) || listed && entry instanceof Mapping)) {
            throw new InputException(
                    around.prefix() + path + " is missing: " + form.entries().comment(entry));
        } else if (tree == null && !(entry instanceof Mapping)) {
            tree = entry;
        } else if (tree == null) {
            tree = new Mapping(around, Map.of());
        }
        Form.@Nullable Reader reader = form.readers().get(path.substring(path.lastIndexOf('.') + 1));
        if (reader != null) {
            return reader.read(tree, path);
        }
        if (component.isAnnotationPresent(FilePath.class)) {
            return Values.file(tree, path);
        }
        if (zero == null) {
            return value(type, tree, path, entry);
        }
        boolean whole = type == int.class;
        double number = Values.numberOr(zero, whole, tree, path);
        return whole ? (Object) (int) number : (Object) number;
    }

    private Object derived(String path) {
        String key = item == null || !path.startsWith(item.path())
                ? path
                : item.home() + path.substring(item.path().length());
        try {
            return located(() -> form.derivation().derive(key, bound, source));
        } catch (Form.NotBoundException e) {
            if (problems.isEmpty()) {
                throw e;
            }
            throw new NotedException();
        }
    }

    private Object variant(Class<?> sealed, Tree tree, String path, Mapping entry) {
        homes.putIfAbsent(sealed, new Home(path, entry));
        boolean word = tree instanceof Scalar s && !s.isEmpty();
        if (tree instanceof Scalar s && word) {
            for (Class<?> c : Words.variants(sealed)) {
                if (c.isAnnotationPresent(Bare.class) && !Words.kinds(sealed).contains(s.text())) {
                    return bare(sealed, c, s, path, entry);
                }
            }
            tree = new Mapping(tree.where(), Map.of("kind", tree));
        }
        Mapping given = Values.mapping(tree, path);
        @Nullable Tree tag = given.get("kind");
        String kind = Entries.kind(entry);
        if (tag != null && !(tag instanceof Scalar s && s.isNull())) {
            kind = Values.word(tag, word ? path : Keys.join(path, "kind"), Words.kinds(sealed));
        } else if (kind == null) {
            String comment = form.entries().comment(Entries.entry(entry, "kind"));
            throw new InputException(given.where().prefix() + Keys.join(path, "kind") + " is missing: "
                    + (comment.isEmpty() ? form.entries().comment(entry) : comment) + ", "
                    + Values.oneOf(Words.kinds(sealed)));
        }
        Class<?> chosen = Words.variants(sealed).get(Words.kinds(sealed).indexOf(kind));
        Mapping own = withoutForeign(sealed, chosen, given.without("kind"), path);
        return record(chosen, own, path, Entries.variant(entry, kind));
    }

    /** A variant by its value alone, {@code batch: 128}. */
    private Object bare(Class<?> sealed, Class<?> variant, Scalar value, String path, Mapping entry) {
        if (!Values.NUMBER.matcher(value.text()).matches()) {
            List<String> words = Words.kinds(sealed).stream()
                    .filter(kind -> !kind.equals(Words.kind(variant)))
                    .toList();
            throw Values.refusal(
                    value,
                    path,
                    "must be " + Values.oneOf(words) + " or a number" + Check.didYouMean(value.text(), words));
        }
        Type type = Components.of(variant).all().getFirst().getGenericType();
        return construct(variant, List.of(value(type, value, path, entry)));
    }

    /** A key of another variant deserves a better sentence than "unknown". */
    private Mapping withoutForeign(Class<?> sealed, Class<?> chosen, Mapping given, String path) {
        Mapping own = given;
        for (Map.Entry<String, Tree> e : given.entries().entrySet()) {
            if (!Components.of(chosen).written().contains(e.getKey())) {
                for (Class<?> other : Words.variants(sealed)) {
                    if (Components.of(other).written().contains(e.getKey())) {
                        problems.note(new InputException(e.getValue().where().prefix() + Keys.join(path, e.getKey())
                                + " is a key of kind " + Words.kind(other) + ", but " + Keys.join(path, "kind") + " is "
                                + Words.kind(chosen) + ": give the kind, too, or leave the key out"));
                        own = own.without(e.getKey());
                        break;
                    }
                }
            }
        }
        return own;
    }

    private Object list(ParameterizedType type, Tree tree, String path, Tree entry) {
        Type element = type.getActualTypeArguments()[0];
        if (!(tree instanceof Sequence sequence)) {
            throw Values.refusal(tree, path, "must be a list, in brackets: [" + Values.example(element) + "]");
        }
        List<Object> items = new ArrayList<>();
        boolean noted = false;
        for (int i = 0; i < sequence.items().size(); i++) {
            Tree one = sequence.items().get(i);
            try {
                items.add(
                        element instanceof Class<?> c && c.isSealed()
                                ? variantItem(c, one, path + "." + i, entry)
                                : value(element, one, path, entry));
            } catch (InputException e) {
                problems.note(e);
                noted = true;
            } catch (NotedException e) {
                noted = true;
            }
        }
        if (noted) {
            throw new NotedException();
        }
        if (type.getRawType() == List.class) {
            return items;
        }
        Collection<Object> set = new LinkedHashSet<>(items);
        if (set.size() < items.size()) {
            throw Values.refusal(tree, path, "names one of its members twice");
        }
        return set;
    }

    /** A variant in a list; of a type that stands around it, such as a mask among those of the heads, with the entries found there. */
    private Object variantItem(Class<?> sealed, Tree tree, String path, Tree entry) {
        Home home =
                homes.computeIfAbsent(sealed, _ -> new Home(path.substring(0, path.lastIndexOf('.')), (Mapping) entry));
        @Nullable Item around = item;
        item = new Item(path, home.path(), tree.where());
        try {
            return variant(sealed, tree, path, home.entry());
        } finally {
            item = around;
        }
    }

    private Object construct(Class<?> type, List<? extends @Nullable Object> arguments) {
        Constructor<?> constructor = Components.of(type).constructor();
        return located(() -> {
            try {
                return constructor.newInstance(arguments.toArray());
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IllegalStateException(e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** Runs it, and puts the place of the key that a sentence begins with before the sentence. */
    private Object located(Supplier<Object> made) {
        try {
            return made.get();
        } catch (InputException e) {
            String sentence = Words.shown(inItem(String.valueOf(e.getMessage())), 600);
            Matcher key = PATH.matcher(sentence);
            Where nowhere = item == null ? new Where(root.where().source(), 0) : item.where();
            Where where = key.find() ? root.whereIs(key.group()).orElse(nowhere) : root.where();
            throw new InputException(where.prefix() + sentence, e);
        }
    }

    /** A sentence on a key as its type has it by itself, of the item that is bound. */
    private String inItem(String sentence) {
        return item == null ? sentence : sentence.replace(item.home() + ".", item.path() + ".");
    }
}
