package hooke.view;

import hooke.Amounts;
import hooke.Decimals;

/** Numbers where type has raised digits and infinity; what a terminal writes alike is in {@link Amounts}. */
public final class PageNumbers {
    private static final String RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private PageNumbers() {}

    /** Four significant digits: 0.01234, 1.234·10⁻⁷. */
    public static String measure(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
        }
        String[] parts = Amounts.figure(value).split("e", 2);
        return parts.length == 1 ? parts[0] : parts[0] + "·10" + raised(Integer.parseInt(parts[1]));
    }

    public static String raised(int exponent) {
        var out = new StringBuilder(exponent < 0 ? "⁻" : "");
        for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
            out.append(RAISED.charAt(digit - '0'));
        }
        return out.toString();
    }

    /** With as many decimals as steps of that size need. */
    public static String decimals(double value, double step) {
        int digits = Math.clamp((int) Math.ceil(-Math.log10(step) - 1e-9), 0, 12);
        return Decimals.format("%,." + digits + "f", value);
    }
}
