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
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Trains and evaluates with {@link FusedModel}; the weights of {@link Weights} follow when they are asked for. */
final class FusedEngine implements Engine {
    private final FusedModel model;
    private final IdentityHashMap<Batch, int[]> sorted = new IdentityHashMap<>();
    private long step;
    private final WeightsCopy copy;

    FusedEngine(FiniteTask task, TrainConfig config, Data data, Weights weights, Kernel kernel, long step) {
        this.step = step;
        int most = numbers(data.batch(step)).length;
        this.model = new FusedModel(weights.config(), config, task, WeightsCopy.raw(weights), most, kernel, null);
        this.copy = new WeightsCopy(weights, model);
        for (EvaluationSet set : data.sets()) {
            sorted.put(
                    set.batch(), Arrays.stream(set.batch().numbers()).sorted().toArray());
        }
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public Measure differentiate(Batch batch, double weight, boolean onTop) {
        copy.isBehind();
        return measure(model.differentiate(numbers(batch), weight, onTop));
    }

    @Override
    public void update() {
        model.update(step++);
        copy.isBehind();
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
        copy.settle();
    }

    @Override
    public SequencedMap<String, RawTensor> state() {
        return model.updates().state();
    }

    @Override
    public void restore(Map<String, RawTensor> state) {
        model.updates().restore(state);
    }

    @Override
    public void close() {
        model.close();
    }
}
