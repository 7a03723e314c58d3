package hooke;

import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Amounts as a person reads them, in terminal and page alike, the same in every locale. */
public final class Amounts {
    private static final String[] PREFIXES = {"", "k", "M", "G", "T", "P", "E"};

    private static final double A_CENTURY = 36_525 * 86_400.0;

    private Amounts() {}

    /** {@code 227,313}. */
    public static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** Three digits and a prefix: {@code 6.61 GFLOP}, {@code 908 kB}, {@code 12 B}. */
    public static String of(double amount, String unit) {
        double scaled = amount;
        int prefix = 0;
        while (Math.abs(scaled) >= 999.5 && prefix < PREFIXES.length - 1) {
            scaled /= 1000;
            prefix++;
        }
        String digits = prefix == 0 && scaled == Math.rint(scaled)
                ? String.valueOf((long) scaled)
                : Decimals.format(scaled < 9.995 ? "%.2f" : scaled < 99.95 ? "%.1f" : "%.0f", scaled);
        return digits + " " + PREFIXES[prefix] + unit;
    }

    /** {@code 908 kB}. */
    public static String bytes(long n) {
        return of((double) n, "B");
    }

    /** {@code 1 example}, {@code 2,809 examples}. */
    public static String of(long n, String one, String many) {
        return count(n) + " " + (n == 1 ? one : many);
    }

    /** {@code 0.8 s}, {@code 42 s}, {@code 3 min 05 s}, {@code 2 h 10 min}, {@code 3 d 4 h}; beyond a century no figure helps. */
    public static String duration(double seconds) {
        if (Double.isNaN(seconds)) {
            return "a time that was not measured";
        }
        if (seconds > A_CENTURY) {
            return "more than 100 years";
        }
        if (seconds < 9.95) {
            return Decimals.format("%.1f s", seconds);
        }
        long s = Math.round(seconds);
        if (s < 60) {
            return s + " s";
        }
        if (s < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60);
        }
        return s < 86_400
                ? String.format(Locale.ROOT, "%d h %02d min", s / 3600, s % 3600 / 60)
                : s / 86_400 + " d " + s % 86_400 / 3600 + " h";
    }

    /** {@code 2026-11-28 06:50:20Z}: no person reads nanoseconds. */
    public static String moment(OffsetDateTime at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ');
    }

    /** {@code 2.4} of something that is also had in parts; whole where the part is small beside it. */
    public static String parts(double n) {
        return n < 100 && n != Math.rint(n) ? Decimals.format("%.1f", n) : count(Math.round(n));
    }

    /** Four significant digits: {@code 4.735}, {@code 0.002660}, {@code 3.600e-7}, {@code 12,345}. */
    public static String figure(double value) {
        if (value == 0 || Double.isNaN(value) || Double.isInfinite(value)) {
            return value == 0 ? "0" : String.valueOf(value);
        }
        double size = Math.abs(value);
        if (size < 1e-3 || size >= 1e9) {
            return Decimals.format("%.3e", value)
                    .replaceFirst("e([+-])0?", "e$1")
                    .replace("e+", "e");
        }
        int decimals = Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
        return Decimals.format("%,." + decimals + "f", value);
    }

    /** A share in percent with two decimals; what is nearly nothing or nearly all is not rounded to it: {@code <0.01%}, {@code >99.99%}. */
    public static String percent(double share) {
        if (!Double.isFinite(share)) {
            return figure(share);
        }
        String bound = share > 0 && share < 5e-5 ? "<" : share < 1 && share >= 1 - 5e-5 ? ">" : "";
        double percent = bound.isEmpty() ? share * 100 : Math.clamp(share * 100, 0.01, 99.99);
        return bound + Decimals.format("%.2f%%", percent);
    }

    /** A share that somebody chose, with the digits they gave: 0.999 as 99.9%. */
    public static String exactPercent(double share) {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }
}
