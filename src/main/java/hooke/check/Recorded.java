package hooke.check;

import hooke.InputException;
import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import hooke.train.Training;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What the families that stand on TransformerLens record alike. */
final class Recorded {
    private Recorded() {}

    /** Parameters without the buffers that a TransformerLens state dict holds, too. */
    static SequencedMap<String, RawTensor> parameters(Map<String, RawTensor> stateDict) {
        SequencedMap<String, RawTensor> parameters = new LinkedHashMap<>();
        stateDict.forEach((name, raw) -> {
            if (!name.endsWith(".mask") && !name.endsWith(".IGNORE")) {
                parameters.put(name, raw);
            }
        });
        return parameters;
    }

    /** Gradients of the weights that train, by name. */
    static Map<String, Tensor> gradients(Training training) {
        Map<String, Tensor> gradients = new LinkedHashMap<>();
        training.model().weights().all().forEach((name, weight) -> {
            Tensor gradient = weight.grad();
            if (gradient != null) {
                gradients.put(name, gradient);
            }
        });
        return gradients;
    }

    /** Logits and every activation that was recorded, recomputed from recorded weights. */
    static List<Finding> activations(
            Training training, GoldenSet set, String cacheFile, String weightsFile, GoldenSet.Tolerance tolerance) {
        var comparison = new Deviation(set.name(), tolerance);
        try (var _ = new Scope()) {
            var recorded = set.tensors(cacheFile);
            int[][] tokens = examples(recorded, "tokens");
            recorded.remove("tokens");
            RawTensor logits = recorded.remove("logits");
            if (logits == null) {
                comparison.missing("logits of " + cacheFile);
                return comparison.findings();
            }
            var model = new Transformer(Weights.of(
                    training.experiment().model(), DType.F32, Device.CPU, parameters(set.tensors(weightsFile))));
            Cache cache = Cache.all();
            comparison.tensor("logits", model.forward(tokens, Hooks.read(cache)), logits);
            Map<String, Tensor> seen = new LinkedHashMap<>();
            cache.entries().forEach((point, tensor) -> seen.put(point.toString(), tensor));
            comparison.tensors(seen, recorded);
        }
        return comparison.findings();
    }

    /** Tokens [.., pos] as plain Java, one example a row. */
    static int[][] examples(Map<String, RawTensor> recorded, String name) {
        RawTensor tokens = recorded.get(name);
        if (tokens == null) {
            throw new InputException("the golden set records no tensor " + name);
        }
        try (var _ = new Scope()) {
            long[] flat = Tensor.of(tokens).toLongs();
            int width = tokens.shape().getLast().intValue();
            int[][] examples = new int[flat.length / width][width];
            for (int i = 0; i < flat.length; i++) {
                examples[i / width][i % width] = (int) flat[i];
            }
            return examples;
        }
    }
}
