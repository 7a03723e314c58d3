package hooke.interop.names;

import hooke.Check;
import hooke.InputException;
import hooke.config.Mask;
import hooke.config.ModelConfig;
import hooke.config.Norm;
import hooke.config.Positions;
import hooke.interop.pickle.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** TransformerLens' HookedTransformerConfig, an object or a dict, as settings of an experiment; and back, as a dict that it accepts. */
public final class TransformerLensConfig {
    /** Fields that change what a model computes, with the one value that Hooke's models have. */
    private static final Map<String, Value> FIXED = Map.ofEntries(
            Map.entry("use_attn_scale", new Value.Bool(true)),
            Map.entry("scale_attn_by_inverse_layer_idx", new Value.Bool(false)),
            Map.entry("parallel_attn_mlp", new Value.Bool(false)),
            Map.entry("use_local_attn", new Value.Bool(false)),
            Map.entry("use_qk_norm", new Value.Bool(false)),
            Map.entry("final_rms", new Value.Bool(false)),
            Map.entry("post_embedding_ln", new Value.Bool(false)),
            Map.entry("tie_word_embeddings", new Value.Bool(false)),
            Map.entry("use_normalization_before_and_after", new Value.Bool(false)),
            Map.entry("num_experts", new Value.None()),
            Map.entry("n_key_value_heads", new Value.None()),
            Map.entry("attn_scores_soft_cap", new Value.Real(-1)),
            Map.entry("output_logits_soft_cap", new Value.Real(-1)));

    private TransformerLensConfig() {}

    /** {@code model.n_layers=1} and so on. Throws {@link InputException} naming the field that Hooke cannot express. */
    public static List<String> settings(Located config) {
        checkFixed(config);
        List<String> sets = new ArrayList<>();
        for (String field : List.of("n_layers", "d_model", "n_heads", "d_head", "n_ctx", "d_vocab", "d_vocab_out")) {
            sets.add("model." + field + "=" + config.get(field).integer());
        }
        boolean attnOnly = isTrue(config, "attn_only");
        sets.add("model.attn_only=" + attnOnly);
        if (!attnOnly) {
            sets.add("model.d_mlp=" + config.get("d_mlp").integer());
            sets.add("model.act_fn="
                    + oneOf(config.get("act_fn"), "relu", "gelu", "gelu_new", "silu")
                            .replace('_', '-'));
            sets.add("model.gated_mlp=" + isTrue(config, "gated_mlp"));
        }
        sets.add("model.mask="
                + (oneOf(config.get("attention_dir"), "causal", "bidirectional").equals("causal") ? "causal" : "full"));
        if (config.get("normalization_type").value() instanceof Value.None) {
            sets.add("model.norm=none");
        } else {
            boolean rms = oneOf(config.get("normalization_type"), "LN", "RMS").equals("RMS");
            sets.add("model.norm={kind: %s, eps: %s}"
                    .formatted(
                            rms ? "rms-norm" : "layer-norm", config.get("eps").number()));
        }
        if (isRotary(config)) {
            long dims = config.has("rotary_dim")
                            && config.get("rotary_dim").wholeNumber().isPresent()
                    ? config.get("rotary_dim").integer()
                    : config.get("d_head").integer();
            double base = config.has("rotary_base") ? config.get("rotary_base").number() : 10_000;
            sets.add("model.positions={kind: rotary, dims: %s, base: %s, pairs: %s}"
                    .formatted(dims, base, isTrue(config, "rotary_adjacent_pairs") ? "interleaved" : "halves"));
        }
        return sets;
    }

    private static boolean isTrue(Located config, String field) {
        return config.dict().get(field) instanceof Value.Bool(boolean value) && value;
    }

    private static boolean isRotary(Located config) {
        return config.has("positional_embedding_type")
                && oneOf(config.get("positional_embedding_type"), "standard", "rotary")
                        .equals("rotary");
    }

    /** Throws {@link InputException} naming a field that is there and has another value than all of Hooke's models. */
    static void checkFixed(Located config) {
        FIXED.forEach((field, value) -> Check.that(
                !config.has(field) || value.equals(config.get(field).value()),
                "%s, %s differs from %s, which Hooke's models have",
                config.where(),
                field,
                word(value)));
        if (config.has("attn_scale") && config.has("d_head")) {
            long dHead = config.get("d_head").integer();
            double scale = config.get("attn_scale").number();
            Check.that(
                    scale == -1 || Math.abs(scale - Math.sqrt(dHead)) < 1e-12 * scale,
                    "%s, attn_scale (%s) must be the square root of d_head (%s)",
                    config.where(),
                    scale,
                    dHead);
        }
    }

    private static String oneOf(Located field, String... words) {
        String word = field.value() instanceof Value.Text(String text)
                ? text
                : field.value().kind();
        Check.that(
                List.of(words).contains(word),
                "%s is %s; Hooke's models can have %s",
                field.where(),
                Value.shown(word),
                String.join(" or ", words));
        return word;
    }

    private static String word(Value value) {
        return switch (value) {
            case Value.Bool(boolean b) -> Boolean.toString(b);
            case Value.Real(double x) -> Double.toString(x);
            case Value.Text(String text) -> text;
            default -> value.kind();
        };
    }

    /** Everything that decides what the model computes; TransformerLens' defaults do for the rest. */
    public static Value.Dict of(ModelConfig model) {
        Value.Dict dict = Value.Dict.empty(false)
                .put("n_layers", Value.Int.of(model.nLayers()))
                .put("d_model", Value.Int.of(model.dModel()))
                .put("n_ctx", Value.Int.of(model.nCtx()))
                .put("d_head", Value.Int.of(model.dHead()))
                .put("n_heads", Value.Int.of(model.nHeads()))
                .put("d_vocab", Value.Int.of(model.dVocab()))
                .put("d_vocab_out", Value.Int.of(model.dVocabOut()))
                .put("attn_only", new Value.Bool(model.attnOnly()))
                .put(
                        "attention_dir",
                        new Value.Text(
                                switch (model.mask()) {
                                    case Mask.Full() -> "bidirectional";
                                    case Mask.Causal() -> "causal";
                                    // No word for these, but each layer's buffer attn.mask says it all.
                                    case Mask.Local _,
                                            Mask.Bottleneck _,
                                            Mask.Table _,
                                            Mask.Strided _,
                                            Mask.StridedHalf _,
                                            Mask.Fixed _,
                                            Mask.Heads _,
                                            Mask.Layers _ -> "causal";
                                }))
                .put(
                        "positional_embedding_type",
                        new Value.Text(
                                switch (model.positions()) {
                                    case Positions.Learned() -> "standard";
                                    case Positions.Rotary _ -> "rotary";
                                }))
                .put("init_mode", new Value.Text("gpt2"))
                .put("device", new Value.Text("cpu"));
        if (!model.attnOnly()) {
            dict.put("d_mlp", Value.Int.of(model.dMlp()));
            dict.put(
                            "act_fn",
                            new Value.Text(
                                    switch (model.actFn()) {
                                        case RELU -> "relu";
                                        case GELU -> "gelu";
                                        case GELU_NEW -> "gelu_new";
                                        case SILU -> "silu";
                                    }))
                    .put("gated_mlp", new Value.Bool(model.gatedMlp()));
        }
        switch (model.positions()) {
            case Positions.Learned() -> {}
            case Positions.Rotary(int dims, double base, Positions.Pairs pairs) ->
                dict.put("rotary_dim", Value.Int.of(dims))
                        .put("rotary_base", new Value.Real(base))
                        .put(
                                "rotary_adjacent_pairs",
                                new Value.Bool(
                                        switch (pairs) {
                                            case INTERLEAVED -> true;
                                            case HALVES -> false;
                                        }));
        }
        return switch (model.norm()) {
            case Norm.None() -> dict.put("normalization_type", new Value.None());
            case Norm.RmsNorm norm ->
                dict.put("normalization_type", new Value.Text("RMS")).put("eps", new Value.Real(norm.eps()));
            case Norm.LayerNorm norm ->
                dict.put("normalization_type", new Value.Text("LN")).put("eps", new Value.Real(norm.eps()));
        };
    }
}
