package hooke.model;

import hooke.Check;
import hooke.InputException;
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
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Predicate;
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

    static long[] shape(Parameter parameter) {
        return parameter.shape().stream().mapToLong(Integer::longValue).toArray();
    }

    /** Initial weights, drawn as the configuration says. */
    public static Weights draw(ModelConfig config, DType dtype, Device device, Rng rng) {
        Weights weights = new Weights(config, dtype, device);
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            new InitialWeights(weights, rng).draw(config.init());
        }
        weights.noticeZeros();
        return weights;
    }

    /** Weights as recorded: exactly the tensors that the model has, in their shapes, in any floating-point type. */
    public static Weights of(ModelConfig config, DType dtype, Device device, Map<String, RawTensor> recorded) {
        SequencedMap<String, List<Long>> shapes = new LinkedHashMap<>();
        recorded.forEach((name, raw) -> shapes.put(name, raw.shape()));
        check(config, shapes);
        Weights weights = new Weights(config, dtype, device);
        recorded.forEach((name, raw) -> {
            try (var _ = new Scope()) {
                weights.get(name).copyInPlace(Tensor.of(raw));
            }
        });
        weights.noticeZeros();
        return weights;
    }

    /** Throws {@link InputException} unless these are the names and shapes of the model's weights. */
    public static void check(ModelConfig config, Map<String, List<Long>> recorded) {
        Set<String> others = new LinkedHashSet<>(recorded.keySet());
        for (Parameter parameter : Parameter.of(config)) {
            List<Long> shape = recorded.get(parameter.name());
            if (shape == null) {
                throw new InputException("the recorded weights lack " + parameter.name());
            }
            Check.that(
                    shape.equals(
                            parameter.shape().stream().map(Integer::longValue).toList()),
                    "the recorded %s has shape %s; this model's has %s",
                    parameter.name(),
                    shape,
                    parameter.shape());
            others.remove(parameter.name());
        }
        others.forEach(name -> {
            throw new InputException("the recorded %s is no weight of this model".formatted(name));
        });
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

    List<Parameter> parameters() {
        return parameters;
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

    /** What logits are made with, [d_model, d_vocab_out]: W_U, or W_E transposed where the two are tied. */
    public Tensor unembedding() {
        return config.tiedEmbeddings() ? get("embed.W_E").transpose(0, 1) : get("unembed.W_U");
    }

    /** A bias by its full name, or null where there is none, or it is zero and stays so. */
    public @Nullable Tensor bias(String name) {
        return zeroForEver.contains(name) ? null : buffer.leaves().get(name);
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

    /**
     * A group of weights that train, among {@link #trainableValues}: neighbours are one range.
     *
     * @param wanted asked of every parameter that trains
     */
    public List<Range> ranges(Predicate<Parameter> wanted) {
        List<Range> ranges = new ArrayList<>();
        long start = 0;
        for (Parameter parameter : parameters) {
            if (!parameter.trainable()) {
                continue;
            }
            if (wanted.test(parameter)) {
                boolean follows = !ranges.isEmpty() && ranges.getLast().end() == start;
                long first = follows ? ranges.removeLast().start() : start;
                ranges.add(new Range(first, start + parameter.size() - first));
            }
            start += parameter.size();
        }
        return ranges;
    }

    /** Neighbouring values of a flat buffer. */
    public record Range(long start, long length) {
        long end() {
            return start + length;
        }

        /** These values of a flat tensor, where they lie. */
        public Tensor of(Tensor flat) {
            return flat.narrow(0, start, length);
        }
    }

    /** The flat gradient, in the order of {@link #trainableValues}; backward passes add to it. */
    public Tensor gradients() {
        return buffer.gradients();
    }
}
