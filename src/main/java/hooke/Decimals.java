package hooke;

import java.util.Locale;

/** Numbers for people by a format such as {@code %.3f}, the same in every locale. */
public final class Decimals {
    private Decimals() {}

    /** The number as text. What rounds to nothing is 0 and has no minus, which would tell a reader that something is below it. */
    public static String format(String format, double value) {
        String text = String.format(Locale.ROOT, format, value);
        return text.indexOf('-') < 0 || text.chars().anyMatch(c -> c >= '1' && c <= '9') || !Double.isFinite(value)
                ? text
                : String.format(Locale.ROOT, format, 0.0);
    }
}
