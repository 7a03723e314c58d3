package hooke.view.drawing;

import hooke.view.PageNumbers;
import hooke.view.plot.Axis;
import hooke.view.plot.Scale;
import java.util.ArrayList;
import java.util.List;

/** Where an axis is labelled, and how. The page's script does the same ({@code ticks} in scale.js). */
public final class Ticks {
    private Ticks() {}

    /** @param label empty for a tick between the labelled ones */
    public record Tick(double value, String label) {}

    /**
     * Ticks from low to high: decades on a logarithmic scale (every second, third, ... if there is no room for all, with 2 and 5 if
     * there are few), round numbers on a linear one and where less than a decade is shown.
     *
     * @param room how many labels fit
     */
    public static List<Tick> of(Scale scale, Axis.Format format, double low, double high, int room) {
        if (scale == Scale.LINEAR) {
            return linear(format, low, high, room);
        }
        double from = scale == Scale.LOG1P ? Math.max(low, 1) : low;
        int lowest = (int) Math.floor(Math.log10(from) + 1e-9);
        int highest = (int) Math.floor(Math.log10(high) + 1e-9);
        double decades = Math.log10(high / from);
        if (decades < 1) {
            return linear(format, low, high, room);
        }
        int stride = Math.max(1, (int) Math.ceil(decades / room));
        boolean few = decades < 2.5;
        boolean powers = from < 0.0005 || high >= 1e6;
        var ticks = new ArrayList<Tick>();
        if (scale == Scale.LOG1P && low <= 0) {
            ticks.add(new Tick(0, label(format, 0, 1)));
        }
        for (int e = lowest; e <= highest; e++) {
            for (int m = 1; m < 10; m++) {
                double value = Double.parseDouble(m + "e" + e);
                if (value < from * (1 - 1e-9) || value > high * (1 + 1e-9) || m > 1 && decades > 12) {
                    continue;
                }
                boolean labelled = m == 1 && Math.floorMod(e, stride) == 0 || few && (m == 2 || m == 5);
                ticks.add(new Tick(value, labelled ? decade(format, powers, m, e, value) : ""));
            }
        }
        return ticks;
    }

    private static List<Tick> linear(Axis.Format format, double low, double high, int room) {
        double rough = (high - low) / Math.max(1, room);
        double unit = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = unit * (rough / unit > 5 ? 10 : rough / unit > 2 ? 5 : rough / unit > 1 ? 2 : 1);
        step = format == Axis.Format.COUNT ? Math.max(1, step) : step;
        var ticks = new ArrayList<Tick>();
        for (double k = Math.ceil(low / step - 1e-9); k * step <= high + step * 1e-9; k++) {
            ticks.add(new Tick(k * step, label(format, k * step, step)));
        }
        return ticks;
    }

    private static String decade(Axis.Format format, boolean powers, int m, int exponent, double value) {
        if (format == Axis.Format.NUMBER && powers && (exponent != 0 || m > 1)) {
            return (m == 1 ? "" : m + "·") + "10" + PageNumbers.raised(exponent);
        }
        return label(format, value, value);
    }

    /** With as many decimals as a step between labels needs. */
    private static String label(Axis.Format format, double value, double step) {
        return switch (format) {
            case COUNT -> PageNumbers.decimals(value, 1);
            case PERCENT -> PageNumbers.decimals(value * 100, step * 100) + "%";
            case NUMBER -> {
                double size = Math.max(Math.abs(value), step);
                if (value != 0 && (size < 1e-4 || step < 1e-6)) {
                    int exponent = (int) Math.floor(Math.log10(size) + 1e-9);
                    double unit = Math.pow(10, exponent);
                    yield PageNumbers.decimals(value / unit, step / unit) + "·10" + PageNumbers.raised(exponent);
                }
                double unit = value == 0 ? 1 : size >= 1e9 && step >= 1e8 ? 1e9 : size >= 1e6 && step >= 1e5 ? 1e6 : 1;
                yield PageNumbers.decimals(value / unit, step / unit) + (unit == 1e9 ? "G" : unit == 1e6 ? "M" : "");
            }
        };
    }
}
