package hooke.cli.runs;

import hooke.train.Outcome;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a run is compared by: words, and the range in which its number is known to lie. A run that had not grokked by step 10,000 will
 * have done so later if at all, so its number is beyond 10,000; what is not known is in no comparison true.
 *
 * @param words any of which {@code =} may name
 * @param low not a number where there is none
 */
record Fact(List<String> words, double low, double high) {
    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]+)?");

    static final Fact UNKNOWN = new Fact(List.of(), Double.NaN, Double.NaN);

    /** A setting or word; a number, too, where it reads as one. */
    static Fact of(@Nullable String text) {
        if (text == null) {
            return UNKNOWN;
        }
        double number = number(text);
        return new Fact(List.of(text), number, number);
    }

    static Fact of(double number) {
        return new Fact(List.of(), number, number);
    }

    /** {@code yes} and {@code no} tell whether it was reached, {@code diverged} and {@code failed} why it was not. */
    static Fact of(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Reached reached ->
                new Fact(List.of("yes"), reached.isAtFirstLook() ? 0 : reached.step(), reached.step());
            case Outcome.Censored(long at) ->
                new Fact(List.of("no"), Math.nextUp((double) at), Double.POSITIVE_INFINITY);
            case Outcome.Unobserved _ -> UNKNOWN;
            case Outcome.Diverged _ -> new Fact(List.of("no", "diverged"), Double.NaN, Double.NaN);
            case Outcome.Failed _ -> new Fact(List.of("no", "failed"), Double.NaN, Double.NaN);
        };
    }

    boolean isKnown() {
        return !words.isEmpty() || !Double.isNaN(low);
    }

    /** Where it stands in an order by numbers: what was reached before what was not, what has none last. */
    double rank() {
        return Double.isNaN(low)
                ? Double.POSITIVE_INFINITY
                : high == Double.POSITIVE_INFINITY ? Double.MAX_VALUE : high;
    }

    String word() {
        return words.isEmpty() ? "" : words.getFirst();
    }

    /** The number that a text is, or NaN. */
    static double number(String text) {
        return NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    }
}
