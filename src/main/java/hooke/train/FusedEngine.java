package hooke.train;

import hooke.config.TrainConfig;
import hooke.fused.FusedModel;
import hooke.fused.kernels.Kernel;
import hooke.model.Weights;
import hooke.task.Batch;
import hooke.task.Data;
import hooke.task.EvaluationSet;
import hooke.task.FiniteTask;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Trains and evaluates with {@link FusedModel}; the weights of {@link Weights} follow when they are asked for. */
final class FusedEngine implements Engine {
    private final Weights weights;
    private final FusedModel model;
    private final IdentityHashMap<Batch, int[]> sorted = new IdentityHashMap<>();
    private long step;
    private boolean settled = true;

    FusedEngine(FiniteTask task, TrainConfig config, Data data, Weights weights, Kernel kernel, long step) {
        this.weights = weights;
        this.step = step;
        int most = numbers(data.batch(step)).length;
        this.model = new FusedModel(weights.config(), config, task, raw(weights.all()), most, kernel, null);
        for (EvaluationSet set : data.sets()) {
            sorted.put(
                    set.batch(), Arrays.stream(set.batch().numbers()).sorted().toArray());
        }
    }

    private static SequencedMap<String, RawTensor> raw(SequencedMap<String, Tensor> tensors) {
        SequencedMap<String, RawTensor> raw = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> raw.put(name, tensor.raw()));
        return raw;
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public Measure differentiate(Batch batch, double weight, boolean onTop) {
        settled = false;
        return measure(model.differentiate(numbers(batch), weight, onTop));
    }

    @Override
    public void update() {
        model.update(step++);
        settled = false;
    }

    @Override
    public Measure evaluate(Batch batch) {
        return measure(model.evaluate(numbers(batch)));
    }

    /** Of a whole set in ascending order: neighbours share rows. */
    private int[] numbers(Batch batch) {
        int @Nullable [] known = sorted.get(batch);
        return known == null ? batch.numbers() : known;
    }

    private static Measure measure(FusedModel.Score score) {
        return Measure.of(score.loss(), score.accuracy());
    }

    @Override
    public void settle() {
        if (settled) {
            return;
        }
        model.writeWeights(raw(weights.all()));
        try (var _ = new Scope()) {
            SequencedMap<String, RawTensor> gradients = new LinkedHashMap<>();
            weights.all().forEach((name, weight) -> {
                Tensor gradient = weight.grad();
                if (gradient != null) {
                    gradients.put(name, gradient.raw());
                }
            });
            model.writeGradients(gradients);
        }
        settled = true;
    }

    @Override
    public SequencedMap<String, RawTensor> state() {
        SequencedMap<String, RawTensor> moments = new LinkedHashMap<>();
        moments.put("adamw.mean", model.mean());
        moments.put("adamw.square", model.square());
        return moments;
    }

    @Override
    public void restore(Map<String, RawTensor> state) {
        model.readMoments(
                Objects.requireNonNull(state.get("adamw.mean")), Objects.requireNonNull(state.get("adamw.square")));
    }

    @Override
    public void close() {
        model.close();
    }
}
