package hooke.train;

import hooke.fused.kernels.ArraysModel;
import hooke.model.Weights;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The {@link Weights} beside a model of arrays: they follow when they are asked for. */
final class WeightsCopy {
    private final Weights weights;
    private final ArraysModel model;
    private boolean settled = true;

    WeightsCopy(Weights weights, ArraysModel model) {
        this.weights = weights;
        this.model = model;
    }

    /** Weights as they lie in memory, by name. */
    static SequencedMap<String, RawTensor> raw(Weights weights) {
        SequencedMap<String, RawTensor> raw = new LinkedHashMap<>();
        weights.all().forEach((name, tensor) -> raw.put(name, tensor.raw()));
        return raw;
    }

    /** To be called when the model's weights or gradients changed. */
    void isBehind() {
        settled = false;
    }

    /** Brings weights and gradients to the model's. */
    void settle() {
        if (settled) {
            return;
        }
        model.writeWeights(raw(weights));
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
}
