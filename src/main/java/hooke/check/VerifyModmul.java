package hooke.check;

import hooke.InputException;
import hooke.check.GoldenSet.Tolerance;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.task.EvaluationSet;
import hooke.tensor.Scope;
import hooke.train.Measure;
import hooke.train.Training;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The family {@code modmul}: modular arithmetic on a HookedTransformer, full batch, loss in float64. */
final class VerifyModmul {
    private final GoldenSet set;
    private final JsonNode run;
    private final List<Finding> findings = new ArrayList<>();

    private VerifyModmul(GoldenSet set) {
        this.set = set;
        this.run = set.json("run.json");
    }

    static List<Finding> of(GoldenSet set) {
        var verify = new VerifyModmul(set);
        try (var training = Training.begin(verify.experiment(verify.run.path("config"), "q-o-k-v"))) {
            verify.beginning(training);
            verify.activations(training);
            verify.training(training);
        }
        if (set.has("demo_addition.json")) {
            verify.demo();
        }
        return verify.findings;
    }

    /** The recorded configuration as an experiment of ours. */
    private Experiment experiment(JsonNode config, String order) {
        JsonNode model = config.path("hooked_transformer_config");
        String yaml = """
                name: golden
                seeds: {split: %s, weights: %s}
                task: {kind: modular-arithmetic, operation: %s, modulus: %s, train_fraction: %s}
                model:
                  n_layers: %s
                  d_model: %s
                  n_heads: %s
                  d_head: %s
                  d_mlp: %s
                  act_fn: %s
                  norm: %s
                  biases: frozen
                  init: {kind: gpt2, order: %s}
                train:
                  steps: 1000000
                  batch: full
                  loss_dtype: float64
                  threads: 1
                  engine: %s
                  optimizer: {kind: adamw, lr: %s, weight_decay: %s, betas: [%s, %s], eps: %s}
                """.formatted(
                        config.path("data_seed"),
                        config.path("model_seed"),
                        config.path("op").asString("").equals("mul") ? "multiply" : "add",
                        config.path("p"),
                        config.path("frac"),
                        model.path("n_layers"),
                        model.path("d_model"),
                        model.path("n_heads"),
                        model.path("d_head"),
                        model.path("d_mlp"),
                        model.path("act_fn").asString("").replace('_', '-'),
                        model.path("normalization_type").asString("").equals("LN") ? "layer-norm" : "none",
                        order,
                        set.engine(),
                        config.path("lr"),
                        config.path("weight_decay"),
                        config.path("betas").path(0),
                        config.path("betas").path(1),
                        config.path("eps"));
        return Experiments.parse(yaml, "run.json", List.of());
    }

    private void beginning(Training training) {
        Optional<Tolerance> init = set.tolerance("init");
        if (init.isPresent()) {
            var comparison = new Deviation(set.name(), init.get());
            comparison.tensors(training.model().weights().all(), Recorded.parameters(set.tensors("init.safetensors")));
            findings.addAll(comparison.findings());
        }
        Optional<Tolerance> split = set.tolerance("split");
        if (split.isPresent()) {
            var comparison = new Deviation(set.name(), split.get());
            try (var _ = new Scope()) {
                var recorded = set.tensors("split.safetensors");
                Comparisons.indices(
                        comparison, "train_indices", training.split().train(), recorded);
                Comparisons.indices(comparison, "test_indices", training.split().test(), recorded);
            }
            findings.addAll(comparison.findings());
        }
    }

    private void activations(Training training) {
        set.tolerance("cache_init")
                .ifPresent(t -> findings.addAll(
                        Recorded.activations(training, set, "cache_init.safetensors", "init.safetensors", t)));
        set.tolerance("cache_final.*")
                .ifPresent(t -> findings.addAll(
                        Recorded.activations(training, set, "cache_final.safetensors", "final.safetensors", t)));
    }

    /** Trains as far as the recording goes. */
    private void training(Training training) {
        List<Measure> train = new ArrayList<>();
        List<Measure> test = new ArrayList<>();
        Optional<Tolerance> parameters = set.tolerance("params_epoch(\\d+)");
        int epochs = run.path("train_losses").size() - 1;
        for (int epoch = 0; epoch <= epochs; epoch++) {
            int now = epoch;
            parameters.filter(t -> t.from() == now).ifPresent(t -> {
                var comparison = new Deviation(set.name(), t);
                comparison.tensors(training.model().weights().all(), set.tensors("epoch" + now + ".safetensors"));
                findings.addAll(comparison.findings());
            });
            train.add(training.evaluate(EvaluationSet.TRAIN));
            test.add(training.evaluate(EvaluationSet.TEST));
            if (epoch < epochs) {
                training.advance();
            }
            if (epoch == 0) {
                set.tolerance("grads_epoch0").ifPresent(t -> {
                    var comparison = new Deviation(set.name(), t);
                    try (var _ = new Scope()) {
                        comparison.tensors(Recorded.gradients(training), set.tensors("grads_epoch0.safetensors"));
                    }
                    findings.addAll(comparison.findings());
                });
            }
        }
        for (String pattern : List.of("losses_(\\d+)_(\\d+)", "accs_(\\d+)_(\\d+)")) {
            for (Tolerance tolerance : set.tolerances(pattern)) {
                boolean losses = tolerance.key().startsWith("losses");
                var comparison = new Deviation(set.name(), tolerance);
                for (int e : IntStream.rangeClosed(tolerance.from(), Math.min(tolerance.to(), epochs))
                        .toArray()) {
                    curve(comparison, losses ? "train_losses" : "train_accs", e, train.get(e), losses);
                    curve(comparison, losses ? "test_losses" : "test_accs", e, test.get(e), losses);
                }
                findings.addAll(comparison.findings());
            }
        }
    }

    private void curve(Deviation comparison, String series, int epoch, Measure ours, boolean losses) {
        comparison.number(
                series + "[" + epoch + "]",
                losses ? ours.loss() : ours.accuracy(),
                run.path(series).path(epoch).asDouble(Double.NaN));
    }

    /** TransformerLens' own demo: addition, the attention matrices drawn in its old and its new order; losses at the start. */
    private void demo() {
        Tolerance early = set.tolerance("losses_0_(\\d+)")
                .orElseThrow(() -> new InputException(
                        set.name() + ": golden.json has no tolerance losses_0_N, which demo_addition.json needs"));
        var comparison = new Deviation(set.name(), early.named("demo_addition, initial"));
        var config = ((ObjectNode) run.path("config").deepCopy()).put("op", "add");
        for (var order : set.json("demo_addition.json").path("orders").properties()) {
            String name = order.getKey().startsWith("old") ? "q-k-v-o" : "q-o-k-v";
            try (var training = Training.begin(experiment(config, name))) {
                JsonNode initial = order.getValue().path("initial");
                comparison.number(
                        name + " train",
                        training.evaluate(EvaluationSet.TRAIN).loss(),
                        initial.path(0).asDouble(Double.NaN));
                comparison.number(
                        name + " test",
                        training.evaluate(EvaluationSet.TEST).loss(),
                        initial.path(1).asDouble(Double.NaN));
            }
        }
        findings.addAll(comparison.findings());
    }
}
