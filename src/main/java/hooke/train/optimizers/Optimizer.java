package hooke.train.optimizers;

import hooke.config.OptimizerConfig;
import hooke.config.Parameter;
import hooke.config.TrainConfig;
import hooke.model.Weights;
import hooke.model.Weights.Range;
import hooke.tensor.NoGrad;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** What turns gradients into an update of the weights: clipped by their norm, filtered, and given to a {@link Rule}, group by group. */
public final class Optimizer {
    private final TrainConfig config;
    private final Rule rule;
    private final Grokfast filter;
    private final Tensor gradients;
    private final List<Rule.Part> parts = new ArrayList<>();
    private final List<Tensor> memory = new ArrayList<>();

    /** Weights that are treated alike; a matrix that stands alone, or neighbours. */
    private record Group(
            Range range, boolean decays, @Nullable Parameter matrix) {}

    private Optimizer(TrainConfig config, Weights weights) {
        this.config = config;
        Tensor values = weights.trainableValues();
        this.gradients = weights.gradients();
        List<Group> groups = new ArrayList<>();
        this.rule = Rule.of(config.optimizer());
        this.filter = Grokfast.of(config.gradientFilter(), values);
        boolean alone = switch (config.optimizer()) {
            case OptimizerConfig.Muon _ -> true;
            case OptimizerConfig.AdamW _,
                    OptimizerConfig.Adam _,
                    OptimizerConfig.Sgd _,
                    OptimizerConfig.Adagrad _,
                    OptimizerConfig.Rmsprop _,
                    OptimizerConfig.Lion _ -> false;
        };
        OptimizerConfig.Decay decay = config.optimizer().decay();
        for (boolean decays : new boolean[] {true, false}) {
            weights.ranges(p -> decay.includes(p) == decays && !(alone && p.isHiddenMatrix()))
                    .forEach(range -> groups.add(new Group(range, decays, null)));
        }
        if (alone) {
            for (Parameter matrix : Parameter.of(weights.config())) {
                if (matrix.isHiddenMatrix()) {
                    weights.ranges(matrix::equals)
                            .forEach(range -> groups.add(new Group(range, decay.includes(matrix), matrix)));
                }
            }
        }
        for (int i = 0; i < rule.remembers().size(); i++) {
            Tensor one = Tensor.zeros(values.device(), values.dtype(), values.numel());
            one.plusInPlace(rule.initially());
            memory.add(one);
        }
        // Cut once: libtorch loses some memory with every view that is written to.
        try (var _ = new NoGrad()) {
            for (Group group : groups) {
                Range range = group.range();
                parts.add(new Rule.Part(
                        range.of(values),
                        range.of(gradients),
                        memory.stream().map(range::of).toList(),
                        group.decays(),
                        group.matrix()));
            }
        }
    }

    /** The optimizer of an experiment for these weights, with its state at the beginning; in the innermost scope. */
    public static Optimizer of(TrainConfig config, Weights weights) {
        return new Optimizer(config, weights);
    }

    /** Changes the weights by their gradients, which are clipped and filtered in place, after so many updates. */
    public void update(long done) {
        var rate = new Rule.Rate(done + 1, config.rateFactor(done));
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            clip();
            filter.apply(gradients, rate.step());
            parts.forEach(part -> rule.update(part, rate));
        }
    }

    /** As PyTorch's clip_grad_norm_ does, with its 1e-6. */
    private void clip() {
        if (config.clipNorm() > 0) {
            double share = config.clipNorm() / (gradients.norm().item() + 1e-6);
            if (share < 1) {
                gradients.timesInPlace(share);
            }
        }
    }

    /** What it remembers from update to update, by name: {@code adamw.mean}. */
    public SequencedMap<String, Tensor> state() {
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        for (int i = 0; i < memory.size(); i++) {
            state.put(rule.remembers().get(i), memory.get(i));
        }
        state.putAll(filter.state());
        return state;
    }

    /** The state as it lies in memory. */
    public SequencedMap<String, RawTensor> raw() {
        SequencedMap<String, RawTensor> raw = new LinkedHashMap<>();
        state().forEach((name, tensor) -> raw.put(name, tensor.raw()));
        return raw;
    }

    /** Takes back what {@link #raw} gave. */
    public void restore(Map<String, RawTensor> raw) {
        try (var _ = new Scope()) {
            state().forEach((name, tensor) ->
                    tensor.copyInPlace(Tensor.of(Objects.requireNonNull(raw.get(name), name))));
        }
    }
}
