package hooke.stats;

import java.util.Locale;

/**
 * A figure as it may be shown to a person: with its interval, the interval's coverage, the number of runs behind it, its unit and the
 * method, which says what error the interval speaks of.
 *
 * @param value infinite where a time was not reached by enough runs, NaN where it is not defined
 * @param low lower end of the interval; NaN where the interval is not defined
 * @param high upper end; infinite where the data set no bound
 * @param level coverage of the interval, 0.95 for 95%; the one attained where the method cannot attain the one asked for
 * @param n how many independent runs the figure rests on
 * @param unit {@code steps}; empty for a plain number
 * @param method for instance {@code Student t interval of the mean}
 */
public record Estimate(double value, double low, double high, double level, int n, String unit, String method) {
    /** What stands in a column instead of an interval that is not defined. */
    public static final String NO_INTERVAL = "[–]";

    /** Whether there is an interval at all: of one run, or of constant data, there may be none. */
    public boolean hasInterval() {
        return !Double.isNaN(low) && !Double.isNaN(high);
    }

    /** This figure where the method's formula gives an interval that means nothing. */
    Estimate withoutInterval() {
        return new Estimate(value, Double.NaN, Double.NaN, level, n, unit, method);
    }

    /** All that it carries: {@code 2,990 [2,470, 6,460] steps, n = 5, 95% Kaplan-Meier median, log-log band}. */
    public String text() {
        String of = hasInterval() ? String.format(Locale.ROOT, "%s%% %s", number(level * 100), method) : method;
        return number(value) + (hasInterval() ? interval() : " [interval not defined]")
                + (unit.isEmpty() ? "" : " " + unit) + ", n = " + n + ", " + of;
    }

    /** The figure with its interval, for a column whose head and foot say the rest: {@code 2,990 [2,470, 6,460]}. */
    public String brief() {
        return number(value) + (hasInterval() ? interval() : " " + NO_INTERVAL);
    }

    private String interval() {
        return " [" + number(low) + ", " + number(high) + "]";
    }

    /** The figure alone, for where its interval is shown otherwise. */
    public String figure() {
        return number(value);
    }

    /** Four significant digits, whole above a thousand; an infinite time reads {@code not reached}. */
    static String number(double value) {
        if (!Double.isFinite(value)) {
            return Double.isNaN(value) ? "not defined" : value > 0 ? "not reached" : "-infinite";
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e12)) {
            return String.format(Locale.ROOT, "%.3e", value);
        }
        int digits = size == 0 || value == Math.rint(value) ? 0 : Math.max(0, 3 - (int) Math.floor(Math.log10(size)));
        return String.format(Locale.ROOT, "%,." + digits + "f", value == 0 ? 0.0 : value);
    }
}
