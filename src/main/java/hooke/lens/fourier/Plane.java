package hooke.lens.fourier;

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
        double[][] covariance = Matrices.times(Matrices.transpose(centred), centred);
        double[][] vectors = Jacobi.eigenvectors(covariance);
        double[][] axes = new double[2][mean.length];
        for (int i = 0; i < Math.min(2, vectors.length); i++) {
            axes[i] = vectors[i];
        }
        return new Plane(mean, axes);
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
