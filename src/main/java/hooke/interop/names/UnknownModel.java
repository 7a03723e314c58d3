package hooke.interop.names;

import hooke.Check;
import hooke.interop.pickle.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the names and shapes of weights tell of a model whose experiment nobody has: settings of one, as {@code --set} takes them. */
public final class UnknownModel {
    private static final Pattern LAYER = Pattern.compile("(?:blocks|transformer\\.h|h)\\.(\\d{1,4})\\..*");

    private final StateDict file;
    private final SequencedMap<String, Value.Tensor> tensors;
    private final List<String> sets = new ArrayList<>();

    private UnknownModel(StateDict file) {
        this.file = file;
        this.tensors = StateDict.plain(file.found()).tensors();
    }

    /** Throws {@link hooke.InputException} where the layout is not known. */
    public static List<String> settings(StateDict file) {
        var model = new UnknownModel(file);
        int layers = model.layers();
        boolean lens = model.tensors.containsKey("embed.W_E");
        boolean gpt = model.tensors.containsKey("transformer.h.0.attn.c_attn.weight")
                || model.tensors.containsKey("h.0.attn.c_attn.weight");
        Check.that(
                layers >= 1 && (lens || gpt),
                "%s has names of no known layout: those of TransformerLens, nanoGPT and GPT-2 are known",
                file.found().where());
        model.sets.add("model.n_layers=" + layers);
        if (lens) {
            model.transformerLens();
        } else {
            model.gpt();
        }
        return model.sets;
    }

    private int layers() {
        int layers = 0;
        for (String name : tensors.keySet()) {
            Matcher matcher = LAYER.matcher(name);
            layers = matcher.matches() ? Math.max(layers, 1 + Integer.parseInt(matcher.group(1))) : layers;
        }
        return layers;
    }

    /** An axis of a tensor, which the layout has; counted from the end where it is negative. */
    private long size(String name, int axis) {
        Value.Tensor tensor = tensors.get(name);
        Check.that(
                tensor != null && tensor.shape().size() >= 2,
                "%s lacks %s, or it is not a matrix",
                file.found().where(),
                name);
        List<Long> shape = Objects.requireNonNull(tensor).shape();
        return shape.get(axis < 0 ? shape.size() + axis : axis);
    }

    private void sizes(long dVocab, long dVocabOut, long nCtx, long dModel) {
        sets.add("task.d_vocab=" + dVocab);
        sets.add("task.d_vocab_out=" + dVocabOut);
        sets.add("task.n_ctx=" + nCtx);
        sets.add("model.n_ctx=" + nCtx);
        sets.add("model.d_model=" + dModel);
    }

    private void transformerLens() {
        // In the layout of the progress-measures paper W_O has two axes, and the others lie the other way.
        boolean turned = size("blocks.0.attn.W_O", 0) > 0
                && Objects.requireNonNull(tensors.get("blocks.0.attn.W_O"))
                                .shape()
                                .size()
                        == 2;
        sizes(
                size("embed.W_E", turned ? 1 : 0),
                size("unembed.W_U", 1),
                size("pos_embed.W_pos", 0),
                size("pos_embed.W_pos", 1));
        sets.add("model.n_heads=" + size("blocks.0.attn.W_Q", 0));
        sets.add("model.d_head=" + size("blocks.0.attn.W_Q", turned ? 1 : 2));
        boolean mlp = tensors.containsKey("blocks.0.mlp.W_in");
        sets.add(mlp ? "model.d_mlp=" + size("blocks.0.mlp.W_in", turned ? 0 : 1) : "model.attn_only=true");
        String act = said("act_fn").isEmpty() ? said("act_type") : said("act_fn");
        if (mlp && !act.isEmpty()) {
            sets.add("model.act_fn=" + FileConfig.activation(act));
        }
        boolean norm = tensors.containsKey("blocks.0.ln1.w");
        sets.add("model.norm=" + (norm ? "layer-norm" : "none"));
        if (norm && !tensors.containsKey("blocks.0.ln1.b")) {
            sets.add("model.norm.bias=false");
        }
        sets.add("model.mask=" + (said("attention_dir").equals("bidirectional") ? "full" : "causal"));
    }

    private void gpt() {
        String dot = tensors.containsKey("h.0.attn.c_attn.weight") ? "" : "transformer.";
        String attention = dot + "h.0.attn.c_attn.weight";
        boolean conv = size(attention, 0) < size(attention, 1);
        String embedding = tensors.containsKey(dot + "wte.weight") ? dot + "wte.weight" : "lm_head.weight";
        long dModel = size(embedding, 1);
        sizes(size(embedding, 0), size(embedding, 0), size(dot + "wpe.weight", 0), dModel);
        if (!said("n_head").isEmpty()) {
            sets.add("model.n_heads=" + said("n_head")); // no shape tells it
        }
        sets.add("model.d_mlp=" + size(dot + "h.0.mlp.c_fc.weight", conv ? 1 : 0));
        String act = said("activation_function");
        // What Hugging Face's GPT2Config has where nothing is said; nanoGPT's has the exact one.
        String otherwise = conv ? "gelu-new" : "gelu";
        sets.add("model.act_fn=" + (act.isEmpty() ? otherwise : FileConfig.activation(act)));
        sets.add("model.norm={kind: layer-norm, eps: 1.0e-5}");
        sets.add("model.mask=causal");
        sets.add("model.tied_embeddings=true");
    }

    /** A word or number of a configuration beside the weights; empty where there is none. */
    private String said(String field) {
        for (Located dict : file.tellers()) {
            for (Value value : Stream.concat(Stream.of(dict.value()), dict.dict().entries().values().stream())
                    .toList()) {
                var config = new Located(dict.where(), value);
                if (config.has(field)) {
                    return switch (config.get(field).value()) {
                        case Value.Text(String text) when text.matches("\\w{1,40}") -> text;
                        case Value.Int(java.math.BigInteger number) -> number.toString();
                        default -> "";
                    };
                }
            }
        }
        return "";
    }
}
