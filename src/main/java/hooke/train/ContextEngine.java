package hooke.train;

import hooke.config.TrainConfig;
import hooke.fused.context.ContextModel;
import hooke.fused.kernels.Gemm;
import hooke.fused.kernels.Kernel;
import hooke.fused.updates.FlatUpdates;
import hooke.model.Weights;
import hooke.task.Batch;
import hooke.task.FiniteTask;
import hooke.task.Metric;
import hooke.task.Task;
import hooke.tensor.Dropout;
import hooke.tensor.RawTensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Trains and evaluates sequences with {@link ContextModel}: the fused engine where examples are long, or not all of one form. */
final class ContextEngine implements Engine {
    private final Task task;
    private final TrainConfig config;
    private final ContextModel model;
    private final FlatUpdates updates;
    private final WeightsCopy copy;
    private final Dropout dropout;
    private long step;
    /** Batches of the update that is due which came before the last. */
    private int before;

    ContextEngine(Task task, TrainConfig config, Weights weights, Dropout dropout, Kernel kernel, long step) {
        this.task = task;
        this.dropout = dropout;
        this.config = config;
        this.step = step;
        @Nullable
        Gemm bf16 = switch (config.precision()) {
            case FLOAT32, FLOAT64 -> null;
            case BF16 -> Gemm.ofBf16().orElseThrow();
        };
        boolean exactLoss = switch (config.lossDtype()) {
            case FLOAT32 -> false;
            case FLOAT64 -> true;
        };
        boolean recompute = switch (config.recompute()) {
            case NONE -> false;
            case BLOCKS -> true;
        };
        var options = new ContextModel.Options(Math.max(1, config.threads()), bf16, exactLoss, recompute, kernel);
        this.model = new ContextModel(weights.config(), options, WeightsCopy.raw(weights));
        this.updates = model.updates(FlatUpdates.Recipe.of(config));
        this.copy = new WeightsCopy(weights, model);
    }

    /** Products of bfloat16 need a processor with instructions for them: elsewhere they would be slower than those of float32. */
    static Optional<String> lackHere(TrainConfig config) {
        boolean can = switch (config.precision()) {
            case FLOAT32, FLOAT64 -> true;
            case BF16 -> Gemm.ofBf16().isPresent();
        };
        return can
                ? Optional.empty()
                : Optional.of(
                        "train.precision (bf16) needs a processor that multiplies bfloat16 (avx512_bf16 or AMX), and this one does not: take float32");
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public Measure differentiate(Batch batch, double weight, boolean onTop) {
        if (!onTop) {
            model.clearGradients();
        }
        copy.isBehind();
        before = onTop ? before + 1 : 0;
        Dropout.OfBatch drawn = dropout.batch(step * config.accumulate() + before);
        return measure(model.differentiate(trimmed(batch), weight, drawn));
    }

    @Override
    public void update() {
        updates.update(step, config.rateFactor(step));
        copy.isBehind();
        step++;
    }

    @Override
    public Measure evaluate(Batch batch) {
        return measure(model.evaluate(trimmed(batch)));
    }

    /** Without the positions behind the last that counts. */
    private Batch.Sequences trimmed(Batch batch) {
        return sequences(batch).range(0, batch.size());
    }

    /** Examples as the sequences that they are. */
    private Batch.Sequences sequences(Batch batch) {
        return switch (batch) {
            case Batch.Sequences sequences -> sequences;
            case Batch.Examples(int[] numbers) -> {
                FiniteTask finite = (FiniteTask) task;
                int[][] tokens = Arrays.stream(numbers).mapToObj(finite::tokens).toArray(int[][]::new);
                int[][] targets = Arrays.stream(numbers)
                        .mapToObj(number -> targets(finite, number))
                        .toArray(int[][]::new);
                yield new Batch.Sequences(tokens, targets);
            }
        };
    }

    private static int[] targets(FiniteTask task, int example) {
        int[] targets = new int[task.tokens(example).length];
        Arrays.fill(targets, Batch.Sequences.NONE);
        int[] positions = task.answerPositions();
        int[] answers = task.answers(example);
        for (int i = 0; i < positions.length; i++) {
            targets[positions[i]] = answers[i];
        }
        return targets;
    }

    private Measure measure(ContextModel.Score score) {
        double mean = score.loss() / score.targets();
        double loss = switch (config.lossDtype()) {
            case FLOAT32 -> (float) mean;
            case FLOAT64 -> mean;
        };
        Map<String, Double> values = new LinkedHashMap<>();
        for (Metric metric : task.metrics()) {
            values.put(
                    metric.key(),
                    switch (metric) {
                        case ACCURACY -> (double) score.right() / score.targets();
                        case EXACT_MATCH -> (double) score.whole() / score.sequences();
                    });
        }
        return new Measure(loss, values);
    }

    @Override
    public void settle() {
        copy.settle();
    }

    @Override
    public SequencedMap<String, RawTensor> state() {
        return updates.state();
    }

    @Override
    public void restore(Map<String, RawTensor> state) {
        updates.restore(state);
    }

    @Override
    public void close() {
        model.close();
    }
}
