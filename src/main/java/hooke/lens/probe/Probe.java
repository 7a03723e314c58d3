package hooke.lens.probe;

import hooke.Check;
import hooke.stats.Bootstrap;
import hooke.stats.Estimate;
import hooke.stats.Proportion;
import hooke.stats.Resamples;
import hooke.stats.Sample;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Linear probes of an activation: multinomial logistic regression for classes (ridge penalty), ridge regression for numbers. Columns are
 * standardised on the training rows; the strength of the penalty is the one that does best on the validation rows, the stronger of
 * equals.
 */
public final class Probe {
    /** Penalties tried, the strongest first; each fit starts where the one before ended. */
    private static final double[] PENALTIES = {10, 1, 0.1, 1e-2, 1e-3, 1e-4};

    private static final double LEVEL = 0.95;
    private static final int RESAMPLES = 1000;
    private static final int STEPS = 300;

    private Probe() {}

    /**
     * What a probe found.
     *
     * @param measure what test and baseline are: {@code accuracy}, {@code R^2}
     * @param penalty that was chosen, of the squared weights over the standardised columns, beside a mean over examples
     * @param validation the measure on the rows that it was chosen on
     * @param test the measure on rows seen by nobody before, with its 95% interval and n
     * @param baseline the same of whoever knows the training rows' labels alone: the most frequent class, or the mean
     */
    public record Result(
            String activation,
            String measure,
            int train,
            int validated,
            double penalty,
            double validation,
            Estimate test,
            Estimate baseline) {}

    /** Whether the class of each example can be read off linearly: accuracy with Wilson's interval. */
    public static Result classes(Activation activation, int[] labels, int classes, long seed) {
        checkLabels(activation, labels.length);
        int[] alone = IntStream.range(0, labels.length).toArray();
        return classes(activation, labels, classes, Thirds.of(activation.n(), seed), alone);
    }

    /**
     * The same where examples come in groups, as the cells of a board do: whole groups are kept back, and Wilson's interval is for as many
     * examples as those of the groups are worth.
     *
     * @param groups of each example
     */
    public static Result classes(Activation activation, int[] labels, int classes, int[] groups, long seed) {
        checkLabels(activation, labels.length);
        return classes(activation, labels, classes, Thirds.ofGroups(groups, seed), groups);
    }

    private static Result classes(Activation activation, int[] labels, int classes, Thirds sets, int[] groups) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var design = new Design(activation, sets.train());
            Tensor train = design.rows(sets.train());
            Tensor validation = design.rows(sets.validation());
            int[] own = pick(labels, sets.train());
            double[] weights = new double[(activation.width() + 1) * classes];
            double[] best = weights;
            double penalty = Double.NaN;
            double share = -1;
            for (double tried : PENALTIES) {
                weights = Lbfgs.minimise(new Logistic(train, own, classes, tried), weights, 1e-5, STEPS);
                int[] said = Logistic.answers(validation, weights, classes);
                double now = (double) right(said, pick(labels, sets.validation())) / said.length;
                if (now > share) {
                    share = now;
                    best = weights;
                    penalty = tried;
                }
            }
            int[] truth = pick(labels, sets.test());
            int[] found = Logistic.answers(design.rows(sets.test()), best, classes);
            int[] of = pick(groups, sets.test());
            int[] always = new int[truth.length];
            Arrays.fill(always, mostFrequent(own, classes));
            return new Result(
                    activation.name(),
                    "accuracy",
                    own.length,
                    sets.validation().length,
                    penalty,
                    share,
                    share(found, truth, of),
                    share(always, truth, of));
        }
    }

    /**
     * How well numbers can be read off linearly: R^2, with a bootstrap interval over the test examples.
     *
     * @param targets [example][number]; R^2 is over all of an example's numbers together
     */
    public static Result numbers(Activation activation, double[][] targets, long seed) {
        checkLabels(activation, targets.length);
        Thirds sets = Thirds.of(activation.n(), seed);
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var design = new Design(activation, sets.train());
            Ridge ridge = new Ridge(design.rows(sets.train()), pick(targets, sets.train()));
            Tensor validation = design.rows(sets.validation());
            Tensor best = ridge.weights(PENALTIES[0]);
            double penalty = Double.NaN;
            double score = Double.NEGATIVE_INFINITY;
            for (double tried : PENALTIES) {
                Tensor weights = ridge.weights(tried);
                double now = Sample.mean(ridge.scores(validation, weights, pick(targets, sets.validation())));
                if (now > score) {
                    score = now;
                    best = weights;
                    penalty = tried;
                }
            }
            double[][] truth = pick(targets, sets.test());
            double[] test = ridge.scores(design.rows(sets.test()), best, truth);
            double[] mean = ridge.scoresOfMean(truth);
            return new Result(
                    activation.name(),
                    "R^2",
                    sets.train().length,
                    sets.validation().length,
                    penalty,
                    score,
                    interval(test, seed),
                    interval(mean, seed));
        }
    }

    private static Estimate interval(double[] scores, long seed) {
        int[][] resamples = Resamples.draw(Resamples.stream(seed, "probe interval"), scores.length, RESAMPLES);
        return Bootstrap.of(Sample.of(scores, ""), "R^2 over examples", Sample::mean, resamples)
                .percentile(LEVEL);
    }

    private static void checkLabels(Activation activation, int labels) {
        Check.that(labels == activation.n(), "%s labels for %s examples", labels, activation.n());
    }

    private static int[] pick(int[] values, int[] at) {
        return Arrays.stream(at).map(i -> values[i]).toArray();
    }

    private static double[][] pick(double[][] values, int[] at) {
        return Arrays.stream(at).mapToObj(i -> values[i]).toArray(double[][]::new);
    }

    private static int right(int[] said, int[] truth) {
        int right = 0;
        for (int i = 0; i < said.length; i++) {
            right += said[i] == truth[i] ? 1 : 0;
        }
        return right;
    }

    private static Estimate share(int[] said, int[] truth, int[] groups) {
        boolean[] right = new boolean[truth.length];
        for (int i = 0; i < truth.length; i++) {
            right[i] = said[i] == truth[i];
        }
        return Proportion.wilsonOfGroups(right, groups, LEVEL);
    }

    private static int mostFrequent(int[] labels, int classes) {
        int[] counts = new int[classes];
        int best = labels[0];
        for (int label : labels) {
            counts[label]++;
            best = counts[label] > counts[best] ? label : best;
        }
        return best;
    }
}
