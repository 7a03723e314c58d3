package hooke.lens.fourier;

import hooke.lens.group.Group;
import hooke.lens.group.Matrices;
import hooke.lens.group.TaskGroup;

/**
 * The logits of all pairs as a sum of the group's kernels: {@code kernel[x y z^-1]} is cos(w(a + b - c)) for a frequency, and the trace
 * cube of a representation (Chughtai et al. 2023, arXiv 2302.03025).
 *
 * @param coefficient of each part's kernel made a unit vector over all pairs and classes of the group; [0], the constant's, is 0
 * @param cosine the same over the norm of the logits: their cosine similarity
 * @param residual norm of what is left when all kernels are taken away, over the norm of the logits
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record LogitFit(double[] coefficient, double[] cosine, double residual) {

    /**
     * @param outputs logits of all pairs
     * @param centred whether the mean over the group's classes is taken from every pair's logits first
     */
    public static LogitFit of(TaskGroup task, PairOutputs outputs, boolean centred) {
        Group group = task.group();
        int n = group.order();
        double[][] sums = new double[n][n]; // by x y and by class
        double squares = 0;
        double[] row = new double[n];
        for (int pair = 0; pair < n * n; pair++) {
            outputs.logitsOfGroup(task, pair, centred, row);
            Matrices.addTo(sums[group.product()[pair]], 1, row);
            squares += Matrices.sumOfSquares(row);
        }
        double[] byQuotient = new double[n]; // of s z^-1
        for (int s = 0; s < n; s++) {
            for (int z = 0; z < n; z++) {
                byQuotient[group.times(s, group.inverse()[z])] += sums[s][z];
            }
        }
        double norm = Math.sqrt(squares);
        double[] coefficient = new double[group.irreps().size()];
        double[] cosine = new double[coefficient.length];
        double[] fitted = new double[n];
        for (int k = 1; k < coefficient.length; k++) {
            double[] kernel = group.irreps().get(k).kernel();
            double kernelNorm = n * Math.sqrt(Matrices.sumOfSquares(kernel)); // over n^2 pairs and n classes
            for (int g = 0; g < n; g++) {
                coefficient[k] += byQuotient[g] * kernel[g] / kernelNorm;
            }
            cosine[k] = coefficient[k] / norm;
            Matrices.addTo(fitted, coefficient[k] / kernelNorm, kernel);
        }
        double left = 0;
        for (int pair = 0; pair < n * n; pair++) {
            outputs.logitsOfGroup(task, pair, centred, row);
            for (int z = 0; z < n; z++) {
                double rest = row[z] - fitted[group.times(group.product()[pair], group.inverse()[z])];
                left += rest * rest;
            }
        }
        return new LogitFit(coefficient, cosine, Math.sqrt(left) / norm);
    }

    /** The share of the logits' sum of squares that the kernels make up. */
    public double explained() {
        return Matrices.sumOfSquares(cosine);
    }
}
