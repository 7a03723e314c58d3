package hooke.lens.fourier;

import hooke.lens.group.Group;
import hooke.lens.group.Irrep;
import hooke.lens.group.Matrices;

/**
 * Means of what a network computes over the pairs that share x, y, x y or x y^-1: all that the measures of hidden activations need.
 * Each is [element][width].
 *
 * @param overall mean over all pairs
 * @param energy sum of squares over all pairs after that mean is taken away, by column
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Means(
        double[][] byX,
        double[][] byY,
        double[][] byProduct,
        double[][] byQuotient,
        double[] overall,
        double[] energy) {

    /** @param values [x * order + y][width], flat */
    static Means of(Group group, double[] values, int width) {
        int n = group.order();
        double[][] byX = new double[n][width];
        double[][] byY = new double[n][width];
        double[][] byProduct = new double[n][width];
        double[][] byQuotient = new double[n][width];
        double[] squares = new double[width];
        for (int x = 0; x < n; x++) {
            for (int y = 0; y < n; y++) {
                int at = (x * n + y) * width;
                double[] column = byY[y];
                double[] product = byProduct[group.times(x, y)];
                double[] quotient = byQuotient[group.times(x, group.inverse()[y])];
                double[] row = byX[x];
                for (int j = 0; j < width; j++) {
                    double v = values[at + j];
                    row[j] += v;
                    column[j] += v;
                    product[j] += v;
                    quotient[j] += v;
                    squares[j] += v * v;
                }
            }
        }
        double[] overall = new double[width];
        for (double[][] sums : new double[][][] {byX, byY, byProduct, byQuotient}) {
            for (double[] sum : sums) {
                for (int j = 0; j < width; j++) {
                    sum[j] /= n;
                }
            }
        }
        for (double[] row : byX) {
            Matrices.addTo(overall, 1.0 / n, row);
        }
        // Taking the mean's part from the sum of squares would cancel what a nearly constant neuron has left.
        double[] energy = new double[width];
        for (int at = 0; at < values.length; at += width) {
            for (int j = 0; j < width; j++) {
                double v = values[at + j] - overall[j];
                energy[j] += v * v;
            }
        }
        for (int j = 0; j < width; j++) {
            if (energy[j] <= 1e-28 * squares[j]) {
                energy[j] = 0; // a constant, up to rounding
            }
        }
        return new Means(byX, byY, byProduct, byQuotient, overall, energy);
    }

    /** The part of functions of an element that lies in some irreducible parts: [element][width]. */
    static double[][] project(Group group, double[][] means, int part) {
        double[][] projected = new double[group.order()][means[0].length];
        for (double[] function : group.irreps().get(part).functions()) {
            double[] coefficient = new double[means[0].length];
            for (int g = 0; g < means.length; g++) {
                Matrices.addTo(coefficient, function[g], means[g]);
            }
            for (int g = 0; g < means.length; g++) {
                Matrices.addTo(projected[g], function[g], coefficient);
            }
        }
        return projected;
    }

    /** By column: the summed squares of {@code sum_g f(g) means[g]} over the functions of a part. */
    static double[] energyOf(Irrep irrep, double[][] means) {
        double[] energy = new double[means[0].length];
        for (double[] row : Matrices.times(irrep.functions(), means)) {
            for (int j = 0; j < row.length; j++) {
                energy[j] += row[j] * row[j];
            }
        }
        return energy;
    }
}
