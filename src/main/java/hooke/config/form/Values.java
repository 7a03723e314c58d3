package hooke.config.form;

import hooke.Check;
import hooke.InputException;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import java.math.BigDecimal;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

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

    public static double number(Tree tree, String path) {
        double value = decimal(scalar(tree, path, "a number"), path, "a number").doubleValue();
        if (Double.isInfinite(value)) {
            throw refusal(tree, path, "is out of range");
        }
        return value;
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

    public static InputException refusal(Tree tree, String path, String rule) {
        String shown = switch (tree) {
            case Scalar s when s.plain() -> Words.shown(s.text(), SHOWN);
            case Scalar s -> '"' + Words.shown(s.text(), SHOWN) + '"';
            case Sequence s -> "a list";
            case Mapping m -> "keys and values";
        };
        return new InputException(tree.where().prefix() + path + " (" + shown + ") " + rule);
    }
}
