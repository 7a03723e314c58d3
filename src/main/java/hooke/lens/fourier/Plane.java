package hooke.lens.fourier;

import hooke.lens.group.Matrices;
import hooke.tensor.Factors;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;

/**
 * A plane through the mean of points: that in which they spread the most, or that in which they turn with a frequency.
 *
 * @param axes two orthonormal rows
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Plane(double[] mean, double[][] axes) {

    /** Of the cosine and the sine that points have of one frequency: those that have nothing else lie on a circle in it. */
    static Plane of(double[][] points, double[][] functions) {
        double[][] axes = Matrices.times(functions, points); // [2][dimension]
        normalise(axes[0]);
        double along = 0;
        for (int i = 0; i < axes[0].length; i++) {
            along += axes[0][i] * axes[1][i];
        }
        Matrices.addTo(axes[1], -along, axes[0]);
        normalise(axes[1]);
        return new Plane(Matrices.meanRow(points), axes);
    }

    private static void normalise(double[] v) {
        double norm = Math.sqrt(Matrices.sumOfSquares(v));
        for (int i = 0; i < v.length; i++) {
            v[i] = norm == 0 ? 0 : v[i] / norm;
        }
    }

    /** Of the two largest principal components; {@code points} is [point][dimension]. */
    static Plane of(double[][] points) {
        double[] mean = Matrices.meanRow(points);
        double[][] centred = centred(points, mean);
        double[][] axes = new double[2][mean.length];
        try (var _ = new Scope()) {
            double[] flat =
                    Arrays.stream(centred).flatMapToDouble(Arrays::stream).toArray();
            Tensor components =
                    Factors.svd(Tensor.of(flat, points.length, mean.length)).Vt();
            for (int i = 0; i < Math.min(2, components.size(0)); i++) {
                axes[i] = positive(components.select(0, i).toDoubles());
            }
        }
        return new Plane(mean, axes);
    }

    /** Turned so that the largest entry is positive: what a decomposition leaves open. */
    private static double[] positive(double[] axis) {
        double largest = Arrays.stream(axis).reduce(0, (a, b) -> Math.abs(b) > Math.abs(a) ? b : a);
        return largest < 0 ? Matrices.scaled(axis, -1) : axis;
    }

    private static double[][] centred(double[][] points, double[] mean) {
        double[][] centred = new double[points.length][];
        for (int i = 0; i < points.length; i++) {
            centred[i] = points[i].clone();
            Matrices.addTo(centred[i], -1, mean);
        }
        return centred;
    }

    /** Where points of any frame lie on it, about their own mean. */
    double[][] places(double[][] points) {
        return Matrices.times(centred(points, Matrices.meanRow(points)), Matrices.transpose(axes));
    }

    /** The share of the points' spread about their own mean that it shows. */
    double share(double[][] points) {
        return Matrices.sumOfSquares(places(points)) / Matrices.sumOfSquares(centred(points, Matrices.meanRow(points)));
    }
}
