package hooke.interop.names;

import hooke.Check;
import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.Mask;
import hooke.config.ModelConfig;
import hooke.config.Norm;
import hooke.config.Positions;
import hooke.config.form.Words;
import hooke.interop.pickle.Value;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/**
 * What a file says of the model beside its weights, in the words of TransformerLens, nanoGPT, GPT-2 or Hooke, held against the model
 * that they are to be of: the same shapes may compute another function.
 */
final class FileConfig {
    private static final Map<String, ToLongFunction<ModelConfig>> SIZES = Map.ofEntries(
            Map.entry("n_layers", ModelConfig::nLayers),
            Map.entry("n_layer", ModelConfig::nLayers),
            Map.entry("num_hidden_layers", ModelConfig::nLayers),
            Map.entry("hidden_size", ModelConfig::dModel),
            Map.entry("num_attention_heads", ModelConfig::nHeads),
            Map.entry("n_inner", ModelConfig::dMlp),
            Map.entry("intermediate_size", ModelConfig::dMlp),
            Map.entry("num_layers", ModelConfig::nLayers),
            Map.entry("d_model", ModelConfig::dModel),
            Map.entry("n_embd", ModelConfig::dModel),
            Map.entry("n_heads", ModelConfig::nHeads),
            Map.entry("n_head", ModelConfig::nHeads),
            Map.entry("num_heads", ModelConfig::nHeads),
            Map.entry("d_head", ModelConfig::dHead));

    private static final List<String> EPSILONS = List.of("layer_norm_epsilon", "layer_norm_eps", "rms_norm_eps");

    private static final List<String> ACTIVATIONS = List.of("act_fn", "act_type", "activation_function", "hidden_act");

    /** Keys that no output depends on once the weights are there; those that fix weights are held against the weights themselves. */
    private static final String ONLY_TRAINING = "(init|biases|frozen|identity)(\\..*)?";

    private final StateDict file;
    private final ModelConfig model;

    private FileConfig(StateDict file, ModelConfig model) {
        this.file = file;
        this.model = model;
    }

    /** Throws {@link InputException} naming the first setting in which the two differ. */
    static void check(StateDict file, ModelConfig model) {
        var config = new FileConfig(file, model);
        for (Located dict : file.tellers()) {
            config.check(dict);
            dict.dict().entries().forEach((key, value) -> {
                if (key instanceof Value.Text(String name)
                        && (value instanceof Value.Dict || value instanceof Value.Obj)) {
                    config.check(new Located(dict.where() + ", " + Value.shown(name), value));
                }
            });
        }
    }

    private void check(Located config) {
        SIZES.forEach((field, size) -> {
            if (config.has(field) && config.get(field).wholeNumber().isPresent()) {
                same(config, field, config.get(field).wholeNumber().getAsLong(), key(field), size.applyAsLong(model));
            }
        });
        for (String field : ACTIVATIONS) {
            if (config.has(field) && config.get(field).value() instanceof Value.Text(String act) && !model.attnOnly()) {
                same(config, field, activation(act), "act_fn", Words.word(model.actFn()));
            }
        }
        for (String field : EPSILONS) {
            if (config.has(field) && config.get(field).value() instanceof Value.Real) {
                switch (model.norm()) {
                    case Norm.None() -> {}
                    case Norm.LayerNorm norm ->
                        same(config, field, config.get(field).number(), "norm.eps", norm.eps());
                    case Norm.RmsNorm norm ->
                        same(config, field, config.get(field).number(), "norm.eps", norm.eps());
                }
            }
        }
        if (config.has("attn_only") && config.get("attn_only").value() instanceof Value.Bool(boolean only)) {
            same(config, "attn_only", only, "attn_only", model.attnOnly());
        }
        if (config.has("d_model") && config.has("normalization_type")) {
            transformerLens(config);
        }
        if (config.has("experiment") && config.get("experiment").value() instanceof Value.Text(String json)) {
            hooke(config.where(), json);
        }
    }

    /** The value of {@code model.act_fn} for an activation: GPT-2's approximation of GELU goes by several names. */
    static String activation(String theirs) {
        String word = theirs.toLowerCase(Locale.ROOT).replace('_', '-');
        return switch (word) {
            case "gelu-pytorch-tanh", "gelu-fast" -> "gelu-new";
            case "swish" -> "silu";
            default -> word;
        };
    }

    private static String key(String field) {
        return switch (field) {
            case "n_layer", "num_layers", "num_hidden_layers" -> "n_layers";
            case "n_head", "num_heads", "num_attention_heads" -> "n_heads";
            case "n_embd", "hidden_size" -> "d_model";
            case "n_inner", "intermediate_size" -> "d_mlp";
            default -> field;
        };
    }

    private void transformerLens(Located config) {
        TransformerLensConfig.checkFixed(config);
        String theirs = config.get("normalization_type").value() instanceof Value.Text(String type) ? type : "None";
        switch (model.norm()) {
            case Norm.None() -> same(config, "normalization_type", theirs, "norm", "None");
            case Norm.LayerNorm norm -> norm(config, theirs, "LN", norm.eps());
            case Norm.RmsNorm norm -> norm(config, theirs, "RMS", norm.eps());
        }
        if (config.has("gated_mlp") && config.get("gated_mlp").value() instanceof Value.Bool(boolean gated)) {
            same(config, "gated_mlp", gated, "gated_mlp", model.gatedMlp());
        }
        if (config.has("positional_embedding_type")
                && config.get("positional_embedding_type").value() instanceof Value.Text(String kind)) {
            String ours = switch (model.positions()) {
                case Positions.Learned() -> "standard";
                case Positions.Rotary _ -> "rotary";
            };
            same(config, "positional_embedding_type", kind, "positions", ours);
        }
        // Where the file has a mask itself, that says more: TransformerLens has no word for others than these two.
        boolean hasMask = file.found().dict().entries().keySet().stream()
                .anyMatch(name -> name instanceof Value.Text(String text) && text.endsWith(".attn.mask"));
        if (config.has("attention_dir")
                && config.get("attention_dir").value() instanceof Value.Text(String direction)) {
            String ours = switch (model.mask()) {
                case Mask.Full() -> "bidirectional";
                case Mask.Causal() -> "causal";
                case Mask.Local _,
                        Mask.Bottleneck _,
                        Mask.Table _,
                        Mask.Strided _,
                        Mask.StridedHalf _,
                        Mask.Fixed _,
                        Mask.Heads _,
                        Mask.Layers _ -> hasMask ? "causal" : "another";
            };
            same(config, "attention_dir", direction, "mask", ours);
        }
    }

    private static void norm(Located config, String theirs, String ours, double eps) {
        same(config, "normalization_type", theirs, "norm", ours);
        if (config.has("eps")) {
            same(config, "eps", config.get("eps").number(), "norm.eps", eps);
        }
    }

    /** Whether Hooke wrote it: its safetensors carry the whole experiment. */
    static boolean isOwn(Located dict) {
        return dict.has("experiment")
                && dict.get("experiment").value() instanceof Value.Text(String json)
                && experiment(json).isPresent();
    }

    private static Optional<Experiment> experiment(String json) {
        try {
            return Optional.of(Experiments.parse(json, "its experiment", List.of()));
        } catch (InputException e) {
            return Optional.empty();
        }
    }

    /** Hooke's own safetensors carry the whole experiment. */
    private void hooke(String where, String json) {
        Optional<Experiment> theirs = experiment(json);
        if (theirs.isEmpty()) {
            return; // The hash of one, or something of another program's.
        }
        Map<String, String> told = theirs.get().model().settings();
        Map<String, String> asked = model.settings();
        Located config = new Located(where, Value.Dict.empty(false));
        Stream.concat(told.keySet().stream(), asked.keySet().stream())
                .filter(key -> !key.matches(ONLY_TRAINING))
                .forEach(key -> same(
                        config,
                        "model." + key,
                        told.getOrDefault(key, "not set"),
                        key,
                        asked.getOrDefault(key, "not set")));
    }

    private static void same(Located config, String field, Object theirs, String key, Object ours) {
        Check.that(
                theirs.equals(ours),
                "%s, %s is %s, and model.%s of the experiment is %s: the weights are not of this model",
                config.where(),
                field,
                Value.shown(String.valueOf(theirs)),
                key,
                ours);
    }
}
