package hooke;

import java.math.BigDecimal;
import java.util.Locale;

/** Numbers for people by a format such as {@code %.3f}, the same in every locale. */
public final class Decimals {
    private Decimals() {}

    /** As few digits as read back to the number, with a point always (so that YAML 1.1, too, takes it for one): 0.001, 1.0, 1.0e-8. */
    public static String shortest(double value) {
        String java = Double.toString(value);
        if (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e15 || !java.contains("E")) {
            return java.replace('E', 'e');
        }
        String plain = new BigDecimal(java).stripTrailingZeros().toPlainString();
        return plain.contains(".") ? plain : plain + ".0";
    }

    /** The number as text. What rounds to nothing is 0 and has no minus, which would tell a reader that something is below it. */
    public static String format(String format, double value) {
        String text = String.format(Locale.ROOT, format, value);
        return text.indexOf('-') < 0 || text.chars().anyMatch(c -> c >= '1' && c <= '9') || !Double.isFinite(value)
                ? text
                : String.format(Locale.ROOT, format, 0.0);
    }
}
