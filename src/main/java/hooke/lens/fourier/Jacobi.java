package hooke.lens.fourier;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Eigenvectors of symmetric matrices by Jacobi's rotations (1846): slow for large ones, exact for close eigenvalues. */
final class Jacobi {
    private static final int SWEEPS = 60;
    private static final double SMALL = 1e-12;

    private Jacobi() {}

    /** Unit eigenvectors as rows, that of the largest eigenvalue first; of each the largest entry is positive. */
    static double[][] eigenvectors(double[][] symmetric) {
        int n = symmetric.length;
        double[][] a = Arrays.stream(symmetric).map(double[]::clone).toArray(double[][]::new);
        double[][] vectors = new double[n][n]; // rows
        for (int i = 0; i < n; i++) {
            vectors[i][i] = 1;
        }
        double size = Matrices.sumOfSquares(a);
        for (int sweep = 0; sweep < SWEEPS && offDiagonal(a) > SMALL * SMALL * size; sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    if (a[p][q] != 0) {
                        rotate(a, vectors, p, q);
                    }
                }
            }
        }
        return IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -a[i][i]))
                .map(i -> positive(vectors[i]))
                .toArray(double[][]::new);
    }

    private static double offDiagonal(double[][] a) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < i; j++) {
                sum += 2 * a[i][j] * a[i][j];
            }
        }
        return sum;
    }

    private static void rotate(double[][] a, double[][] vectors, int p, int q) {
        double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        double t = Math.copySign(1, theta) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        double c = 1 / Math.sqrt(t * t + 1);
        double s = t * c;
        turn(a[p], a[q], c, s);
        for (double[] row : a) {
            double rowP = row[p];
            row[p] = c * rowP - s * row[q];
            row[q] = s * rowP + c * row[q];
        }
        turn(vectors[p], vectors[q], c, s);
    }

    private static void turn(double[] x, double[] y, double c, double s) {
        for (int i = 0; i < x.length; i++) {
            double before = x[i];
            x[i] = c * before - s * y[i];
            y[i] = s * before + c * y[i];
        }
    }

    private static double[] positive(double[] vector) {
        double largest = 0;
        for (double v : vector) {
            largest = Math.abs(v) > Math.abs(largest) ? v : largest;
        }
        return largest < 0 ? Group.scaled(vector, -1) : vector;
    }
}
