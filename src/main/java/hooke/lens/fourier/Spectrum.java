package hooke.lens.fourier;

import hooke.lens.group.Group;
import hooke.lens.group.Matrices;
import java.util.Arrays;

/**
 * How a matrix with one row for each element of a group spreads over the group's parts.
 *
 * @param functionNorms of F W, one a basis function, in the order of the parts; the first is the constant's
 * @param norms root of the summed squares of a part's function norms, one a part; the first is the constant's
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Spectrum(double[] functionNorms, double[] norms) {

    /** @param matrix [element][any] */
    public static Spectrum of(Group group, double[][] matrix) {
        double[] functionNorms = new double
                [group.irreps().stream()
                        .mapToInt(irrep -> irrep.functions().length)
                        .sum()];
        double[] norms = new double[group.irreps().size()];
        int at = 0;
        for (int k = 0; k < norms.length; k++) {
            double squares = 0;
            for (double[] row : Matrices.times(group.irreps().get(k).functions(), matrix)) {
                double square = Matrices.sumOfSquares(row);
                functionNorms[at++] = Math.sqrt(square);
                squares += square;
            }
            norms[k] = Math.sqrt(squares);
        }
        return new Spectrum(functionNorms, norms);
    }

    /** The share of the matrix' sum of squares that lies in each part; together 1 (Parseval). */
    public double[] shares() {
        double all = Matrices.sumOfSquares(norms);
        return Arrays.stream(norms)
                .map(v -> all == 0 ? Double.NaN : v * v / all)
                .toArray();
    }

    /** Gini coefficient of the parts' norms, the constant left out: 0 where all are alike, near 1 where few have everything. */
    public double gini() {
        return gini(Arrays.copyOfRange(norms, 1, norms.length));
    }

    /** Gini coefficient of all function norms. */
    public double giniOfFunctions() {
        return gini(functionNorms);
    }

    /** {@code sum_i (2i - n - 1) x_(i) / (n sum x)}, x ascending; NaN where the sum is 0. */
    public static double gini(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        double weighted = 0;
        double sum = 0;
        for (int i = 0; i < n; i++) {
            weighted += (2.0 * (i + 1) - n - 1) * sorted[i];
            sum += sorted[i];
        }
        return weighted / (n * sum);
    }
}
