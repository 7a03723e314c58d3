package hooke.cli.terminal;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Comma-separated values (RFC 4180). */
public final class Csv {
    /** A spreadsheet takes a cell that begins so for a formula, and runs it, unless it is a number. */
    private static final Pattern FORMULA =
            Pattern.compile("(?s)(?!-?[0-9.]+(?:[eE][-+]?[0-9]+)?$|-inf$|-?Infinity$)[-=+@\\t\\r].*");

    private Csv() {}

    /** Quoted where it must be; what a spreadsheet would run has an apostrophe in front. */
    public static String cell(String value) {
        String text = FORMULA.matcher(value).matches() ? "'" + value : value;
        return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    public static String line(List<String> cells) {
        return cells.stream().map(Csv::cell).collect(Collectors.joining(",")) + "\n";
    }

    /** In full, whole numbers without a point; {@code inf}, and nothing for NaN. */
    public static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "" : value > 0 ? "inf" : "-inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? String.valueOf((long) value)
                : BigDecimal.valueOf(value).toString();
    }
}
