package hooke.lens;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.FiniteTask;
import hooke.task.Split;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.List;
import java.util.stream.Stream;

/** Small models of list copy to look into, their weights drawn wide enough that nothing in them is near zero. */
public final class TinyLens {
    private TinyLens() {}

    public static final String TWO_HEADS = "{n_layers: 2, d_model: 8, n_heads: 2, attn_only: true, mask: bottleneck}";
    public static final String WITH_MLP = "{n_layers: 2, d_model: 8, n_heads: 2, d_mlp: 12, norm: layer-norm}";
    public static final String POST =
            "{n_layers: 2, d_model: 6, n_heads: 2, d_mlp: 8, norm: {kind: layer-norm, placement: post}}";

    /** Models without norm and with pre-LN, with MLPs and without, with frozen identities and tied embeddings. */
    static Stream<String> models() {
        return Stream.of(
                TWO_HEADS,
                WITH_MLP,
                "{n_layers: 1, d_model: 8, n_heads: 4, d_mlp: 8, biases: frozen}",
                "{n_layers: 3, d_model: 6, n_heads: 1, attn_only: true, mask: bottleneck, identity: [W_V, W_O], norm:"
                        + " layer-norm}",
                "{n_layers: 2, d_model: 8, n_heads: 2, d_head: 3, attn_only: true, identity: [W_V], biases: frozen}",
                "{n_layers: 2, d_model: 6, n_heads: 3, attn_only: true, tied_embeddings: true, norm: layer-norm}",
                "{n_layers: 2, d_model: 6, n_heads: 3, d_mlp: 8, norm: {kind: layer-norm, bias: false}}");
    }

    public static OpenedModel open(String model) {
        return open(model, DType.F32);
    }

    /** In F64 for what is compared with differences. */
    public static OpenedModel open(String model, DType dtype) {
        Experiment experiment = Experiments.parse("""
            name: tiny
            task: {kind: list-copy, list_length: 2, n_digits: 5, train_fraction: 0.6}
            model: %s
            train: {steps: 10, batch: 4, threads: 1, engine: torch}
            """.formatted(model), "test", List.of());
        return new OpenedModel(
                experiment,
                0,
                FiniteTask.of(experiment.task()),
                Split.of(experiment),
                new Transformer(weights(experiment, dtype)));
    }

    private static Weights weights(Experiment experiment, DType dtype) {
        var config = experiment.model();
        boolean biases = config.biases() == hooke.config.ModelConfig.Biases.TRAINED;
        try (var rng = Rng.seeded(1)) {
            Weights weights = Weights.draw(config, dtype, Device.CPU, rng);
            weights.all().forEach((name, weight) -> {
                boolean norm = name.contains("ln");
                boolean fixed = name.contains(".b_") && !biases
                        || config.identity().stream().anyMatch(i -> name.endsWith(i.name()));
                try (var _ = new Scope()) {
                    if (norm || !fixed) {
                        Tensor drawn = Tensor.zeros(DType.F32, weight.shape());
                        rng.normal(drawn, name.endsWith(".w") ? 1 : 0, 0.5);
                        weight.copyInPlace(drawn);
                    }
                }
            });
            return weights;
        }
    }
}
