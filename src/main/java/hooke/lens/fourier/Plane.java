package hooke.lens.fourier;

/**
 * The plane in which points spread the most: their mean is its origin, the two largest principal components its axes.
 *
 * @param axes two orthonormal rows
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Plane(double[] mean, double[][] axes) {

    /** @param points [point][dimension] */
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
