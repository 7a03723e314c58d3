package hooke.view.plot;

import hooke.Check;
import java.util.List;

/**
 * Points of a plane, its two directions at one scale: embeddings in the plane of a frequency.
 *
 * @param points [point][2]
 * @param labels one a point
 * @param path points to be joined, in this order, into a closed line; may be empty
 * @param kinds names of the kinds of points, each with a colour of its own; empty where all are of one
 * @param kind of each point, its place among the kinds; empty where all are of one
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record PointPlot(
        String title,
        String xLabel,
        String yLabel,
        double[][] points,
        List<String> labels,
        List<Integer> path,
        List<String> kinds,
        List<Integer> kind)
        implements Plot {
    public PointPlot {
        labels = List.copyOf(labels);
        path = List.copyOf(path);
        kinds = List.copyOf(kinds);
        kind = List.copyOf(kind);
        Check.that(
                kinds.isEmpty() ? kind.isEmpty() : kind.size() == points.length,
                "point plot %s has kinds for %s of %s points",
                title,
                kind.size(),
                points.length);
        Check.that(
                labels.size() == points.length,
                "point plot %s has %s labels for %s points",
                title,
                labels.size(),
                points.length);
    }

    /** Half the side of the square that shows every point. */
    public double reach() {
        double reach = 0;
        for (double[] point : points) {
            reach = Math.max(reach, Math.max(Math.abs(point[0]), Math.abs(point[1])));
        }
        return reach == 0 ? 1 : reach;
    }
}
