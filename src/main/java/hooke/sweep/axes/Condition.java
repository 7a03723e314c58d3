package hooke.sweep.axes;

import hooke.Check;
import hooke.InputException;
import hooke.config.Experiments;
import hooke.config.form.Keys;
import hooke.config.form.Tree.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A rule over settings, as in {@code model.d_model % model.n_heads == 0 and train.optimizer.lr < 0.01}: paths of settings, numbers, words
 * ({@code layer-norm}, or anything in quotes), {@code + - * / %}, {@code == != < <= > >=}, {@code not and or}, brackets. A setting that an
 * experiment does not have equals nothing. It can compare and no more: a library of expressions would let files call code.
 */
public final class Condition {
    private static final Pattern TOKEN = Pattern.compile(
            "\\s*(?:(?<number>\\d[\\d_]*(\\.\\d*)?([eE][-+]?\\d+)?)|(?<word>[A-Za-z_][A-Za-z0-9_]*([.][A-Za-z0-9_]+|-[A-Za-z][A-Za-z0-9_]*)*)"
                    + "|(?<quoted>\"[^\"]*\"|'[^']*')|(?<sign>==|!=|<=|>=|[-+*/%<>()]))");
    private static final int LONGEST = 1000;
    private static final int DEEPEST = 50;

    private final String text;
    private final Where where;
    private final List<String> tokens;
    private final List<String> paths = Experiments.paths();
    private final Node root;
    private int at;
    private int depth;

    private Condition(String text, Where where) {
        this.text = text;
        this.where = where;
        Check.that(
                !text.isBlank() && text.length() <= LONGEST,
                "%sa condition must have 1 to %s characters",
                where.prefix(),
                LONGEST);
        this.tokens = tokens();
        this.root = either();
        refuseIf(at < tokens.size(), "has an unexpected '%s'".formatted(peek()));
    }

    public static Condition parse(String text, Where where) {
        return new Condition(text, where);
    }

    /** Whether it holds where settings have these values, given as text by path. */
    boolean holds(Map<String, String> settings) {
        return truth(value(root, settings));
    }

    @Override
    public String toString() {
        return text;
    }

    private sealed interface Node {
        /** A Double, a String, or a Boolean. */
        record Literal(Object value) implements Node {}

        record Setting(String path) implements Node {}

        record Not(Node of) implements Node {}

        record Both(String sign, Node left, Node right) implements Node {}
    }

    private List<String> tokens() {
        List<String> found = new ArrayList<>();
        Matcher token = TOKEN.matcher(text.stripTrailing());
        int end = 0;
        while (end < token.regionEnd()) {
            token.region(end, token.regionEnd());
            refuseIf(
                    !token.lookingAt(),
                    "has something at '%s' that cannot be read"
                            .formatted(text.substring(end).strip()));
            found.add(token.group().strip());
            end = token.end();
        }
        return found;
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private boolean take(String token) {
        boolean taken = peek().equals(token);
        at += taken ? 1 : 0;
        return taken;
    }

    private Node either() {
        refuseIf(++depth > DEEPEST, "is nested too deep");
        Node left = both();
        while (take("or")) {
            left = new Node.Both("or", left, both());
        }
        depth--;
        return left;
    }

    private Node both() {
        Node left = negated();
        while (take("and")) {
            left = new Node.Both("and", left, negated());
        }
        return left;
    }

    private Node negated() {
        int times = 0;
        while (take("not")) {
            times++;
        }
        Node compared = compared();
        return times % 2 == 0 ? compared : new Node.Not(compared);
    }

    private Node compared() {
        Node left = sum();
        for (String sign : List.of("==", "!=", "<=", ">=", "<", ">")) {
            if (take(sign)) {
                return new Node.Both(sign, left, sum());
            }
        }
        return left;
    }

    private Node sum() {
        Node left = product();
        while (peek().equals("+") || peek().equals("-")) {
            left = new Node.Both(tokens.get(at++), left, product());
        }
        return left;
    }

    private Node product() {
        Node left = single();
        while (peek().equals("*") || peek().equals("/") || peek().equals("%")) {
            left = new Node.Both(tokens.get(at++), left, single());
        }
        return left;
    }

    private Node single() {
        refuseIf(at == tokens.size(), "ends too soon");
        String token = tokens.get(at++);
        if (token.equals("(")) {
            Node inside = either();
            refuseIf(!take(")"), "lacks a closing bracket");
            return inside;
        }
        if (token.equals("-")) {
            return new Node.Both("-", new Node.Literal(0.0), single());
        }
        char first = token.charAt(0);
        if (Character.isDigit(first)) {
            return new Node.Literal(Double.valueOf(token.replace("_", "")));
        }
        if (first == '"' || first == '\'') {
            return new Node.Literal(token.substring(1, token.length() - 1));
        }
        refuseIf(!Character.isLetter(first) && first != '_', "has an unexpected '%s'".formatted(token));
        return word(token);
    }

    private Node word(String word) {
        refuseIf(Axes.NOT_AXES.contains(word), "names '%s', in which cells do not differ".formatted(word));
        refuseIf(
                Experiments.blocks().contains(word),
                "names '%s', which has no value of its own: name a setting in it, as in %s"
                        .formatted(
                                word,
                                paths.stream()
                                        .filter(p -> p.startsWith(word + "."))
                                        .findFirst()
                                        .orElse("")));
        if (paths.contains(word)) {
            return new Node.Setting(word);
        }
        Optional<String> meant =
                paths.stream().filter(p -> p.endsWith("." + word)).findFirst();
        refuseIf(
                word.contains(".") || meant.isPresent(),
                "names '%s', which is not the path of a setting%s"
                        .formatted(
                                word,
                                meant.map(m -> " (did you mean '" + m + "'?)").orElse(Check.didYouMean(word, paths))));
        return new Node.Literal(word.equals("true") || word.equals("false") ? (Object) Boolean.valueOf(word) : word);
    }

    private void refuseIf(boolean wrong, String why) {
        if (wrong) {
            throw fault(why);
        }
    }

    private InputException fault(String why) {
        return new InputException(where.prefix() + "the condition '" + text + "' " + why);
    }

    /** Null for a setting that is not there, and for what is made of one. */
    private @Nullable Object value(Node node, Map<String, String> settings) {
        return switch (node) {
            case Node.Literal(Object value) -> value;
            case Node.Setting(String path) -> setting(settings.getOrDefault(path, settings.get(Keys.kind(path))));
            case Node.Not(Node of) -> !truth(value(of, settings));
            case Node.Both both ->
                switch (both.sign()) {
                    case "and" -> truth(value(both.left(), settings)) && truth(value(both.right(), settings));
                    case "or" -> truth(value(both.left(), settings)) || truth(value(both.right(), settings));
                    default -> combined(both, value(both.left(), settings), value(both.right(), settings));
                };
        };
    }

    private static @Nullable Object setting(@Nullable String text) {
        if (text == null) {
            return null;
        }
        if (text.equals("true") || text.equals("false")) {
            return Boolean.valueOf(text);
        }
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException word) {
            return text.startsWith("\"") ? text.substring(1, text.length() - 1) : text;
        }
    }

    private @Nullable Object combined(Node.Both both, @Nullable Object left, @Nullable Object right) {
        String sign = both.sign();
        boolean comparison = "== != <= >= < >".contains(sign);
        if (left == null || right == null) {
            return comparison ? (Object) sign.equals("!=") : null;
        }
        if (sign.equals("==") || sign.equals("!=")) {
            return left.equals(right) == sign.equals("==");
        }
        double a = number(left);
        double b = number(right);
        refuseIf(
                b == 0 && (sign.equals("/") || sign.equals("%")),
                "divides by zero" + (both.right() instanceof Node.Setting(String path) ? ": " + path + " is 0" : ""));
        return switch (sign) {
            case "<" -> a < b;
            case "<=" -> a <= b;
            case ">" -> a > b;
            case ">=" -> a >= b;
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "/" -> a / b;
            case "%" -> a % b;
            default -> throw new IllegalStateException(sign);
        };
    }

    private double number(Object value) {
        if (value instanceof Double number) {
            return number;
        }
        throw fault("counts with '%s', which is not a number".formatted(value));
    }

    private boolean truth(@Nullable Object value) {
        if (value instanceof Boolean truth) {
            return truth;
        }
        throw fault("must be true or false, but is %s".formatted(value == null ? "nothing" : "'" + value + "'"));
    }
}
