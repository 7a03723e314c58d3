package hooke.train;

import hooke.config.TrainConfig;
import hooke.fused.FusedModel;
import hooke.fused.Kernel;
import hooke.model.Weights;
import hooke.task.Split;
import hooke.task.Task;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Predicate;

/** Trains and evaluates with {@link FusedModel}; the weights of {@link Weights} follow when they are asked for. */
final class FusedEngine implements Engine {
    private final Weights weights;
    private final FusedModel model;
    private final int[] train;
    private final int[] test;
    private long step;
    private boolean settled = true;

    FusedEngine(Task task, TrainConfig config, Split split, Weights weights, Kernel kernel, long step) {
        this.weights = weights;
        this.step = step;
        int most = switch (config.batch()) {
            case TrainConfig.Batch.Full() -> split.train().length;
            case TrainConfig.Batch.Mini(int size) -> size;
        };
        this.model = new FusedModel(weights.config(), config, task, raw(weights.all()), most, kernel, null);
        this.train = Arrays.stream(split.train()).sorted().toArray(); // Neighbours share rows.
        this.test = Arrays.stream(split.test()).sorted().toArray();
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
    public double update(int[] examples) {
        double loss = model.differentiate(examples).loss();
        update();
        return loss;
    }

    @Override
    public boolean measureThenUpdate(Predicate<Measure> goOn) {
        boolean update = goOn.test(measure(model.differentiate(train)));
        if (update) {
            update();
        }
        return update;
    }

    private void update() {
        model.update(step++);
        settled = false;
    }

    @Override
    public Measure evaluateTrain() {
        return measure(model.evaluate(train));
    }

    @Override
    public Measure evaluateTest() {
        return measure(model.evaluate(test));
    }

    private static Measure measure(FusedModel.Score score) {
        return new Measure(score.loss(), score.accuracy());
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
    public SequencedMap<String, RawTensor> moments() {
        SequencedMap<String, RawTensor> moments = new LinkedHashMap<>();
        moments.put("adamw.mean", model.mean());
        moments.put("adamw.square", model.square());
        return moments;
    }

    @Override
    public void restore(RawTensor mean, RawTensor square) {
        model.readMoments(mean, square);
    }

    @Override
    public void close() {
        model.close();
    }
}
