package hooke.lens.group;

/** The little linear algebra of the measures, on rows of doubles. */
public final class Matrices {
    private Matrices() {}

    /** {@code a b}. */
    public static double[][] times(double[][] a, double[][] b) {
        double[][] product = new double[a.length][b[0].length];
        for (int i = 0; i < a.length; i++) {
            for (int k = 0; k < b.length; k++) {
                addTo(product[i], a[i][k], b[k]);
            }
        }
        return product;
    }

    /** {@code target + factor row}, in place. */
    public static void addTo(double[] target, double factor, double[] row) {
        for (int j = 0; j < target.length; j++) {
            target[j] += factor * row[j];
        }
    }

    public static double[] scaled(double[] values, double by) {
        double[] scaled = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = values[i] * by;
        }
        return scaled;
    }

    public static double[][] transpose(double[][] a) {
        double[][] transposed = new double[a[0].length][a.length];
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[0].length; j++) {
                transposed[j][i] = a[i][j];
            }
        }
        return transposed;
    }

    /** Rows of a flat array. */
    public static double[][] rows(double[] flat, int width) {
        double[][] rows = new double[flat.length / width][width];
        for (int i = 0; i < flat.length; i++) {
            rows[i / width][i % width] = flat[i];
        }
        return rows;
    }

    /** The rows of those numbers. */
    public static double[][] pick(double[][] rows, int[] numbers) {
        double[][] picked = new double[numbers.length][];
        for (int i = 0; i < numbers.length; i++) {
            picked[i] = rows[numbers[i]];
        }
        return picked;
    }

    public static double sumOfSquares(double[] values) {
        double sum = 0;
        for (double v : values) {
            sum += v * v;
        }
        return sum;
    }

    public static double sumOfSquares(double[][] rows) {
        double sum = 0;
        for (double[] row : rows) {
            sum += sumOfSquares(row);
        }
        return sum;
    }

    public static double[] meanRow(double[][] rows) {
        double[] mean = new double[rows[0].length];
        for (double[] row : rows) {
            addTo(mean, 1.0 / rows.length, row);
        }
        return mean;
    }
}
