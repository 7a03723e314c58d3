package hooke.check;

import hooke.InputException;
import hooke.check.GoldenSet.Tolerance;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.Score;
import hooke.lens.attention.MeanAttention;
import hooke.lens.intervene.Intervened;
import hooke.lens.intervene.Intervention;
import hooke.lens.intervene.Intervention.Through;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.FiniteTask;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import hooke.train.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** The family {@code listcopy}: list copy through a bottleneck, mini-batches replayed, loss in float32. */
final class VerifyListCopy {
    private final GoldenSet set;
    private final JsonNode run;
    private final List<Finding> findings = new ArrayList<>();

    private VerifyListCopy(GoldenSet set) {
        this.set = set;
        this.run = set.json("run.json");
    }

    static List<Finding> of(GoldenSet set) {
        var verify = new VerifyListCopy(set);
        try (var training = Training.begin(verify.experiment())) {
            verify.beginning(training);
            set.tolerance("cache.*")
                    .ifPresent(t -> verify.findings.addAll(
                            Recorded.activations(training, set, "cache.safetensors", "final.safetensors", t)));
            set.tolerance("attention_study.*").ifPresent(t -> verify.attentionStudy(t, training));
            verify.training(training);
        }
        return verify.findings;
    }

    private Experiment experiment() {
        JsonNode config = run.path("config");
        JsonNode spec = run.path("spec");
        int heads = config.path("n_heads").asInt(1);
        int width = spec.path("d").asInt(0);
        List<String> identity = new ArrayList<>();
        if (spec.path("fwv").asBoolean(false)) {
            identity.add("W_V");
        }
        if (spec.path("fwo").asBoolean(false)) {
            identity.add("W_O");
        }
        int examples = config.path("n_train").asInt(0) + config.path("n_val").asInt(0);
        String yaml = """
                name: golden
                seeds: {notebook: %s}
                task: {kind: list-copy, list_length: 2, n_digits: %s, train_fraction: %s}
                model:
                  n_layers: %s
                  d_model: %s
                  n_heads: %s
                  d_head: %s
                  attn_only: true
                  mask: bottleneck
                  norm: %s
                  biases: %s
                  identity: %s
                train:
                  steps: 1000000
                  batch: %s
                  order: replay
                  threads: 1
                  engine: %s
                  optimizer: {kind: adamw, lr: %s, weight_decay: %s, betas: [%s, %s], eps: %s}
                """.formatted(
                        notebookSeed(),
                        config.path("digits"),
                        (double) config.path("n_train").asInt(0) / examples,
                        spec.path("layers"),
                        width,
                        heads,
                        width / heads,
                        spec.path("ln").asBoolean(false) ? "layer-norm" : "none",
                        spec.path("bias").asBoolean(false) ? "trained" : "frozen",
                        identity,
                        config.path("batch"),
                        set.engine(),
                        config.path("lr"),
                        config.path("weight_decay"),
                        config.path("betas").path(0),
                        config.path("betas").path(1),
                        config.path("eps"));
        return Experiments.parse(yaml, "run.json", List.of());
    }

    private JsonNode notebookSeed() {
        for (JsonNode draw : run.path("rng_draws")) {
            if (draw.path(0).asString("").equals("torch.manual_seed")) {
                return draw.path(1);
            }
        }
        throw new InputException(set.name() + ": run.json names no torch.manual_seed among its rng_draws");
    }

    private void beginning(Training training) {
        set.tolerance("init").ifPresent(t -> {
            var comparison = new Deviation(set.name(), t);
            comparison.tensors(training.model().weights().all(), set.tensors("init.safetensors"));
            findings.addAll(comparison.findings());
        });
        set.tolerance("data").ifPresent(t -> {
            var comparison = new Deviation(set.name(), t);
            try (var _ = new Scope()) {
                var recorded = set.tensors("data.safetensors");
                int[] train = training.split().train();
                int[] all = IntStream.concat(
                                IntStream.of(train),
                                IntStream.of(training.split().test()))
                        .toArray();
                Comparisons.indices(comparison, "perm", all, recorded);
                // Recorded batches number the training examples; ours are examples.
                long[] rows = Comparisons.longs(recorded, "batches");
                int size = training.batch().size();
                for (int i = 0; i < rows.length; i++) {
                    comparison.number(
                            "batches[" + i + "]",
                            training.data().batch(i / size).numbers()[i % size],
                            train[(int) rows[i]]);
                }
            }
            findings.addAll(comparison.findings());
        });
    }

    /** The key biases are left out in the end: their true gradient is 0, and Adam makes whole steps of what rounding leaves of it. */
    private void training(Training training) {
        Tolerance losses = set.tolerance("losses_(\\d+)_(\\d+)")
                .orElseThrow(() -> new InputException(set.name() + ": golden.json has no tolerance losses_1_N"));
        var curve = new Deviation(set.name(), losses);
        int steps = run.path("losses").size();
        for (int step = 0; step < steps; step++) {
            curve.number(
                    "losses[" + step + "]",
                    training.advance().loss(),
                    run.path("losses").path(step).asDouble(Double.NaN));
            if (step == 0) {
                set.tolerance("grads_step0").ifPresent(t -> {
                    var comparison = new Deviation(set.name(), t);
                    try (var _ = new Scope()) {
                        comparison.tensors(Recorded.gradients(training), set.tensors("grads_step0.safetensors"));
                    }
                    findings.addAll(comparison.findings());
                });
            }
        }
        findings.addAll(curve.findings());
        set.tolerance("params_\\d+.*").ifPresent(t -> {
            var comparison = new Deviation(set.name(), t);
            var gradients = set.tensors("grads_step0.safetensors");
            set.tensors("final.safetensors").forEach((name, raw) -> {
                if (!name.endsWith("b_K")) {
                    comparison.tensor(
                            name, training.model().weights().get(name), raw, gradients.getOrDefault(name, raw));
                }
            });
            findings.addAll(comparison.findings());
        });
    }

    /** What the notebook finds out about attention, from the recorded weights. */
    private void attentionStudy(Tolerance tolerance, Training training) {
        JsonNode study = run.path("attention_study_after_steps");
        var comparison = new Deviation(set.name(), tolerance);
        try (var _ = new Scope()) {
            Experiment experiment = training.experiment();
            var model = new Transformer(
                    Weights.of(experiment.model(), DType.F32, Device.CPU, set.tensors("final.safetensors")));
            var opened = new OpenedModel(
                    experiment, run.path("losses").size(), FiniteTask.of(experiment.task()), training.split(), model);
            Examples validation = Examples.test(opened);
            comparison.number("n", validation.n(), study.path("n").asInt(-1));
            comparison.number(
                    "validation_accuracy",
                    Score.of(opened, validation).accuracy(),
                    study.path("validation_accuracy").asDouble(Double.NaN));
            List<MeanAttention.Head> heads =
                    MeanAttention.of(opened, validation, new int[] {3, 4}, new int[] {0, 1}).heads().stream()
                            .filter(head -> head.head() == 0)
                            .toList();
            for (MeanAttention.Head head : heads) {
                String layer = "[" + head.layer() + "]";
                comparison.number(
                        "max_leak_per_layer" + layer,
                        head.leak(),
                        study.path("max_leak_per_layer").path(head.layer()).asDouble(Double.NaN));
                comparison.number(
                        "all_patterns_identical" + layer,
                        head.identical() ? 1 : 0,
                        study.path("all_patterns_identical").path(head.layer()).asBoolean(true) ? 1 : 0);
                for (int i = 0; i < 25; i++) {
                    comparison.number(
                            "mean_pattern" + layer + "[" + i / 5 + "][" + i % 5 + "]",
                            head.mean()[i / 5][i % 5],
                            study.path("mean_pattern")
                                    .path(head.layer())
                                    .path(i / 5)
                                    .path(i % 5)
                                    .asDouble(Double.NaN));
                }
                String key = "accuracy_mean_attention_layer_" + head.layer();
                double alone = accuracy(opened, validation, List.of(head), Through.SCORES);
                comparison.number(key, alone, study.path(key).asDouble(Double.NaN));
            }
            for (Through through : Through.values()) {
                String key = "accuracy_mean_attention_" + (through == Through.SCORES ? "all_layers" : "at_pattern");
                double all = accuracy(opened, validation, heads, through);
                comparison.number(key, all, study.path(key).asDouble(Double.NaN));
            }
        }
        findings.addAll(comparison.findings());
    }

    /** With all heads of these heads' layers attending as these do on average: where a layer has several, the notebook reads the first. */
    private static double accuracy(
            OpenedModel opened, Examples examples, List<MeanAttention.Head> first, Through through) {
        if (opened.model().config().nHeads() == 1) {
            List<Integer> layers = first.stream().map(MeanAttention.Head::layer).toList();
            return Intervened.of(opened, List.of(new Intervention.MeanPattern(layers, through)), examples)
                    .score(examples)
                    .accuracy();
        }
        Score.Way way = (_, _) -> {
            Hooks hooks = Hooks.NONE;
            for (MeanAttention.Head head : first) {
                double[] mean = Arrays.stream(head.mean())
                        .flatMapToDouble(Arrays::stream)
                        .toArray();
                HookPoint at = (through == Through.SCORES ? Point.SCORES : Point.PATTERN).at(head.layer());
                hooks = hooks.replace(at, x -> {
                    Tensor pattern = Tensor.of(mean, head.mean().length, head.mean().length);
                    return (through == Through.SCORES ? pattern.plus(1e-12).log() : pattern)
                            .to(x.dtype())
                            .expand(x.shape());
                });
            }
            return hooks;
        };
        return Score.of(opened, examples, way).accuracy();
    }
}
