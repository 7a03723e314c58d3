package hooke.lens.listcopy;

import java.util.Arrays;

/**
 * Vectors over all lists of digits, taken apart as an analysis of variance does: the mean, what each digit adds by itself at its place,
 * and the rest. All lists must be there, each once, in the order of their numbers.
 *
 * @param shares of the variance that each place's digit explains alone
 * @param together share of the rest
 * @param alignment mean cosine between what a digit adds at the first and at the last place
 * @param sizes root mean square of what a digit adds, for each place
 * @param reversal mean cosine between the vectors of a list and of the list backwards, both less the mean
 */
record Effects(double[] shares, double together, double alignment, double[] sizes, double reversal) {

    /**
     * @param vectors [list][dimension]
     * @param lists the digits of each list
     */
    static Effects of(double[][] vectors, int[][] lists, int digits) {
        int places = lists[0].length;
        int width = vectors[0].length;
        double[] mean = new double[width];
        for (double[] vector : vectors) {
            add(mean, vector, 1.0 / vectors.length);
        }
        double[][][] effects = new double[places][digits][width];
        double weight = (double) digits / vectors.length;
        double variance = 0;
        for (int i = 0; i < vectors.length; i++) {
            double[] off = vectors[i].clone();
            add(off, mean, -1);
            variance += dot(off, off) / vectors.length;
            for (int place = 0; place < places; place++) {
                add(effects[place][lists[i][place]], off, weight);
            }
        }
        double[] shares = new double[places];
        double[] sizes = new double[places];
        for (int place = 0; place < places; place++) {
            double of = Arrays.stream(effects[place])
                    .mapToDouble(e -> dot(e, e))
                    .average()
                    .orElse(0);
            shares[place] = variance == 0 ? 0 : of / variance;
            sizes[place] = Math.sqrt(of);
        }
        double alignment = 0;
        for (int digit = 0; digit < digits; digit++) {
            alignment += cosine(effects[0][digit], effects[places - 1][digit]) / digits;
        }
        double rest = variance == 0 ? 0 : Math.max(0, 1 - Arrays.stream(shares).sum());
        return new Effects(shares, rest, alignment, sizes, reversal(vectors, lists, digits, mean));
    }

    private static double reversal(double[][] vectors, int[][] lists, int digits, double[] mean) {
        double sum = 0;
        int n = 0;
        for (int i = 0; i < vectors.length; i++) {
            int other = 0;
            for (int place = lists[i].length - 1; place >= 0; place--) {
                other = other * digits + lists[i][place];
            }
            if (other != i) {
                double[] a = vectors[i].clone();
                double[] b = vectors[other].clone();
                add(a, mean, -1);
                add(b, mean, -1);
                sum += cosine(a, b);
                n++;
            }
        }
        return n == 0 ? Double.NaN : sum / n;
    }

    private static void add(double[] to, double[] vector, double weight) {
        for (int i = 0; i < to.length; i++) {
            to[i] += weight * vector[i];
        }
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    private static double cosine(double[] a, double[] b) {
        double norm = Math.sqrt(dot(a, a) * dot(b, b));
        return norm == 0 ? 0 : dot(a, b) / norm;
    }
}
