package hooke.config;

import hooke.Check;
import hooke.InputException;
import hooke.config.Tree.Mapping;
import hooke.config.Tree.Scalar;
import hooke.config.Tree.Sequence;
import hooke.config.Tree.Where;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of a {@link Tree}, by their components: one rule for all of them, and strict. Every key must be one, every value of
 * its type; what a record's constructor objects to is said again with the place where the key stands.
 */
final class Binder {
    private static final Pattern PATH = Pattern.compile("^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*)*");

    /** As JSON and YAML write it; short enough that no arithmetic on it can take long. */
    private static final Pattern NUMBER =
            Pattern.compile("[-+]?([0-9]{1,40}(\\.[0-9]{0,40})?|\\.[0-9]{1,40})([eE][-+]?[0-9]{1,3})?");

    private static final int SHOWN = 60;

    private final Defaults defaults;
    private final Tree root;
    private final String source;
    private final Map<String, Object> bound = new HashMap<>();

    private Binder(Defaults defaults, Tree root, String source) {
        this.defaults = defaults;
        this.root = root;
        this.source = source;
    }

    static Experiment bind(Defaults defaults, Mapping root, String source) {
        return (Experiment) new Binder(defaults, root, source).record(Experiment.class, root, "", defaults.root());
    }

    /** @param entry of the key in the defaults */
    private Object value(Type type, Tree tree, String path, Tree entry) {
        if (type == int.class) {
            return Math.toIntExact(whole(tree, path, Integer.MAX_VALUE));
        } else if (type == long.class) {
            return whole(tree, path, Long.MAX_VALUE);
        } else if (type == OptionalLong.class) {
            return OptionalLong.of(whole(tree, path, Long.MAX_VALUE));
        } else if (type == double.class || type == Double.class) {
            return number(tree, path);
        } else if (type == boolean.class) {
            return word(tree, path, List.of("true", "false")).equals("true");
        } else if (type == String.class) {
            return tree instanceof Scalar s && s.isEmpty()
                    ? ""
                    : scalar(tree, path, "text").text();
        } else if (type instanceof ParameterizedType list) {
            return list(list, tree, path, entry);
        } else if (type instanceof Class<?> c && c.isEnum()) {
            int index = Words.words(c).indexOf(word(tree, path, Words.words(c)));
            return c.getEnumConstants()[index];
        } else if (type instanceof Class<?> c && c.isSealed()) {
            return variant(c, tree, path, (Mapping) entry);
        } else if (type instanceof Class<?> c && c.isRecord()) {
            return record(c, mapping(tree, path), path, (Mapping) entry);
        }
        throw new IllegalStateException("no rule for " + type + " at " + path);
    }

    private Object record(Class<?> type, Mapping tree, String path, Mapping entry) {
        List<RecordComponent> components = Components.of(type).all();
        List<String> keys = Components.of(type).keys();
        for (Map.Entry<String, Tree> e : tree.entries().entrySet()) {
            if (!keys.contains(e.getKey())) {
                throw unknown(e.getKey(), e.getValue(), path, keys);
            }
        }
        List<Object> arguments = new ArrayList<>();
        for (int i = 0; i < components.size(); i++) {
            String below = join(path, keys.get(i));
            Object value = component(
                    components.get(i), tree.get(keys.get(i)), below, Defaults.entry(entry, keys.get(i)), tree.where());
            bound.put(below, value);
            arguments.add(value);
        }
        return construct(type, arguments);
    }

    private Object component(RecordComponent component, @Nullable Tree tree, String path, Tree entry, Where around) {
        Zero zero = component.getAnnotation(Zero.class);
        Type type = component.getGenericType();
        if (tree instanceof Scalar s && s.isNull()) {
            tree = null;
        }
        if (tree == null && Defaults.isDerived(entry)) {
            return located(() -> Defaults.derive(path, bound, source));
        } else if (tree == null && Defaults.isRequired(entry)) {
            throw new InputException(around.prefix() + path + " is missing: " + defaults.comment(entry));
        } else if (tree == null && !(entry instanceof Mapping)) {
            tree = entry;
        } else if (tree == null) {
            tree = new Mapping(around, Map.of());
        }
        if (zero == null) {
            return value(type, tree, path, entry);
        }
        String rule = zero.value() + " or a whole number, at least 1";
        Scalar scalar = scalar(tree, path, rule);
        if (scalar.text().equals(zero.value())) {
            return 0;
        }
        if (!NUMBER.matcher(scalar.text()).matches() || whole(tree, path, Integer.MAX_VALUE) == 0) {
            throw refusal(tree, path, "must be " + rule);
        }
        return Math.toIntExact(whole(tree, path, Integer.MAX_VALUE));
    }

    private Object variant(Class<?> sealed, Tree tree, String path, Mapping entry) {
        boolean word = tree instanceof Scalar s && !s.isEmpty();
        if (tree instanceof Scalar s && word) {
            for (Class<?> c : Words.variants(sealed)) {
                if (c.isAnnotationPresent(Bare.class) && !Words.kinds(sealed).contains(s.text())) {
                    return bare(sealed, c, s, path, entry);
                }
            }
            tree = new Mapping(tree.where(), Map.of("kind", tree));
        }
        Mapping given = mapping(tree, path);
        @Nullable Tree tag = given.get("kind");
        String kind = Defaults.kind(entry);
        if (tag != null && !(tag instanceof Scalar s && s.isNull())) {
            kind = word(tag, word ? path : join(path, "kind"), Words.kinds(sealed));
        } else if (kind == null) {
            throw new InputException(given.where().prefix() + join(path, "kind") + " is missing: "
                    + defaults.comment(entry) + ", " + oneOf(Words.kinds(sealed)));
        }
        Class<?> chosen = Words.variants(sealed).get(Words.kinds(sealed).indexOf(kind));
        refuseForeign(sealed, chosen, given.without("kind"), path);
        return record(chosen, given.without("kind"), path, Defaults.variant(entry, kind));
    }

    /** A variant by its value alone, {@code batch: 128}. */
    private Object bare(Class<?> sealed, Class<?> variant, Scalar value, String path, Mapping entry) {
        if (!NUMBER.matcher(value.text()).matches()) {
            List<String> words = Words.kinds(sealed).stream()
                    .filter(kind -> !kind.equals(Words.kind(variant)))
                    .toList();
            throw refusal(
                    value, path, "must be " + oneOf(words) + " or a number" + Check.didYouMean(value.text(), words));
        }
        Type type = Components.of(variant).all().getFirst().getGenericType();
        return construct(variant, List.of(value(type, value, path, entry)));
    }

    /** A key of another variant deserves a better sentence than "unknown". */
    private static void refuseForeign(Class<?> sealed, Class<?> chosen, Mapping given, String path) {
        for (Map.Entry<String, Tree> e : given.entries().entrySet()) {
            if (!Components.of(chosen).keys().contains(e.getKey())) {
                for (Class<?> other : Words.variants(sealed)) {
                    if (Components.of(other).keys().contains(e.getKey())) {
                        throw new InputException(e.getValue().where().prefix() + join(path, e.getKey())
                                + " is a key of kind " + Words.kind(other) + ", but " + join(path, "kind") + " is "
                                + Words.kind(chosen) + ": give the kind, too, or leave the key out");
                    }
                }
            }
        }
    }

    private Object list(ParameterizedType type, Tree tree, String path, Tree entry) {
        Type element = type.getActualTypeArguments()[0];
        if (!(tree instanceof Sequence sequence)) {
            throw refusal(tree, path, "must be a list, in brackets: [" + example(element) + "]");
        }
        List<Object> items = new ArrayList<>();
        for (Tree item : sequence.items()) {
            items.add(value(element, item, path, entry));
        }
        if (type.getRawType() == List.class) {
            return items;
        }
        Collection<Object> set = new LinkedHashSet<>(items);
        if (set.size() < items.size()) {
            throw refusal(tree, path, "names one of its members twice");
        }
        return set;
    }

    private static String example(Type element) {
        return element instanceof Class<?> c && c.isEnum()
                ? String.join(", ", Words.words(c))
                : element == Double.class ? "0.9, 0.999" : "a, b";
    }

    private Object construct(Class<?> type, List<Object> arguments) {
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
            String sentence = Words.shown(String.valueOf(e.getMessage()), 600);
            Matcher key = PATH.matcher(sentence);
            Where where = key.find() ? whereIs(key.group()) : root.where();
            throw new InputException(where.prefix() + sentence, e);
        }
    }

    /** Where a key stands, or the nearest thing around it. */
    private Where whereIs(String path) {
        Tree tree = root;
        Where where = new Where(root.where().source(), 0);
        for (String key : path.split("\\.", -1)) {
            @Nullable Tree below = tree instanceof Mapping m ? m.get(key) : null;
            if (below == null) {
                break;
            }
            tree = below;
            where = tree.where();
        }
        return where;
    }

    private static Mapping mapping(Tree tree, String path) {
        return switch (tree) {
            case Mapping m -> m;
            case Scalar s when s.isEmpty() || s.isNull() -> new Mapping(s.where(), Map.of());
            case Scalar s -> throw refusal(s, path, "must have keys below it, each on a line of its own, indented");
            case Sequence s -> throw refusal(s, path, "must have keys below it, each on a line of its own, indented");
        };
    }

    private static Scalar scalar(Tree tree, String path, String what) {
        if (tree instanceof Scalar s) {
            if (s.isEmpty()) {
                throw new InputException(
                        s.where().prefix() + path + " has no value: give one, or leave the key out for its default");
            }
            return s;
        }
        throw refusal(tree, path, "must be " + what);
    }

    private static String word(Tree tree, String path, List<String> words) {
        String rule = words.equals(List.of("true", "false")) ? "true or false" : oneOf(words);
        String text = scalar(tree, path, rule).text();
        if (!words.contains(text)) {
            throw refusal(tree, path, "must be " + rule + Check.didYouMean(text, words));
        }
        return text;
    }

    private static String oneOf(List<String> words) {
        return words.size() == 1 ? words.getFirst() : "one of " + String.join(", ", words);
    }

    private static long whole(Tree tree, String path, long most) {
        Scalar s = scalar(tree, path, "a whole number");
        BigDecimal number = decimal(s, path, "a whole number");
        try {
            long value = number.longValueExact();
            if (Math.abs(value) <= most && value != Long.MIN_VALUE) {
                return value;
            }
        } catch (ArithmeticException e) {
            if (number.abs().compareTo(BigDecimal.valueOf(most)) <= 0) {
                throw refusal(tree, path, "must be a whole number");
            }
        }
        throw refusal(tree, path, "is out of range: at most " + most);
    }

    private static double number(Tree tree, String path) {
        double value = decimal(scalar(tree, path, "a number"), path, "a number").doubleValue();
        if (Double.isInfinite(value)) {
            throw refusal(tree, path, "is out of range");
        }
        return value;
    }

    private static BigDecimal decimal(Scalar s, String path, String what) {
        if (!NUMBER.matcher(s.text()).matches()) {
            throw refusal(s, path, "must be " + what);
        }
        if (!s.plain()) {
            throw refusal(s, path, "must be " + what + ", without quotes");
        }
        return new BigDecimal(s.text());
    }

    private static InputException unknown(String key, Tree tree, String path, List<String> siblings) {
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
        String shown = Words.shown(join(path, key), 2 * SHOWN);
        return new InputException(tree.where().prefix() + shown + " is not a key"
                + similar.map(p -> " (did you mean '" + p + "'?)")
                        .orElse(
                                siblings.isEmpty()
                                        ? ": " + path + " has none of this kind"
                                        : ": " + place + String.join(", ", siblings)));
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
                if (c.getType().isRecord() || c.getType().isSealed()) {
                    all.addAll(everyPath(c.getType(), below));
                }
            }
        }
        return all;
    }

    private static InputException refusal(Tree tree, String path, String rule) {
        String shown = switch (tree) {
            case Scalar s when s.plain() -> Words.shown(s.text(), SHOWN);
            case Scalar s -> '"' + Words.shown(s.text(), SHOWN) + '"';
            case Sequence s -> "a list";
            case Mapping m -> "keys and values";
        };
        return new InputException(tree.where().prefix() + path + " (" + shown + ") " + rule);
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
