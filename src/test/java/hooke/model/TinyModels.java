package hooke.model;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/** Small configurations that between them use every part of the model. */
final class TinyModels {
    private TinyModels() {}

    static Stream<ModelConfig> all() {
        return Stream.of(
                        "{n_layers: 1, d_model: 8, n_heads: 2, d_mlp: 16, biases: frozen}",
                        "{n_layers: 2, d_model: 6, n_heads: 3, d_mlp: 5, act_fn: gelu, norm: layer-norm}",
                        "{n_layers: 3, d_model: 4, n_heads: 1, attn_only: true, mask: bottleneck, identity: [W_V, W_O],"
                                + " biases: frozen}",
                        "{n_layers: 2, d_model: 8, n_heads: 2, d_head: 3, attn_only: true, mask: bottleneck, norm:"
                                + " layer-norm, identity: [W_V, W_O]}",
                        "{n_layers: 2, d_model: 4, n_heads: 2, d_mlp: 8, mask: full, frozen: [W_E, blocks.1.attn.W_Q]}",
                        "{n_layers: 2, d_model: 4, n_heads: 2, d_mlp: 8, mask: {kind: local, window: 2}}",
                        "{n_layers: 2, d_model: 6, n_heads: 2, d_mlp: 8, act_fn: gelu, n_ctx: 7, norm: {kind: layer-norm,"
                                + " placement: post}, init: pytorch}",
                        "{n_layers: 2, d_model: 6, n_heads: 3, attn_only: true, tied_embeddings: true, norm: {kind:"
                                + " layer-norm, placement: post}}",
                        "{n_layers: 2, d_model: 6, n_heads: 2, d_mlp: 8, norm: {kind: layer-norm, bias: false}}",
                        "{n_layers: 1, d_model: 6, n_heads: 2, d_mlp: 8, norm: {kind: layer-norm, placement: post, bias: false}}",
                        "{n_layers: 2, d_model: 6, n_heads: 2, d_head: 4, d_mlp: 8, act_fn: silu, gated_mlp: true, positions:"
                                + " rotary, norm: rms-norm, without_biases: [attention, mlp, unembed]}",
                        "{n_layers: 2, d_model: 6, n_heads: 2, d_head: 5, d_mlp: 8, act_fn: gelu-new, positions: {kind:"
                                + " rotary, dims: 2, base: 3, pairs: halves}, norm: {kind: rms-norm, placement: post},"
                                + " without_biases: [unembed], init: xtransformers}",
                        "{n_layers: 1, d_model: 6, n_heads: 2, d_mlp: 8, act_fn: gelu, gated_mlp: true, mask: full,"
                                + " without_biases: [attention], init: pytorch}",
                        "{n_layers: 2, d_model: 6, n_heads: 2, d_mlp: 8, mask: {kind: layers, masks: [{kind: strided-half,"
                                + " stride: 2}, causal]}, init: xavier}",
                        "{n_layers: 1, d_model: 6, n_heads: 3, d_mlp: 8, mask: {kind: heads, masks: [full, {kind: fixed,"
                                + " local_context: 2}]}, attention: {kind: top-k, k: 2}, init: kaiming}",
                        "{n_layers: 2, d_model: 6, n_heads: 2, attn_only: true, attention: {kind: sparsek, k: 2}}",
                        "{n_layers: 5, d_model: 8, widths: [8, 4, 2, 4, 8], n_heads: 2, d_mlp: 4, norm: layer-norm}",
                        "{n_layers: 4, d_model: 8, widths: [8, 4, 4, 8], n_heads: 2, d_mlp: 6, mask: bottleneck, positions:"
                                + " {kind: rotary, dims: 4}, norm: {kind: rms-norm, placement: post}, tied_embeddings: true, init: normal}")
                .map(TinyModels::model);
    }

    /** A model of the list-copy task with two digits out of five: five positions. */
    static ModelConfig model(String yaml) {
        return listCopy(yaml).model();
    }

    static Experiment listCopy(String model) {
        return Experiments.parse("""
                name: tiny
                task: {kind: list-copy, list_length: 2, n_digits: 5, train_fraction: 0.6}
                model: %s
                train: {steps: 10, batch: 4, threads: 1, engine: torch}
                """.formatted(model), "test", List.of());
    }

    /** Weights drawn wide enough that no activation stays near zero, biases included. */
    static Weights weights(ModelConfig config, DType dtype) {
        try (var rng = Rng.seeded(1)) {
            Weights weights = Weights.draw(config, dtype, Device.CPU, rng);
            weights.all().forEach((name, weight) -> {
                try (var _ = new Scope()) {
                    boolean fixed = weights.bias(name) == null
                            || config.identity().stream().anyMatch(i -> name.endsWith(i.name()));
                    if (!fixed) {
                        Tensor drawn = Tensor.zeros(DType.F32, weight.shape());
                        rng.normal(drawn, name.endsWith(".w") ? 1 : 0, 0.5);
                        weight.copyInPlace(drawn);
                    }
                }
            });
            return weights;
        }
    }

    static final int[][] EXAMPLES = {{1, 2, 5, 5, 5}, {0, 3, 5, 5, 5}, {4, 4, 5, 5, 5}, {2, 1, 5, 5, 5}};
}
