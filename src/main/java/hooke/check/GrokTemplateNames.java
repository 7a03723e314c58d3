package hooke.check;

import hooke.config.ModelConfig;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * Weights, or their gradients, under the names and in the shapes of the grokking template's PyTorch modules: linear maps as [out, in],
 * queries, keys and values packed into one.
 */
record GrokTemplateNames(ModelConfig config, Map<String, Tensor> ours) {
    /** All of them, in the innermost scope. */
    SequencedMap<String, Tensor> all() {
        SequencedMap<String, Tensor> all = new LinkedHashMap<>();
        all.put("token_embeddings.weight", get("embed.W_E"));
        all.put("position_embeddings.weight", get("pos_embed.W_pos"));
        for (int layer = 0; layer < config.nLayers(); layer++) {
            block(all, "model." + layer + ".", "blocks." + layer + ".");
        }
        norm(all, "model." + config.nLayers(), "ln_final");
        linear(all, "model." + (config.nLayers() + 1), "unembed.", "U");
        return all;
    }

    private void block(Map<String, Tensor> all, String theirs, String block) {
        String attn = block + "attn.";
        String packed = theirs + "self_attn.in_proj_";
        all.put(packed + "weight", Tensor.cat(0, List.of(rows(attn + "W_Q"), rows(attn + "W_K"), rows(attn + "W_V"))));
        all.put(packed + "bias", Tensor.cat(0, List.of(flat(attn + "b_Q"), flat(attn + "b_K"), flat(attn + "b_V"))));
        Tensor output = get(attn + "W_O"); // [head, d_head, d_model]
        all.put(
                theirs + "self_attn.out_proj.weight",
                output.reshape(output.size(0) * output.size(1), output.size(2))
                        .transpose(0, 1)
                        .contiguous());
        all.put(theirs + "self_attn.out_proj.bias", get(attn + "b_O"));
        norm(all, theirs + "self_attn_norm", block + "ln1");
        linear(all, theirs + "ffn.0", block + "mlp.", "in");
        linear(all, theirs + "ffn.2", block + "mlp.", "out");
        norm(all, theirs + "ffn_norm", block + "ln2");
    }

    /** One attention matrix [head, d_model, d_head] as [head * d_head, d_model]. */
    private Tensor rows(String name) {
        Tensor matrix = get(name);
        return matrix.transpose(1, 2).reshape(matrix.size(0) * matrix.size(2), matrix.size(1));
    }

    private Tensor flat(String name) {
        Tensor bias = get(name);
        return bias.reshape(bias.numel());
    }

    private void linear(Map<String, Tensor> all, String theirs, String module, String suffix) {
        all.put(theirs + ".weight", get(module + "W_" + suffix).transpose(0, 1).contiguous());
        all.put(theirs + ".bias", get(module + "b_" + suffix));
    }

    private void norm(Map<String, Tensor> all, String theirs, String name) {
        all.put(theirs + ".weight", get(name + ".w"));
        all.put(theirs + ".bias", get(name + ".b"));
    }

    private Tensor get(String name) {
        return Objects.requireNonNull(ours.get(name), name);
    }

    /** Root of the sum of squares of each, in float64. */
    Map<String, Double> norms() {
        Map<String, Double> norms = new LinkedHashMap<>();
        try (var _ = new Scope()) {
            all().forEach((name, tensor) -> {
                double sum = 0;
                for (double value : tensor.toDoubles()) {
                    sum += value * value;
                }
                norms.put(name, Math.sqrt(sum));
            });
        }
        return norms;
    }
}
