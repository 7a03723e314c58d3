package hooke.sweep.axes;

import hooke.Check;
import hooke.InputException;
import hooke.Problems;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a tree must be, or else a sentence with its place. */
public final class Reading {
    private static final int SHOWN = 60;

    private Reading() {}

    public static Mapping mapping(Tree tree, String key) {
        if (tree instanceof Mapping mapping) {
            return mapping;
        }
        throw refusal(tree, key, "must have keys below it, each on a line of its own, indented");
    }

    /** A mapping with no other keys than these. */
    public static Mapping mapping(Tree tree, String key, List<String> keys) {
        Mapping mapping = mapping(tree, key);
        Problems problems = new Problems();
        mapping.entries()
                .forEach((name, value) -> problems.attempt(() -> Check.that(
                        keys.contains(name),
                        "%s%s is not a key%s: %s are",
                        value.where().prefix(),
                        key.isEmpty() ? shown(name) : key + "." + shown(name),
                        Check.didYouMean(name, keys),
                        String.join(", ", keys))));
        problems.check();
        return mapping;
    }

    public static List<Tree> list(Tree tree, String key) {
        if (tree instanceof Sequence sequence) {
            Check.that(
                    !sequence.items().isEmpty(),
                    "%s%s is an empty list: it needs at least one value",
                    tree.where().prefix(),
                    key);
            return sequence.items();
        }
        throw refusal(tree, key, "must be a list, in brackets");
    }

    public static String text(Tree tree, String key) {
        if (tree instanceof Scalar scalar && !scalar.isEmpty()) {
            return scalar.text();
        }
        throw refusal(tree, key, "must be text");
    }

    public static String text(@Nullable Tree tree, String key, String otherwise) {
        return tree == null ? otherwise : text(tree, key);
    }

    public static long whole(Tree tree, String key, long least, long most) {
        String text = tree instanceof Scalar s ? s.text().replaceAll("\\.0$", "") : "";
        if (!text.matches("-?[0-9]{1,18}")) {
            throw refusal(tree, key, "must be a whole number");
        }
        long value = Long.parseLong(text);
        if (value < least || value > most) {
            throw refusal(tree, key, "must be from " + least + " to " + most);
        }
        return value;
    }

    public static double number(Tree tree, String key) {
        if (tree instanceof Scalar s && s.text().matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?")) {
            double value = Double.parseDouble(s.text());
            if (Double.isFinite(value)) {
                return value;
            }
        }
        throw refusal(tree, key, "must be a number");
    }

    public static InputException refusal(Tree tree, String key, String rule) {
        String value = switch (tree) {
            case Scalar s -> s.isEmpty() ? "nothing" : shown(s.text());
            case Sequence s -> "a list";
            case Mapping m -> "keys and values";
        };
        return new InputException("%s%s (%s) %s".formatted(tree.where().prefix(), key, value, rule));
    }

    /** Text of a file as a sentence may show it. */
    public static String shown(String text) {
        String plain = text.replaceAll("\\p{C}", "?");
        return plain.length() <= SHOWN ? plain : plain.substring(0, SHOWN) + "...";
    }
}
