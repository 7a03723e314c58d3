package hooke.view;

import hooke.Check;
import java.util.List;

/**
 * Lines over a common x, with what happened marked.
 *
 * @param title without the run's address, which a {@link Picture} adds and a page shows anyway
 * @param curves in the order of their colours, the first drawn above the others
 */
public record CurvePlot(String title, Axis x, Axis y, List<Curve> curves, List<Marker> markers) implements Plot {
    /** Something that happened at an x. */
    public record Marker(double x, String label, Tone tone) {}

    public enum Tone {
        /** What the run was for: memorized, grokked. */
        MILESTONE,
        /** Good to know: resumed, stopped. */
        QUIET,
        /** Diverged, failed. */
        ALARM
    }

    public CurvePlot {
        curves = List.copyOf(curves);
        markers = List.copyOf(markers);
        Check.that(
                curves.size() <= Palette.LIGHT.curves().size(),
                "plot %s has %s curves; %s is what a reader tells apart",
                title,
                curves.size(),
                Palette.LIGHT.curves().size());
    }
}
