package hooke.cli.runs;

import hooke.Check;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code --where} asks of a run: {@code model.d_model=64}, {@code grokked<5000}, {@code grokked}.
 *
 * @param text as it was written
 * @param value empty for a key alone, which asks for {@code yes} or {@code true}
 */
record RunCondition(String text, String key, String operator, String value) {
    private static final Pattern FORM = Pattern.compile("\\s*([\\w./-]+)\\s*(?:(!=|<=|>=|==?|<|>)\\s*(.*?))?\\s*");

    static RunCondition parse(String text) {
        Matcher form = FORM.matcher(text);
        Check.that(
                form.matches() && (form.group(2) == null || !form.group(3).isEmpty()),
                "--where (%s) must be a key, one of = != < <= > >=, and a value, such as model.d_model=64 or grokked<5000",
                text);
        String operator = form.group(2) == null ? "" : form.group(2).replace("==", "=");
        String value = form.group(3) == null ? "" : form.group(3);
        Check.that(
                !operator.matches("[<>]=?") || !Double.isNaN(Fact.number(value)),
                "--where (%s) compares with %s, which is not a number",
                text,
                value);
        return new RunCondition(text, form.group(1), operator, value);
    }

    /** Only what is known to hold. */
    boolean holds(Fact fact) {
        double number = Fact.number(value);
        return switch (operator) {
            case "" -> fact.words().contains("yes") || fact.words().contains("true");
            case "=" -> isEqual(fact, number);
            case "!=" -> fact.isKnown() && !isEqual(fact, number);
            case "<" -> fact.high() < number;
            case "<=" -> fact.high() <= number;
            case ">" -> fact.low() > number;
            case ">=" -> fact.low() >= number;
            default -> throw new IllegalStateException(operator);
        };
    }

    private boolean isEqual(Fact fact, double number) {
        return fact.words().contains(value) || fact.low() == number && fact.high() == number;
    }
}
