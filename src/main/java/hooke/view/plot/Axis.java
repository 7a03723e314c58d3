package hooke.view.plot;

import hooke.Check;
import java.util.List;

/**
 * One direction of a plot.
 *
 * @param label what it measures, with its unit
 * @param format how its values are written
 * @param scales those the reader may switch between; the first is shown at first
 * @param range lowest and highest value shown before anybody zooms; empty to fit the data
 */
public record Axis(String label, Format format, List<Scale> scales, List<Double> range) {
    public enum Format {
        /** A whole number: steps. */
        COUNT,
        NUMBER,
        /** A share of 1, written in percent. */
        PERCENT
    }

    public Axis {
        scales = List.copyOf(scales);
        range = List.copyOf(range);
        Check.that(!scales.isEmpty(), "axis %s needs a scale", label);
        Check.that(
                range.isEmpty() || range.size() == 2 && range.get(0) < range.get(1),
                "axis %s (%s) needs a range of two rising values, or none",
                label,
                range);
    }

    /**
     * Steps of a training run: logarithmic at first where three decades or more lie between the first step after 0 and the last, as
     * memorizing at 200 and grokking at 5,000 of 40,000 are told apart only there.
     */
    public static Axis steps(List<Curve> curves) {
        double first = Double.POSITIVE_INFINITY;
        double last = 0;
        for (Curve curve : curves) {
            for (double x : curve.x()) {
                first = x > 0 ? Math.min(first, x) : first;
                last = Math.max(last, x);
            }
        }
        boolean wide = last / first >= 1000;
        return new Axis(
                "step",
                Format.COUNT,
                wide ? List.of(Scale.LOG1P, Scale.LINEAR) : List.of(Scale.LINEAR, Scale.LOG1P),
                List.of());
    }

    /** Any measure: logarithmic at first if it is asked for and every value is above 0. */
    public static Axis measure(String label, boolean log, List<Curve> curves) {
        boolean positive = curves.stream().allMatch(Curve::positive);
        return new Axis(
                label,
                Format.NUMBER,
                log && positive ? List.of(Scale.LOG, Scale.LINEAR) : List.of(Scale.LINEAR, Scale.LOG),
                List.of());
    }

    /** Shares from 0 to 100%. */
    public static Axis share(String label) {
        return new Axis(label, Format.PERCENT, List.of(Scale.LINEAR, Scale.LOG), List.of(0.0, 1.0));
    }

    /** Shares of what can be had in full, from 0 to 100%; of anything else as far as they go. */
    public static Axis share(String label, boolean isSolvable) {
        Axis all = share(label);
        return isSolvable ? all : new Axis(label, all.format(), all.scales(), List.of());
    }

    /** The same axis, showing that scale at first. */
    public Axis with(Scale scale) {
        return new Axis(label, format, scale == scales.getFirst() ? scales : scales.reversed(), range);
    }
}
