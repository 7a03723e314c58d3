package hooke.config.form;

import hooke.Check;
import hooke.InputException;
import hooke.Problems;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a key's value as what its type asks for, or refuses it with its place, the value and the rule. */
public final class Values {
    /** As JSON and YAML write it; short enough that no arithmetic on it can take long. */
    public static final Pattern NUMBER =
            Pattern.compile("[-+]?([0-9]{1,40}(\\.[0-9]{0,40})?|\\.[0-9]{1,40})([eE][-+]?[0-9]{1,3})?");

    public static final int SHOWN = 60;

    private Values() {}

    public static Mapping mapping(Tree tree, String path) {
        return switch (tree) {
            case Mapping m -> m;
            case Scalar s when s.isEmpty() || s.isNull() -> new Mapping(s.where(), Map.of());
            case Scalar s -> throw refusal(s, path, "must have keys below it, each on a line of its own, indented");
            case Sequence s -> throw refusal(s, path, "must have keys below it, each on a line of its own, indented");
        };
    }

    /** A mapping that has no other keys than these; all others are told together. */
    public static Mapping mapping(Tree tree, String path, List<String> keys) {
        Mapping mapping = mapping(tree, path);
        var problems = new Problems();
        mapping.entries().forEach((key, value) -> {
            if (!keys.contains(key)) {
                problems.note(Keys.unknown(key, value, path, keys, List.of(), path.isEmpty() ? "the file" : path));
            }
        });
        problems.check();
        return mapping;
    }

    /** What a mapping must have. */
    public static Tree required(Mapping mapping, String key, String path) {
        return required(mapping, key, path, "");
    }

    /** @param what it must be, for the sentence where it is missing */
    public static Tree required(Mapping mapping, String key, String path, String what) {
        @Nullable Tree given = mapping.get(key);
        if (given == null) {
            throw new InputException(mapping.where().prefix() + Keys.join(path, key) + " is missing"
                    + (what.isEmpty() ? "" : ": " + what));
        }
        return given;
    }

    public static List<Tree> list(Tree tree, String path) {
        if (tree instanceof Sequence sequence) {
            return sequence.items();
        }
        throw refusal(tree, path, "must be a list, in brackets");
    }

    /** A list of at least one value. */
    public static List<Tree> some(Tree tree, String path) {
        List<Tree> items = list(tree, path);
        Check.that(
                !items.isEmpty(),
                "%s%s is an empty list: it needs at least one value",
                tree.where().prefix(),
                path);
        return items;
    }

    public static String text(Tree tree, String path) {
        return scalar(tree, path, "text").text();
    }

    public static String text(@Nullable Tree tree, String path, String otherwise) {
        return tree == null ? otherwise : text(tree, path);
    }

    public static Scalar scalar(Tree tree, String path, String what) {
        if (tree instanceof Scalar s) {
            if (s.isEmpty()) {
                throw new InputException(
                        s.where().prefix() + path + " has no value: give one, or leave the key out to get its default");
            }
            return s;
        }
        throw refusal(tree, path, "must be " + what);
    }

    public static String word(Tree tree, String path, List<String> words) {
        String rule = words.equals(List.of("true", "false")) ? "true or false" : oneOf(words);
        String text = scalar(tree, path, rule).text();
        if (!words.contains(text)) {
            throw refusal(tree, path, "must be " + rule + Check.didYouMean(text, words));
        }
        return text;
    }

    public static String oneOf(List<String> words) {
        return words.size() == 1 ? words.getFirst() : "one of " + String.join(", ", words);
    }

    public static long whole(Tree tree, String path, long most) {
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

    public static long whole(Tree tree, String path, long least, long most) {
        long value = whole(tree, path, Long.MAX_VALUE);
        if (value < least || value > most) {
            throw refusal(tree, path, "must be from " + least + " to " + most);
        }
        return value;
    }

    public static double number(Tree tree, String path) {
        double value = decimal(scalar(tree, path, "a number"), path, "a number").doubleValue();
        if (Double.isInfinite(value)) {
            throw refusal(tree, path, "is out of range");
        }
        return value;
    }

    /** A number of more than 0, or the word that stands for 0, or 0 itself where that may stand for the word. */
    static double numberOr(Zero zero, boolean whole, Tree tree, String path) {
        String word = zero.value();
        String rule = word
                + (whole
                        ? " or a whole number, at least 1"
                        : zero.orNumber() ? " or a number of at least 0" : " or a number of more than 0");
        String text = scalar(tree, path, rule).text();
        if (text.equals(word)) {
            return 0;
        }
        if (NUMBER.matcher(text).matches()) {
            double value = whole ? whole(tree, path, Integer.MAX_VALUE) : number(tree, path);
            if (value == 0 && zero.orNumber()) {
                return 0; // Not -0.
            }
            if (value > 0 || whole && value < 0) { // which its record has a rule for
                return value;
            }
        }
        throw refusal(tree, path, "must be " + rule);
    }

    /** The absolute path of a file: see {@link FilePath}. */
    public static String file(Tree tree, String path) {
        String text = scalar(tree, path, "the path of a file").text();
        try {
            Path file = Path.of(text);
            boolean besideSource = tree.where().line() > 0 && !file.isAbsolute();
            return (besideSource ? Path.of(tree.where().source()).resolveSibling(file) : file)
                    .toAbsolutePath()
                    .normalize()
                    .toString();
        } catch (InvalidPathException e) {
            throw refusal(tree, path, "must be the path of a file");
        }
    }

    static BigDecimal decimal(Scalar s, String path, String what) {
        if (!NUMBER.matcher(s.text()).matches()) {
            throw refusal(s, path, "must be " + what);
        }
        if (!s.plain()) {
            throw refusal(s, path, "must be " + what + ", without quotes");
        }
        return new BigDecimal(s.text());
    }

    /** Runs it, and says again what it objects to with the place of a value. */
    public static <T> T located(Tree tree, Supplier<T> made) {
        try {
            return made.get();
        } catch (InputException e) {
            throw new InputException(tree.where().prefix() + Words.shown(String.valueOf(e.getMessage()), 600), e);
        }
    }

    /** Text of a file as a sentence may show it. */
    public static String shown(String text) {
        return Words.shown(text, SHOWN);
    }

    public static InputException refusal(Tree tree, String path, String rule) {
        String shown = switch (tree) {
            case Scalar s when s.plain() -> shown(s.text());
            case Scalar s -> '"' + shown(s.text()) + '"';
            case Sequence s -> "a list";
            case Mapping m -> "keys and values";
        };
        String spaced = tree instanceof Scalar s && s.plain()
                ? Keys.spaced(s.text()).map(": "::concat).orElse("")
                : "";
        return new InputException(tree.where().prefix() + path + " (" + shown + ") " + rule + spaced);
    }

    /** Items that a list of such a type could have. */
    static String example(Type element) {
        return element instanceof Class<?> c && c.isEnum()
                ? String.join(", ", Words.words(c))
                : element == Double.class ? "0.9, 0.999" : element == Integer.class ? "4, 2" : "a, b";
    }
}
