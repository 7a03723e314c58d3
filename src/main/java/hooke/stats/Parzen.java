package hooke.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The tree-structured Parzen estimator (Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization") of one setting, as Optuna's
 * default has it: one density of the values of the better results and one of the rest, each a mixture of a kernel for every value and one
 * for the prior; of some draws from the better one the value that is best by the ratio of the two.
 */
public final class Parzen {
    private static final int CANDIDATES = 24;
    /** Values of which all count alike; older ones count less. */
    private static final int ALIKE = 25;

    private Parzen() {}

    /** How many of so many results are the better ones. */
    public static int better(int results) {
        return Math.min((int) Math.ceil(0.1 * results), ALIKE);
    }

    /**
     * The next value of a number, as its place from 0 to 1 in the distribution that it is drawn from at first.
     *
     * @param better places of the better results, in the order of time
     * @param worse of the rest
     */
    public static double propose(List<Double> better, List<Double> worse, Random random) {
        Mixture likely = Mixture.of(better);
        Mixture unlikely = Mixture.of(worse);
        return IntStream.range(0, CANDIDATES)
                .mapToObj(_ -> likely.draw(random))
                .max(Comparator.comparingDouble(x -> likely.logDensity(x) - unlikely.logDensity(x)))
                .orElseThrow();
    }

    /**
     * The next value of a choice, by its number.
     *
     * @param prior probability of each, which add up to 1
     */
    public static int choose(List<Integer> better, List<Integer> worse, double[] prior, Random random) {
        double[] likely = shares(better, prior);
        double[] unlikely = shares(worse, prior);
        int best = -1;
        for (int i = 0; i < CANDIDATES; i++) {
            int drawn = drawn(likely, random);
            if (best < 0 || likely[drawn] * unlikely[best] > likely[best] * unlikely[drawn]) {
                best = drawn;
            }
        }
        return best;
    }

    private static double[] shares(List<Integer> seen, double[] prior) {
        double[] weights = weights(seen.size());
        double count = weights.length;
        double[] shares = new double[prior.length];
        for (int k = 0; k < weights.length; k++) {
            for (int c = 0; c < prior.length; c++) {
                double flat = prior.length * prior[c] / count;
                double kernel =
                        k == seen.size() ? prior[c] : (flat + (seen.get(k) == c ? 1 : 0)) / (1 + prior.length / count);
                shares[c] += weights[k] * kernel;
            }
        }
        return shares;
    }

    private static int drawn(double[] shares, Random random) {
        double left = random.nextDouble() * Arrays.stream(shares).sum();
        int last = 0;
        for (int i = 0; i < shares.length; i++) {
            last = shares[i] > 0 ? i : last;
            left -= shares[i];
            if (left < 0) {
                return i;
            }
        }
        return last; // What is left is rounding.
    }

    /** Of values in the order of time, and behind them of the prior; they add up to 1. */
    private static double[] weights(int values) {
        double[] weights = new double[values + 1];
        Arrays.fill(weights, 1);
        int older = values - ALIKE;
        for (int i = 0; i < older; i++) {
            double first = 1.0 / values;
            weights[i] = older == 1 ? first : first + (1 - first) * i / (older - 1);
        }
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(w -> w / sum).toArray();
    }

    /** Normal kernels, each cut off at 0 and 1. */
    private record Mixture(double[] means, double[] deviations, double[] weights) {
        static Mixture of(List<Double> values) {
            int n = values.size();
            double[] means = new double[n + 1];
            double[] deviations = new double[n + 1];
            for (int i = 0; i < n; i++) {
                means[i] = values.get(i);
            }
            Integer[] order = IntStream.range(0, n).boxed().toArray(Integer[]::new);
            Arrays.sort(order, Comparator.comparingDouble(i -> means[i]));
            double least = 1 / Math.min(100.0, n + 2);
            for (int i = 0; i < n; i++) {
                double mean = means[order[i]];
                double below = mean - (i == 0 ? 0 : means[order[i - 1]]);
                double above = (i == n - 1 ? 1 : means[order[i + 1]]) - mean;
                double widest = Math.max(below, above);
                if (n > 1 && (i == 0 || i == n - 1)) {
                    widest = i == 0 ? above : below; // The ends of the range are no neighbours.
                }
                deviations[order[i]] = Math.clamp(widest, least, 1);
            }
            means[n] = 0.5; // The prior.
            deviations[n] = 1;
            return new Mixture(means, deviations, Parzen.weights(n));
        }

        double draw(Random random) {
            int kernel = drawn(weights, random);
            double from = Distributions.cumulative((0 - means[kernel]) / deviations[kernel]);
            double to = Distributions.cumulative((1 - means[kernel]) / deviations[kernel]);
            double z = Distributions.quantile(from + random.nextDouble() * (to - from));
            return Math.clamp(means[kernel] + deviations[kernel] * z, 0, 1);
        }

        double logDensity(double x) {
            double density = 0;
            for (int k = 0; k < means.length; k++) {
                double z = (x - means[k]) / deviations[k];
                double inside = Distributions.cumulative((1 - means[k]) / deviations[k])
                        - Distributions.cumulative(-means[k] / deviations[k]);
                density += weights[k] * Math.exp(-z * z / 2) / (deviations[k] * inside);
            }
            return Math.log(density);
        }
    }
}
