package hooke.lens.weights;

import hooke.Check;
import hooke.config.ModelConfig;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;

/**
 * The circuits of a model's heads, from its weights alone (Elhage et al. 2021): QK says what a head attends to, OV what it moves, and
 * composition scores how much one head reads of what an earlier one wrote. Biases and norms are left out; fold the norms first
 * ({@link ProcessedWeights}).
 */
public record Circuits(Transformer model) {
    /** Which input of the later head reads the earlier one's output. */
    public enum Input {
        Q,
        K,
        V
    }

    private Tensor weight(int layer, int head, String name) {
        ModelConfig config = model.config();
        config.checkOneWidth("a circuit from embedding to unembedding");
        Check.that(
                layer >= 0 && layer < config.nLayers(),
                "layer %s does not exist: layers go from 0 to %s",
                layer,
                config.nLayers() - 1);
        Check.that(
                head >= 0 && head < config.nHeads(),
                "head %s does not exist: heads go from 0 to %s",
                head,
                config.nHeads() - 1);
        return weights().get("blocks." + layer + ".attn." + name).select(0, head);
    }

    private Weights weights() {
        return model.weights();
    }

    /** {@code W_Q W_K^T} [d_model, d_model]: the score of a query's stream (rows) with a key's (columns), times sqrt(d_head). */
    public FactoredMatrix qk(int layer, int head) {
        return FactoredMatrix.of(
                weight(layer, head, "W_Q"), weight(layer, head, "W_K").transpose(0, 1));
    }

    /** {@code W_V W_O} [d_model, d_model]: what a head writes (columns) of what it attends to (rows). */
    public FactoredMatrix ov(int layer, int head) {
        return FactoredMatrix.of(weight(layer, head, "W_V"), weight(layer, head, "W_O"));
    }

    /** {@code W_E W_Q W_K^T W_E^T} [d_vocab, d_vocab]: which token attends to which, times sqrt(d_head). */
    public FactoredMatrix fullQk(int layer, int head) {
        Tensor embedding = weights().get("embed.W_E");
        return qk(layer, head).after(embedding).before(embedding.transpose(0, 1));
    }

    /** {@code W_E W_V W_O W_U} [d_vocab, d_vocab_out]: which logits an attended token raises. */
    public FactoredMatrix fullOv(int layer, int head) {
        return ov(layer, head)
                .after(weights().get("embed.W_E"))
                .before(weights().unembedding());
    }

    /**
     * How much a head reads of an earlier head's output: {@code |OV_1 M| / (|OV_1| |M|)} with M = QK for Q-, its transpose for K-, OV for
     * V-composition. Two random matrices have about {@code 1 / sqrt(d_model)}.
     */
    public double composition(int fromLayer, int fromHead, int toLayer, int toHead, Input input) {
        Check.that(
                fromLayer < toLayer,
                "layer %s reads nothing that layer %s writes: composition goes from an earlier layer to a later one",
                toLayer,
                fromLayer);
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            FactoredMatrix wrote = ov(fromLayer, fromHead);
            FactoredMatrix reads = switch (input) {
                case Q -> qk(toLayer, toHead);
                case K -> qk(toLayer, toHead).transposed();
                case V -> ov(toLayer, toHead);
            };
            double sizes = wrote.norm() * reads.norm();
            return sizes == 0 ? 0 : wrote.times(reads).norm() / sizes;
        }
    }
}
