package hooke.lens.fourier;

import hooke.lens.group.Matrices;
import hooke.lens.group.TaskGroup;
import java.util.Arrays;

/**
 * Restricted and excluded loss (Nanda et al. 2023, arXiv 2301.05217), mean cross-entropies in nats: what the model achieves with the key
 * parts of x y alone, and what it achieves on training pairs without them, by memory.
 *
 * @param definition what is projected
 * @param restricted on all pairs for {@link Definition#LOGITS}, on test pairs for {@link Definition#NEURONS}
 * @param excluded on training pairs
 * @param excludedPerKey the same with one key part taken away, in the order of the keys; empty unless asked for
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record ProgressLosses(Definition definition, double restricted, double excluded, double[] excludedPerKey) {

    /** What is projected on functions of x y. */
    public enum Definition {
        /** The logits, as in the paper: restricted on all pairs, excluded on the training pairs. */
        LOGITS,
        /** The MLP's activations, as in TransformerLens' demo: restricted on the test pairs, excluded on the training pairs. */
        NEURONS
    }

    /** Losses of the model as it is, over the pairs of the group. */
    public record Full(double all, double train, double test) {}

    /** Losses of the model itself; {@code train} says which pairs are trained on. */
    public static Full full(TaskGroup task, PairOutputs outputs, boolean[] train) {
        double[] none = new double[outputs.classes()];
        double trained = 0;
        double tested = 0;
        int trains = 0;
        for (int pair = 0; pair < train.length; pair++) {
            double loss = without(task, outputs, pair, none);
            if (train[pair]) {
                trained += loss;
                trains++;
            } else {
                tested += loss;
            }
        }
        int tests = train.length - trains;
        return new Full((trained + tested) / train.length, trained / trains, tested / tests);
    }

    /** By {@link Definition#LOGITS}, with these parts as keys. */
    public static ProgressLosses ofLogits(
            TaskGroup task, PairOutputs outputs, boolean[] train, int[] keys, boolean perKey) {
        Means logits = Means.of(task.group(), outputs.logits(), outputs.classes());
        double[][][] projections = new double[keys.length][][];
        for (int i = 0; i < keys.length; i++) {
            projections[i] = Means.project(task.group(), logits.byProduct(), keys[i]);
        }
        return of(Definition.LOGITS, task, outputs, train, projections, logits.overall(), perKey);
    }

    /** By {@link Definition#NEURONS}, with these parts as keys; {@code neuronLogit} is W_out W_U, [neuron][class]. */
    static ProgressLosses ofNeurons(
            TaskGroup task,
            PairOutputs outputs,
            Means neurons,
            double[][] neuronLogit,
            boolean[] train,
            int[] keys,
            boolean perKey) {
        double[][][] projections = new double[keys.length][][];
        for (int i = 0; i < keys.length; i++) {
            double[][] part = Means.project(task.group(), neurons.byProduct(), keys[i]);
            projections[i] = Matrices.times(part, neuronLogit);
        }
        double[] mean = new double[outputs.classes()];
        for (int at = 0; at < outputs.logits().length; at++) {
            mean[at % mean.length] += outputs.logits()[at] / train.length;
        }
        return of(Definition.NEURONS, task, outputs, train, projections, mean, perKey);
    }

    /**
     * @param projections for each key part, what it adds to the logits, [key][x y][class]
     * @param mean of the logits over all pairs
     * @param perKey whether to measure the keys one by one, too
     */
    private static ProgressLosses of(
            Definition definition,
            TaskGroup task,
            PairOutputs outputs,
            boolean[] train,
            double[][][] projections,
            double[] mean,
            boolean perKey) {
        int n = task.group().order();
        double[][] all = new double[n][mean.length];
        for (double[][] projection : projections) {
            for (int s = 0; s < n; s++) {
                Matrices.addTo(all[s], 1, projection[s]);
            }
        }
        double[] each = new double[perKey ? projections.length : 0];
        for (int k = 0; k < each.length; k++) {
            each[k] = excluded(task, outputs, train, projections[k]);
        }
        return new ProgressLosses(
                definition,
                restricted(task, all, mean, train, definition == Definition.LOGITS),
                excluded(task, outputs, train, all),
                each);
    }

    /** Pairs with the same product have the same restricted logits, so each product is counted as often as it has pairs. */
    private static double restricted(
            TaskGroup task, double[][] projection, double[] mean, boolean[] train, boolean onAll) {
        int[] pairs = new int[projection.length];
        int counted = 0;
        for (int pair = 0; pair < train.length; pair++) {
            if (onAll || !train[pair]) {
                pairs[task.group().product()[pair]]++;
                counted++;
            }
        }
        double loss = 0;
        for (int s = 0; s < projection.length; s++) {
            double[] logits = mean.clone();
            Matrices.addTo(logits, 1, projection[s]);
            loss += pairs[s] * crossEntropy(logits, task.result()[s]);
        }
        return loss / counted;
    }

    private static double excluded(TaskGroup task, PairOutputs outputs, boolean[] train, double[][] projection) {
        double loss = 0;
        int counted = 0;
        for (int pair = 0; pair < train.length; pair++) {
            if (train[pair]) {
                loss += without(task, outputs, pair, projection[task.group().product()[pair]]);
                counted++;
            }
        }
        return loss / counted;
    }

    private static double without(TaskGroup task, PairOutputs outputs, int pair, double[] less) {
        int classes = outputs.classes();
        double[] logits = Arrays.copyOfRange(outputs.logits(), pair * classes, (pair + 1) * classes);
        Matrices.addTo(logits, -1, less);
        return crossEntropy(logits, task.result()[task.group().product()[pair]]);
    }

    static double crossEntropy(double[] logits, int right) {
        double max = Double.NEGATIVE_INFINITY;
        for (double v : logits) {
            max = Math.max(max, v);
        }
        double sum = 0;
        for (double v : logits) {
            sum += Math.exp(v - max);
        }
        return Math.log(sum) + max - logits[right];
    }
}
