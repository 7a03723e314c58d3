package hooke.view;

import hooke.Decimals;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Locale;

/** Numbers as a person reads them. */
final class Numbers {
    private static final String RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

    private Numbers() {}

    /** 40000 as 40,000. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    /** 1 layer, 2 layers. */
    static String of(long count, String one, String many) {
        return count(count) + " " + (count == 1 ? one : many);
    }

    /** Four significant digits: 0.01234, 1.234·10⁻⁷. */
    static String measure(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "-∞";
        }
        if (value == 0) {
            return "0";
        }
        int exponent = (int) Math.floor(Math.log10(Math.abs(value)));
        return exponent < -3 || exponent > 8
                ? decimals(value / Math.pow(10, exponent), 1e-3) + "·10" + raised(exponent)
                : decimals(value, Math.pow(10, Math.min(0, exponent - 3)));
    }

    /** Two decimals; what is nearly nothing or nearly all is not rounded to it. */
    static String percent(double share) {
        double percent = share > 0 && share < 1 ? Math.clamp(share * 100, 0.01, 99.99) : share * 100;
        return Double.isFinite(share) ? decimals(percent, 0.01) + "%" : measure(share);
    }

    /** A share that somebody chose, with the digits they gave: 0.999 as 99.9%. */
    static String exactPercent(double share) {
        return BigDecimal.valueOf(share).movePointRight(2).stripTrailingZeros().toPlainString() + "%";
    }

    static String bytes(long size) {
        String[] units = {"bytes", "KiB", "MiB", "GiB", "TiB"};
        int unit = 0;
        double value = size;
        while (value >= 1024 && unit < units.length - 1) {
            value /= 1024;
            unit++;
        }
        return decimals(value, unit == 0 || value >= 100 ? 1 : 0.1) + " " + units[unit];
    }

    /** The two largest units: 2 h 5 min, 31 min 12 s, 4.2 s. */
    static String time(Duration time) {
        long s = time.toSeconds();
        return s < 60
                ? decimals(time.toMillis() / 1000.0, 0.1) + " s"
                : s < 3600
                        ? s / 60 + " min " + s % 60 + " s"
                        : s < 86_400
                                ? s / 3600 + " h " + s / 60 % 60 + " min"
                                : s / 86_400 + " d " + s / 3600 % 24 + " h";
    }

    static String raised(int exponent) {
        var out = new StringBuilder(exponent < 0 ? "⁻" : "");
        for (char digit : Integer.toString(Math.abs(exponent)).toCharArray()) {
            out.append(RAISED.charAt(digit - '0'));
        }
        return out.toString();
    }

    /** With as many decimals as steps of that size need. */
    static String decimals(double value, double step) {
        int digits = Math.clamp((int) Math.ceil(-Math.log10(step) - 1e-9), 0, 12);
        return Decimals.format("%,." + digits + "f", value);
    }
}
