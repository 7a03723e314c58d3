package hooke.view;

import hooke.Check;
import java.util.List;

/**
 * Curves of groups of runs, each with a band around it: medians with quartiles, or survival curves with their confidence band and the
 * numbers at risk below.
 *
 * @param stepwise whether a value holds until the next point, as in a survival curve, instead of a line between them
 * @param ribbons in the order of their colours, the first drawn above the others
 * @param note what the band is, for the reader
 */
public record BandPlot(String title, Axis x, Axis y, boolean stepwise, List<Ribbon> ribbons, String note)
        implements Plot {
    /**
     * One curve with its band.
     *
     * @param name as the legend shows it, with its n
     * @param x rising
     * @param y NaN leaves a gap
     * @param low of the band, NaN for none
     * @param high of the band
     * @param until up to where each run was watched, rising; empty for a plot without numbers at risk
     * @param censored where runs left without the event, each marked on the curve
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Ribbon(
            String name, double[] x, double[] y, double[] low, double[] high, double[] until, double[] censored) {
        public Ribbon {
            Check.that(
                    x.length == y.length && x.length == low.length && x.length == high.length,
                    "curve %s has %s x, %s y, %s lower and %s upper ends",
                    name,
                    x.length,
                    y.length,
                    low.length,
                    high.length);
        }
    }

    public BandPlot {
        ribbons = List.copyOf(ribbons);
        Check.that(
                ribbons.size() <= Palette.LIGHT.curves().size(),
                "plot %s has %s curves; %s is what a reader tells apart",
                title,
                ribbons.size(),
                Palette.LIGHT.curves().size());
    }

    /** The middle lines alone. */
    List<Curve> curves() {
        return ribbons.stream().map(r -> new Curve(r.name(), r.x(), r.y())).toList();
    }
}
