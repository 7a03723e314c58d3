package hooke.view.plot;

import hooke.Check;
import hooke.view.Palette;
import java.util.List;
import java.util.stream.Stream;

/**
 * Curves of runs, each with a band around it where it has one: medians with quartiles, or survival curves with their confidence band and
 * the numbers at risk below.
 *
 * @param stepwise whether a value holds until the next point, as in a survival curve, instead of a line between them
 * @param groups as the legend names them, each with a colour
 * @param isRange whether the groups are stretches of numbers, whose colours go from early to late
 * @param ribbons the first drawn above the others
 * @param note what the band is, for the reader
 */
public record BandPlot(
        String title,
        Axis x,
        Axis y,
        boolean stepwise,
        List<String> groups,
        boolean isRange,
        List<Ribbon> ribbons,
        String note)
        implements Plot {
    /**
     * One curve with its band.
     *
     * @param name what is drawn: a group, or a cell of it
     * @param group index of the group whose colour it has
     * @param detail what a reader should know beside the name; may be empty
     * @param x rising
     * @param y NaN leaves a gap
     * @param low of the band, NaN for none; empty where there is no band at all
     * @param high of the band
     * @param until up to where each run was watched, rising; empty for a plot without numbers at risk
     * @param censored where runs left without the event, each marked on the curve
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Ribbon(
            String name,
            int group,
            String detail,
            double[] x,
            double[] y,
            double[] low,
            double[] high,
            double[] until,
            double[] censored) {
        public Ribbon {
            Check.that(
                    x.length == y.length && low.length == high.length && (low.length == 0 || x.length == low.length),
                    "curve %s has %s x, %s y, %s lower and %s upper ends",
                    name,
                    x.length,
                    y.length,
                    low.length,
                    high.length);
        }
    }

    public BandPlot {
        groups = List.copyOf(groups);
        ribbons = List.copyOf(ribbons);
        Check.that(
                groups.size() <= Palette.LIGHT.curves().size(),
                "plot %s has %s colours; at most %s can be told apart",
                title,
                groups.size(),
                Palette.LIGHT.curves().size());
    }

    /** Whether a group is more than one curve, so that a curve alone must be told apart by pointing at it. */
    public boolean isCrowded() {
        return ribbons.size() > groups.size();
    }

    /** One a group; of stretches of numbers what has none comes last, in a colour that is neither early nor late. */
    public List<String> colours(Palette palette) {
        return isRange
                ? Stream.concat(palette.lines().stream(), Stream.of(palette.muted()))
                        .toList()
                : palette.curves();
    }

    /** The middle lines alone. */
    public List<Curve> curves() {
        return ribbons.stream().map(r -> new Curve(r.name(), r.x(), r.y())).toList();
    }
}
