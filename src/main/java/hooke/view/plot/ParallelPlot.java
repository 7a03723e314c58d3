package hooke.view.plot;

import hooke.Amounts;
import hooke.Check;
import hooke.view.PageNumbers;
import java.util.List;

/**
 * Parallel coordinates: a vertical axis for each setting and each result, and a line for each cell.
 *
 * @param colour index of the axis whose values colour the lines
 */
public record ParallelPlot(String title, List<Dimension> axes, List<Line> lines, int colour) implements Plot {
    /**
     * One axis.
     *
     * @param names of the values 0, 1, 2, ... from below; empty for an axis of numbers
     * @param low lowest value shown
     * @param high highest value shown
     * @param log whether its values are spaced by their logarithms
     */
    public record Dimension(
            String label, List<String> names, Axis.Format format, double low, double high, boolean log) {
        public Dimension {
            names = List.copyOf(names);
            Check.that(low <= high, "axis %s cannot reach from %s to %s", label, low, high);
            Check.that(!log || low > 0, "axis %s is logarithmic and cannot begin at %s", label, low);
        }

        /** The label of an axis whose values are all the same. */
        public String only() {
            return switch (format) {
                case COUNT -> PageNumbers.decimals(low, 1);
                case PERCENT -> Amounts.percent(low);
                case NUMBER -> PageNumbers.measure(low);
            };
        }

        /** From 0 to 1 for the values shown; what was not reached lies above; NaN for what is not known. */
        public double share(double value) {
            if (value == Double.POSITIVE_INFINITY) {
                return 1.09;
            }
            return low == high
                    ? 0.5
                    : log
                            ? (Math.log(value) - Math.log(low)) / (Math.log(high) - Math.log(low))
                            : (value - low) / (high - low);
        }
    }

    /** A cell's values, one an axis; infinite for a time that was not reached, NaN for what is not known. */
    public record Line(String label, List<Double> values) {
        public Line {
            values = List.copyOf(values);
        }
    }

    public ParallelPlot {
        axes = List.copyOf(axes);
        lines = List.copyOf(lines);
        Check.that(colour >= 0 && colour < axes.size(), "axis %s of %s cannot colour the lines", colour, axes.size());
        for (Line line : lines) {
            Check.that(
                    line.values().size() == axes.size(),
                    "line %s has %s values for %s axes",
                    line.label(),
                    line.values().size(),
                    axes.size());
        }
    }
}
