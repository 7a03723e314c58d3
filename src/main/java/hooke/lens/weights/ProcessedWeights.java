package hooke.lens.weights;

import hooke.Check;
import hooke.InputException;
import hooke.config.ModelConfig;
import hooke.config.Norm;
import hooke.config.Parameter;
import hooke.config.Positions;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The same function with weights that are easier to read, as TransformerLens' {@code process_weights}: each step leaves the logits as they
 * are, but for centring the unembedding, which shifts all logits of a position together and so leaves every probability.
 */
public final class ProcessedWeights {
    /** What can be done; the order of doing is that of this list. */
    public enum Step {
        /** LayerNorm's gain and bias go into the weights that read it; the gain becomes 1, the bias 0. For pre-LN. */
        FOLD_NORM,
        /** What writes to the residual stream loses its mean over d_model, which every LayerNorm takes out anyway. For pre-LN. */
        CENTRE_WRITING,
        /** The unembedding loses its mean over classes. */
        CENTRE_UNEMBEDDING,
        /** Value biases go into the output's: the rows of a pattern sum to 1, so every position gets each of them whole. */
        FOLD_VALUE_BIASES
    }

    private final ModelConfig config;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();

    private ProcessedWeights(Transformer model) {
        this.config = model.config();
        Map<String, Tensor> all = model.weights().all();
        for (Parameter parameter : Parameter.of(config.withAllBiases())) {
            @Nullable Tensor weight = all.get(parameter.name());
            long[] shape = parameter.shape().stream().mapToLong(n -> n).toArray();
            weights.put(
                    parameter.name(),
                    weight == null
                            ? Tensor.zeros(DType.F64, shape)
                            : weight.detach().to(DType.F64));
        }
        if (config.tiedEmbeddings()) {
            weights.put(
                    "unembed.W_U",
                    model.weights().unembedding().detach().to(DType.F64).copy());
        }
    }

    /** A model with processed weights, in the innermost scope. Its configuration has all biases, and no identities and no ties left. */
    public static Transformer of(Transformer model, Set<Step> steps) {
        model.config().checkOneWidth("folding norms and centring what is written");
        ModelConfig plain = model.config().writtenOut();
        Tensor any = model.weights().get("embed.W_E");
        return new Transformer(Weights.of(plain, any.dtype(), any.device(), values(model, steps)));
    }

    private static Map<String, RawTensor> values(Transformer model, Set<Step> steps) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var processed = new ProcessedWeights(model);
            for (Step step : Step.values()) {
                if (steps.contains(step)) {
                    switch (step) {
                        case FOLD_NORM -> processed.foldNorms();
                        case CENTRE_WRITING -> processed.centreWriting();
                        case CENTRE_UNEMBEDDING -> processed.centreUnembedding();
                        case FOLD_VALUE_BIASES -> processed.foldValueBiases();
                    }
                }
            }
            Map<String, RawTensor> values = new LinkedHashMap<>();
            processed.weights.forEach((name, weight) -> values.put(
                    name,
                    new RawTensor(
                            DType.F64,
                            Arrays.stream(weight.shape()).boxed().toList(),
                            MemorySegment.ofArray(weight.toDoubles()))));
            return values;
        }
    }

    private void foldNorms() {
        checkPre("folding the norm into the weights behind it");
        Check.that(
                !config.gatedMlp() || !config.norm().hasBias(),
                "the norm's bias cannot be folded into a gated MLP, whose gate has no bias to take it");
        for (int layer = 0; layer < config.nLayers(); layer++) {
            String block = "blocks." + layer + ".";
            for (String name : List.of("Q", "K", "V")) {
                fold(block + "ln1", block + "attn.W_" + name, block + "attn.b_" + name);
            }
            clear(block + "ln1");
            if (!config.attnOnly()) {
                fold(block + "ln2", block + "mlp.W_in", block + "mlp.b_in");
                if (config.gatedMlp()) {
                    scale(block + "ln2", block + "mlp.W_gate");
                }
                clear(block + "ln2");
            }
        }
        fold("ln_final", "unembed.W_U", "unembed.b_U");
        clear("ln_final");
    }

    /** {@code (n gain + bias) W + b = n (gain W) + (bias W + b)}; W is [.., d_model, out]. */
    private void fold(String norm, String weight, String bias) {
        Tensor W = get(weight);
        if (config.norm().hasBias()) {
            Tensor shift = get(norm + ".b").view(1, config.dModel()).matmul(W); // [.., 1, out]
            weights.put(bias, get(bias).plus(shift.view(get(bias).shape())));
        }
        scale(norm, weight);
    }

    private void scale(String norm, String weight) {
        if (config.norm().hasGain()) {
            weights.put(weight, get(norm + ".w").unsqueeze(-1).times(get(weight)));
        }
    }

    private void clear(String norm) {
        if (config.norm().hasGain()) {
            weights.put(norm + ".w", Tensor.ones(DType.F64, config.dModel()));
        }
        if (config.norm().hasBias()) {
            weights.put(norm + ".b", Tensor.zeros(DType.F64, config.dModel()));
        }
    }

    private void centreWriting() {
        checkPre("centring what writes to the residual stream");
        switch (config.norm()) {
            case Norm.None(), Norm.LayerNorm _ -> {}
            case Norm.RmsNorm _ ->
                throw new InputException(
                        "centring what writes to the residual stream makes no sense here: RMSNorm does not take the mean out");
        }
        centre("embed.W_E");
        switch (config.positions()) {
            case Positions.Learned() -> centre("pos_embed.W_pos");
            case Positions.Rotary _ -> {}
        }
        for (int layer = 0; layer < config.nLayers(); layer++) {
            centre("blocks." + layer + ".attn.W_O");
            centre("blocks." + layer + ".attn.b_O");
            if (!config.attnOnly()) {
                centre("blocks." + layer + ".mlp.W_out");
                centre("blocks." + layer + ".mlp.b_out");
            }
        }
    }

    private void centreUnembedding() {
        centre("unembed.W_U");
        centre("unembed.b_U");
    }

    private void foldValueBiases() {
        for (int layer = 0; layer < config.nLayers(); layer++) {
            String attn = "blocks." + layer + ".attn.";
            Tensor values = get(attn + "b_V"); // [head, d_head]
            Tensor written = values.unsqueeze(1).matmul(get(attn + "W_O")).sum(0); // [1, d_model]
            weights.put(attn + "b_O", get(attn + "b_O").plus(written.view(config.dModel())));
            weights.put(attn + "b_V", Tensor.zeros(DType.F64, values.shape()));
        }
    }

    private void centre(String name) {
        Tensor weight = get(name);
        weights.put(name, weight.minus(weight.mean(true, -1)));
    }

    private Tensor get(String name) {
        return Objects.requireNonNull(weights.get(name), name);
    }

    private void checkPre(String what) {
        Check.that(
                config.norm().isPre(),
                "%s does not apply here: the model has %s",
                what,
                !config.norm().normalises()
                        ? "no norm"
                        : "its norms after its sums (post-norm), so the normalised stream itself is passed on");
    }
}
