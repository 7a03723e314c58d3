package hooke.interop.names;

import hooke.Check;
import hooke.InputException;
import hooke.config.ModelConfig;
import hooke.config.Weighting;
import hooke.interop.pickle.Value;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a program calls the weights of a transformer, and how it lays them out. Hooke's own names are TransformerLens'. */
public sealed interface Names permits TransformerLensNames, NanoGptNames, XTransformersNames {
    /**
     * The weights under Hooke's names, in float32. Throws {@link InputException}, naming every tensor that is missing, too many or of
     * another shape, where they are not those of the model.
     */
    SequencedMap<String, RawTensor> weights(ModelConfig model, Located stateDict);

    /** The state dict that the program loads. Throws {@link InputException} where it cannot express the model. */
    Value.Dict stateDict(ModelConfig model, Map<String, RawTensor> weights);

    /** Those that a state dict uses. */
    static Names of(Located stateDict) {
        if (isAnyNamed(stateDict, "transformer\\.(wte|h)\\..*")) {
            return new NanoGptNames();
        }
        return isAnyNamed(stateDict, "(net\\.)?attn_layers\\..*")
                ? new XTransformersNames()
                : new TransformerLensNames();
    }

    private static boolean isAnyNamed(Located stateDict, String pattern) {
        return stateDict.dict().entries().keySet().stream()
                .anyMatch(key -> key instanceof Value.Text(String name) && name.matches(pattern));
    }

    /** Throws {@link InputException} unless attention and widths are those that other programs have. */
    static void checkForm(String program, ModelConfig model) {
        Check.that(
                model.attention().equals(new Weighting.Softmax()),
                "%s attends by the softmax of all scores: model.attention must be softmax",
                program);
        model.checkOneWidth(program);
    }

    /**
     * Holds names and shapes of a state dict against those wanted; what may be missing is left out of the result where it is.
     *
     * @param ignored patterns of further names that are fine
     */
    static SequencedMap<String, Value.Tensor> fit(
            Located stateDict, SequencedMap<String, List<Long>> wanted, Set<String> mayLack, List<String> ignored) {
        SequencedMap<String, Value.Tensor> tensors = stateDict.tensors();
        List<String> missing = wanted.keySet().stream()
                .filter(name -> !tensors.containsKey(name) && !mayLack.contains(name))
                .toList();
        List<String> surplus = tensors.keySet().stream()
                .filter(name -> !wanted.containsKey(name) && ignored.stream().noneMatch(name::matches))
                .toList();
        List<String> unlike = new ArrayList<>();
        SequencedMap<String, Value.Tensor> fitting = new LinkedHashMap<>();
        wanted.forEach((name, shape) -> {
            Value.Tensor tensor = tensors.get(name);
            if (tensor != null && !tensor.shape().equals(shape)) {
                unlike.add("%s has shape %s where %s is needed".formatted(name, tensor.shape(), shape));
            } else if (tensor != null
                    && !Set.of(DType.F64, DType.F32, DType.F16, DType.BF16).contains(tensor.dtype())) {
                unlike.add("%s has type %s, which weights cannot have".formatted(name, tensor.dtype()));
            } else if (tensor != null) {
                fitting.put(name, tensor);
            }
        });
        List<String> faults = Stream.of(
                        unlike.isEmpty() ? "" : listed(unlike, "; "),
                        missing.isEmpty() ? "" : "it lacks " + listed(missing, ", "),
                        surplus.isEmpty() ? "" : "the model has no place for its " + listed(surplus, ", "))
                .filter(s -> !s.isEmpty())
                .toList();
        if (!faults.isEmpty()) {
            throw new InputException(
                    "%s is not of this model: %s".formatted(stateDict.where(), String.join("; ", faults)));
        }
        return fitting;
    }

    /** The first of them: where a model is another one, nearly every tensor is. */
    private static String listed(List<String> words, String between) {
        int shown = 3;
        return words.stream()
                        .limit(shown)
                        .map(w -> w.replaceAll("\\p{Cntrl}", "?"))
                        .collect(Collectors.joining(between))
                + (words.size() > shown ? between + "and " + (words.size() - shown) + " more" : "");
    }

    /** In float32, row-major, on the heap. */
    static float[] floats(Value.Tensor tensor) {
        RawTensor raw = tensor.raw();
        if (raw.dtype() == DType.F32) {
            return raw.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        }
        try (var _ = new Scope()) {
            return Tensor.of(raw).to(DType.F32).toFloats();
        }
    }

    /** Of [rows][columns], row-major. */
    static float[] transposed(float[] matrix, int rows) {
        int columns = matrix.length / rows;
        float[] turned = new float[matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            turned[i % columns * rows + i / columns] = matrix[i];
        }
        return turned;
    }

    static RawTensor raw(float[] values, Long... shape) {
        return new RawTensor(DType.F32, List.of(shape), MemorySegment.ofArray(values));
    }
}
