package hooke.interop.names;

import hooke.Check;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.interop.pickle.Strides;
import hooke.tensor.RawTensor;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Programs whose models have every bias store zeros where a model of Hooke's has none at all ({@code model.without_biases}). */
final class AbsentBiases {
    private AbsentBiases() {}

    /** The weights with zeros for every bias that the model lacks, in the order of the state dict. */
    static SequencedMap<String, RawTensor> added(ModelConfig model, Map<String, RawTensor> weights) {
        SequencedMap<String, RawTensor> all = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(model.withAllBiases())) {
            RawTensor own = weights.get(parameter.name());
            List<Long> shape =
                    parameter.shape().stream().map(Integer::longValue).toList();
            all.put(
                    parameter.name(),
                    own == null ? Names.raw(new float[(int) Strides.count(shape)], shape.toArray(Long[]::new)) : own);
        }
        return all;
    }

    /** The weights without the biases that the model lacks. Throws {@link hooke.InputException} where one of them is not zero. */
    static SequencedMap<String, RawTensor> removed(
            String where, ModelConfig model, SequencedMap<String, RawTensor> weights) {
        SequencedMap<String, RawTensor> own = new LinkedHashMap<>(weights);
        Parameter.of(model).forEach(p -> own.remove(p.name()));
        own.forEach((name, bias) -> {
            for (float value : bias.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)) {
                Check.that(
                        value == 0,
                        "%s, %s is not zero, and model.without_biases says that there is none",
                        where,
                        name);
            }
        });
        SequencedMap<String, RawTensor> rest = new LinkedHashMap<>(weights);
        own.keySet().forEach(rest::remove);
        return rest;
    }
}
