package hooke.view.plot;

import hooke.Check;
import hooke.view.Palette;
import hooke.view.drawing.Picture;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Lines over a common x, with what happened marked.
 *
 * @param title without the run's address, which a {@link Picture} adds and a page shows anyway
 * @param curves the first drawn above the others
 * @param pens one a curve
 */
public record CurvePlot(String title, Axis x, Axis y, List<Curve> curves, List<Marker> markers, List<Pen> pens)
        implements Plot {
    /**
     * Something that happened at an x.
     *
     * @param pen of the curve that it happened to, where it is that of one alone
     */
    public record Marker(double x, String label, Tone tone, Optional<Pen> pen) {}

    public enum Tone {
        /** What the run was for: memorized, grokked. */
        MILESTONE,
        /** Good to know: resumed, stopped. */
        QUIET,
        /** Diverged, failed. */
        ALARM
    }

    /** With a colour a curve, in their order. */
    public static CurvePlot of(String title, Axis x, Axis y, List<Curve> curves, List<Marker> markers) {
        Check.that(
                curves.size() <= Palette.LIGHT.curves().size(),
                "plot %s has %s curves; at most %s can be told apart",
                title,
                curves.size(),
                Palette.LIGHT.curves().size());
        List<Pen> pens = IntStream.range(0, curves.size()).mapToObj(Pen::of).toList();
        return new CurvePlot(title, x, y, curves, markers, pens);
    }

    public CurvePlot {
        curves = List.copyOf(curves);
        markers = List.copyOf(markers);
        pens = List.copyOf(pens);
        Check.that(
                curves.size() == pens.size(), "plot %s has %s curves and %s pens", title, curves.size(), pens.size());
    }
}
