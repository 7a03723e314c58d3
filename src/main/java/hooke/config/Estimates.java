package hooke.config;

import hooke.config.TrainConfig.Batch;
import hooke.config.task.LifeConfig;
import hooke.config.task.OwnConfig;
import hooke.config.task.TableConfig;
import hooke.config.task.TaskConfig;
import hooke.config.task.TextConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an experiment will need, in closed form, before any tensor exists.
 *
 * <p>FLOPs count matrix products alone, a multiply-add as 2, over the dense model: every position and every entry of the attention
 * pattern, masked, unread or frozen as it may be; a backward pass counts as two forward passes. An engine that leaves out what nobody
 * reads does less.
 *
 * @param groups parameters by part of the model, in the model's order
 * @param exampleFlops of the forward pass of one example
 * @param stepFlops of one update: forward and backward of a batch
 * @param evaluationFlops of one evaluation: forward of the examples of training and test set that it measures
 * @param evaluations at most, from step 0 to the last
 * @param checkpoints at most; the last one included
 */
public record Estimates(
        List<Group> groups,
        double exampleFlops,
        double stepFlops,
        double evaluationFlops,
        long evaluations,
        long checkpoints,
        Memory memory,
        Data data) {

    /** Its arrays of tokens and of answers, with their heads and references. */
    private static final int BYTES_AN_EXAMPLE = 100;

    /** Parameters of a part of the model, and how many of them train. */
    public record Group(String name, long parameters, long trainable) {}

    /**
     * Bytes while it trains. libtorch keeps what it computes with outside the Java heap; the fused engine in the heap, and outside it the
     * weights that checkpoints are written from.
     *
     * @param weights float32, also those of one checkpoint
     * @param gradients of what trains
     * @param moments what optimizer and gradient filter remember of each weight
     * @param activations that a backward pass needs, roughly
     * @param kept the same without {@code train.recompute}
     * @param recomputed and with it; equal for tiny models on the fused engine, which has none
     * @param examples tokens and answers of all of them, in the heap
     * @param heap of all these, what lies in the Java heap
     * @param outside and what lies outside it
     */
    public record Memory(
            long weights,
            long gradients,
            long moments,
            double activations,
            double kept,
            double recomputed,
            double examples,
            double heap,
            double outside) {
        public double total() {
            return heap + outside;
        }
    }

    /**
     * Examples, all different: each is either trained on or tested on, never both.
     *
     * @param batch examples of one update
     * @param batchesAnEpoch whole ones
     * @param leftOut examples of an epoch that fill no batch
     * @param epochs in all steps
     */
    public record Data(int examples, int train, int test, int batch, int batchesAnEpoch, int leftOut, double epochs) {}

    public static Estimates of(Experiment experiment) {
        TrainConfig train = experiment.train();
        Data data = data(experiment.task(), train);
        double example = exampleFlops(experiment.model());
        return new Estimates(
                groups(experiment.model()),
                example,
                3 * example * data.batch() * train.accumulate(),
                example * experiment.task().evaluated(),
                timesDue(train.steps(), train.evaluateEvery()),
                train.checkpointEvery() == 0 ? 1 : timesDue(train.steps(), train.checkpointEvery()),
                memory(experiment, data),
                data);
    }

    public long parameters() {
        return groups.stream().mapToLong(Group::parameters).sum();
    }

    public long trainable() {
        return groups.stream().mapToLong(Group::trainable).sum();
    }

    /** Steps 0, every, 2 every, ..., and the last in any case. */
    static long timesDue(int steps, int every) {
        return (steps - 1) / every + 2L;
    }

    private static List<Group> groups(ModelConfig model) {
        Map<String, List<Parameter>> groups = new LinkedHashMap<>();
        for (Parameter p : Parameter.of(model)) {
            groups.computeIfAbsent(p.group(), name -> new ArrayList<>()).add(p);
        }
        return groups.entrySet().stream()
                .map(g -> new Group(
                        g.getKey(), Parameter.count(g.getValue(), false), Parameter.count(g.getValue(), true)))
                .toList();
    }

    private static Data data(TaskConfig task, TrainConfig train) {
        int trained = task.trainSize();
        int batch = switch (train.batch()) {
            case Batch.Full() -> trained;
            case Batch.Mini(int size) -> size;
        };
        int batches = batch == 0 ? 0 : Math.max(1, trained / batch); // none where no task is known
        return new Data(
                task.size(),
                trained,
                task.size() - trained,
                batch,
                batches,
                batch == 0 || train.order() == TrainConfig.Order.WITH_REPLACEMENT ? 0 : trained % batch,
                batches == 0
                        ? 0
                        : train.order() == TrainConfig.Order.WITH_REPLACEMENT
                                ? train.steps() * (double) train.accumulate() * batch / trained
                                : train.steps() * (double) train.accumulate() / batches);
    }

    private static double exampleFlops(ModelConfig m) {
        double pos = m.nCtx();
        double flops = 2 * pos * m.dModel() * m.dVocabOut();
        for (int layer = 0; layer < m.nLayers(); layer++) {
            flops += blockFlops(m.block(layer));
            flops += m.levels().changeBefore(layer)
                    ? 2 * pos * m.levels().of(layer - 1) * m.levels().of(layer)
                    : 0;
        }
        return flops;
    }

    private static double blockFlops(ModelConfig m) {
        double pos = m.nCtx();
        double heads = m.nHeads() * (double) m.dHead();
        double qkvo = 4 * 2 * pos * m.dModel() * heads;
        double scoresAndMix = 2 * 2 * pos * pos * heads;
        double mlp = (m.gatedMlp() ? 3 : 2) * 2 * pos * m.dModel() * m.dMlp();
        return qkvo + scoresAndMix + mlp;
    }

    private static Memory memory(Experiment experiment, Data data) {
        List<Parameter> parameters = Parameter.of(experiment.model());
        TrainConfig train = experiment.train();
        long weights = train.precision().bytes() * Parameter.count(parameters, false);
        long gradients = train.precision().bytes() * Parameter.count(parameters, true);
        long moments = (train.optimizer().remembered() + train.gradientFilter().remembered()) * gradients;
        double examples = examples(experiment.task());
        if (experiment.isFused() && experiment.isTiny()) {
            int threads = Math.clamp(train.threads(), 1, Math.max(1, data.batch()));
            double activations = threads
                    * (fusedPass(experiment, data.batch(), threads) + fusedPass(experiment, data.examples(), threads));
            double heap = weights + (double) threads * gradients + moments + activations + examples;
            double outside = (double) weights + gradients;
            return new Memory(
                    weights, gradients, moments, activations, activations, activations, examples, heap, outside);
        }
        double kept = activations(experiment, data.batch(), TrainConfig.Recompute.NONE);
        double recomputed = activations(experiment, data.batch(), TrainConfig.Recompute.BLOCKS);
        double activations = activations(experiment, data.batch(), train.recompute());
        double all = (double) weights + gradients + moments + activations;
        return experiment.isFused()
                ? new Memory(
                        weights,
                        gradients,
                        moments,
                        activations,
                        kept,
                        recomputed,
                        examples,
                        all + examples,
                        (double) weights + gradients)
                : new Memory(weights, gradients, moments, activations, kept, recomputed, examples, examples, all);
    }

    private static double activations(Experiment experiment, int batch, TrainConfig.Recompute recompute) {
        return experiment.isFused()
                ? contextPass(experiment, batch, recompute)
                : experiment.train().precision().bytes() * (double) batch * keptValues(experiment.model(), recompute);
    }

    /** Bytes that looking into a model takes at least: its weights, and one example's streams and logits. */
    static double look(ModelConfig m) {
        double example = (double) m.nCtx() * (2.0 * m.dModel() + m.dVocabOut());
        return Float.BYTES * (Parameter.count(Parameter.of(m), false) + example);
    }

    /** Examples, or the tokens of a text, of which both sets and the test set once more behind its first separator. */
    private static double examples(TaskConfig task) {
        double examples = (double) task.size() * BYTES_AN_EXAMPLE;
        return switch (task) {
            case TextConfig text ->
                Integer.BYTES * (text.facts().trainTokens() + 2.0 * text.facts().testTokens() + text.size());
            case TaskConfig.ModularArithmetic _,
                    TaskConfig.Permutation _,
                    TaskConfig.ListCopy _,
                    TaskConfig.None _,
                    TableConfig _,
                    LifeConfig _,
                    OwnConfig _ -> examples;
        };
    }

    /** Bytes of one thread's pass of the fused engine over its share of so many examples: values and gradients of each level's rows. */
    private static double fusedPass(Experiment experiment, int examples, int threads) {
        ModelConfig m = experiment.model();
        int share = (examples + threads - 1) / threads;
        double heads = m.nHeads() * (double) m.dHead();
        double row = 10.0 * m.dModel() + 6 * heads + 2.0 * m.dMlp();
        int chunk = Math.min(share, FusedChunks.size(row * m.nCtx() * m.nLayers()));
        double rows = (double) m.nCtx() * Math.min(chunk, m.dVocab()); // Of the first level, one for each token.
        rows += (m.nLayers() - 1) * (double) m.nCtx() * chunk;
        double last = (double) experiment.task().answers() * chunk;
        return Float.BYTES * (rows * (2 * m.dModel() + 6 * heads) + last * (2 * m.dModel() + 2 * heads));
    }

    /** Bytes of the fused engine where it takes sequences as they come: what layers keep for the way back, and what that needs of one. */
    private static double contextPass(Experiment experiment, int examples, TrainConfig.Recompute recompute) {
        ModelConfig m = experiment.model();
        boolean recomputes = switch (recompute) {
            case NONE -> false;
            case BLOCKS -> true;
        };
        double rows = (double) m.nCtx() * Math.min(examples, ContextRows.sequences(m, recomputes, m.nCtx()));
        double back = 4.0 * m.dModel() + m.nHeads() * (double) m.dHead() + m.dMlp();
        double logits = Math.min(rows * m.dVocabOut(), Math.max(ContextRows.LOGITS, 256.0 * m.dVocabOut()));
        return Float.BYTES * (rows * (ContextRows.keptOfPosition(m, recomputes) + back) + logits);
    }

    /** Values that one example leaves behind for its backward pass: the stream before each block, and what they compute. */
    private static double keptValues(ModelConfig m, TrainConfig.Recompute recompute) {
        int normed = m.norm().normalises() ? 1 : 0;
        double pos = m.nCtx();
        double streams = 0;
        double all = 0;
        double largest = 0;
        for (int layer = 0; layer < m.nLayers(); layer++) {
            double kept = keptOfBlock(m.block(layer), normed);
            streams += pos * m.block(layer).dModel();
            all += kept;
            largest = Math.max(largest, kept);
        }
        double ofBlocks = switch (recompute) {
            case NONE -> all;
            case BLOCKS -> largest;
        };
        return streams + ofBlocks + (1 + normed) * pos * m.dModel() + 2 * pos * m.dVocabOut();
    }

    private static double keptOfBlock(ModelConfig m, int normed) {
        double pos = m.nCtx();
        double width = pos * m.dModel();
        double attention = (1 + normed) * width + 4 * pos * m.nHeads() * m.dHead() + 2 * pos * pos * m.nHeads();
        double mlp = m.attnOnly() ? 0 : (2 + normed) * width + (m.gatedMlp() ? 4 : 2) * pos * m.dMlp();
        return attention + mlp;
    }
}
