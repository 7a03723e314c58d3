package hooke.model;

import hooke.Check;
import hooke.InputException;
import hooke.config.Init;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.NoGrad;
import hooke.tensor.ParameterBuffer;
import hooke.tensor.RawTensor;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The named weights of one model, in TransformerLens' names and shapes. They live in the scope that was innermost when they were made;
 * training changes them in place.
 */
public final class Weights {
    private final ModelConfig config;
    private final List<Parameter> parameters;
    private final ParameterBuffer buffer;
    private final Set<String> zeroForEver = new HashSet<>();

    private Weights(ModelConfig config, DType dtype, Device device) {
        this.config = config;
        this.parameters = Parameter.of(config);
        SequencedMap<String, long[]> training = new LinkedHashMap<>();
        SequencedMap<String, long[]> frozen = new LinkedHashMap<>();
        for (Parameter parameter : parameters) {
            (parameter.trainable() ? training : frozen).put(parameter.name(), shape(parameter));
        }
        this.buffer = new ParameterBuffer(dtype, device, training, frozen);
    }

    private static long[] shape(Parameter parameter) {
        return parameter.shape().stream().mapToLong(Integer::longValue).toArray();
    }

    /** Initial weights, drawn as the configuration says. */
    public static Weights draw(ModelConfig config, DType dtype, Device device, Rng rng) {
        Weights weights = new Weights(config, dtype, device);
        switch (config.init()) {
            case Init.Gpt2(Init.AttentionOrder order) -> weights.drawGpt2(order, rng);
        }
        weights.noticeZeros();
        return weights;
    }

    /** Weights as recorded: exactly the tensors that the model has, in their shapes, in any floating-point type. */
    public static Weights of(ModelConfig config, DType dtype, Device device, Map<String, RawTensor> recorded) {
        Weights weights = new Weights(config, dtype, device);
        for (Parameter parameter : weights.parameters) {
            RawTensor raw = recorded.get(parameter.name());
            if (raw == null) {
                throw new InputException("the recorded weights lack " + parameter.name());
            }
            Check.that(
                    raw.shape()
                            .equals(parameter.shape().stream()
                                    .map(Integer::longValue)
                                    .toList()),
                    "the recorded %s has shape %s; this model's has %s",
                    parameter.name(),
                    raw.shape(),
                    parameter.shape());
            try (var _ = new Scope()) {
                weights.get(parameter.name()).copyInPlace(Tensor.of(raw));
            }
        }
        for (String name : recorded.keySet()) {
            Check.that(weights.buffer.leaves().containsKey(name), "the recorded %s is no weight of this model", name);
        }
        weights.noticeZeros();
        return weights;
    }

    /** TransformerLens' {@code init_mode: gpt2}; identities are drawn, too, before they are overwritten, so that later draws stay. */
    private void drawGpt2(Init.AttentionOrder order, Rng rng) {
        double std = 0.8 / Math.sqrt(config.dModel());
        for (Parameter parameter : inDrawingOrder(order)) {
            try (var _ = new Scope();
                    var _ = new NoGrad()) {
                Tensor leaf = get(parameter.name());
                if (parameter.shortName().startsWith("W_")) {
                    Tensor drawn = Tensor.zeros(DType.F32, shape(parameter));
                    rng.normal(drawn, 0, std);
                    leaf.copyInPlace(
                            isIdentity(parameter)
                                    ? Tensor.eye(leaf.dtype(), leaf.size(1), leaf.size(2))
                                            .unsqueeze(0)
                                            .expand(shape(parameter))
                                    : drawn);
                } else if (parameter.name().endsWith(".w")) {
                    leaf.copyInPlace(Tensor.ones(leaf.dtype(), shape(parameter)));
                }
            }
        }
    }

    private boolean isIdentity(Parameter parameter) {
        return config.identity().stream().anyMatch(i -> i.name().equals(parameter.shortName()));
    }

    private List<Parameter> inDrawingOrder(Init.AttentionOrder order) {
        return switch (order) {
            case Q_O_K_V -> parameters;
            case Q_K_V_O -> {
                // W_O moves behind its layer's W_V; everything else stays.
                List<Parameter> sorted = new ArrayList<>(parameters);
                for (Parameter output : parameters.stream()
                        .filter(p -> p.shortName().equals("W_O"))
                        .toList()) {
                    sorted.remove(output);
                    String values = output.name().replace("W_O", "W_V");
                    int place = 0;
                    while (!sorted.get(place).name().equals(values)) {
                        place++;
                    }
                    sorted.add(place + 1, output);
                }
                yield sorted;
            }
        };
    }

    /** Frozen biases that are zero need not be added; recorded ones need not be zero. */
    private void noticeZeros() {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            for (Parameter parameter : parameters) {
                if (!parameter.trainable()
                        && parameter.shortName().startsWith("b_")
                        && get(parameter.name()).abs().max().item() == 0) {
                    zeroForEver.add(parameter.name());
                }
            }
        }
    }

    public ModelConfig config() {
        return config;
    }

    /** One weight by its full name. */
    public Tensor get(String name) {
        Tensor leaf = buffer.leaves().get(name);
        if (leaf == null) {
            throw new IllegalArgumentException("no weight is named " + name);
        }
        return leaf;
    }

    /** A bias by its full name, or null where it is zero and stays so. */
    @Nullable
    Tensor bias(String name) {
        return zeroForEver.contains(name) ? null : get(name);
    }

    /** All of them by name, in the order of TransformerLens' state dict. */
    public SequencedMap<String, Tensor> all() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        parameters.forEach(p -> all.put(p.name(), get(p.name())));
        return all;
    }

    /** What an optimizer works on: the flat values of the weights that train. */
    public Tensor trainableValues() {
        return buffer.trainableValues();
    }

    /** The flat gradient, in the order of {@link #trainableValues}; backward passes add to it. */
    public Tensor gradients() {
        return buffer.gradients();
    }
}
