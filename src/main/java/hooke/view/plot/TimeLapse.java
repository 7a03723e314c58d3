package hooke.view.plot;

import hooke.Check;
import java.util.List;

/**
 * A training as a film: a slider through its checkpoints moves a spectrum, points of a plane, attention patterns and the losses
 * together. Every frame has the same things in the same order.
 *
 * @param steps of the frames, rising
 * @param spectra one a frame
 * @param planes [frame][plane], with the same labels and paths in every frame
 * @param inPlane [frame][plane], share of the frame's spread that the plane shows
 * @param patterns [frame][head], all of one size
 * @param losses curves over steps, on which the frame is marked
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record TimeLapse(
        String title,
        long[] steps,
        List<BarPlot> spectra,
        List<List<PointPlot>> planes,
        double[][] inPlane,
        List<List<HeatMap>> patterns,
        CurvePlot losses) {
    public TimeLapse {
        spectra = List.copyOf(spectra);
        planes = List.copyOf(planes);
        patterns = List.copyOf(patterns);
        Check.that(steps.length >= 1, "a time-lapse needs a frame");
        for (int size : new int[] {spectra.size(), planes.size(), inPlane.length, patterns.size()}) {
            Check.that(size == steps.length, "a time-lapse of %s steps has %s frames of one part", steps.length, size);
        }
    }
}
