package hooke.train;

import hooke.InputException;
import hooke.config.OptimizerConfig;
import hooke.config.Parameter;
import hooke.config.TrainConfig;
import hooke.model.Weights;
import hooke.model.Weights.Range;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/** What turns gradients into an update of the weights, all of them at once, as they lie in one flat buffer. */
interface Optimizer {
    /** The optimizer of an experiment for these weights, with its state at the beginning; in the innermost scope. */
    static Optimizer of(TrainConfig config, Weights weights) {
        Tensor values = weights.trainableValues();
        return switch (config.optimizer()) {
            case OptimizerConfig.AdamW adamW ->
                new AdamW(adamW, decayed(adamW.decay(), weights), values.dtype(), values.numel());
            case OptimizerConfig.Adam adam -> new AdamW(adam.withoutDecay(), List.of(), values.dtype(), values.numel());
            case OptimizerConfig.Sgd _,
                    OptimizerConfig.Adagrad _,
                    OptimizerConfig.Rmsprop _,
                    OptimizerConfig.Lion _,
                    OptimizerConfig.Muon _ ->
                throw new InputException("train.optimizer (%s) is not computed yet".formatted(config.optimizer()));
        };
    }

    private static List<Range> decayed(OptimizerConfig.Decay decay, Weights weights) {
        return switch (decay) {
            case ALL -> weights.ranges(_ -> true);
            case MATRICES -> weights.ranges(Parameter::isMatrix);
        };
    }

    /** Changes the values by their gradients. */
    void update(Tensor values, Tensor gradients, Rate rate);

    /** What it remembers from update to update, by name: {@code adamw.mean}. */
    SequencedMap<String, Tensor> state();

    /**
     * How far an update goes.
     *
     * @param step number of this update, from 1
     * @param factor what the schedule makes of the learning rate
     */
    record Rate(long step, double factor) {}

    /** The state as it lies in memory. */
    default SequencedMap<String, RawTensor> raw() {
        SequencedMap<String, RawTensor> raw = new LinkedHashMap<>();
        state().forEach((name, tensor) -> raw.put(name, tensor.raw()));
        return raw;
    }

    /** Takes back what {@link #raw} gave. */
    default void restore(Map<String, RawTensor> raw) {
        try (var _ = new Scope()) {
            state().forEach((name, tensor) ->
                    tensor.copyInPlace(Tensor.of(Objects.requireNonNull(raw.get(name), name))));
        }
    }
}
