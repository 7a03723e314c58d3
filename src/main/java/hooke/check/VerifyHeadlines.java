package hooke.check;

import hooke.InputException;
import hooke.check.GoldenSet.Tolerance;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.fused.context.ContextModel;
import hooke.fused.kernels.Kernel;
import hooke.hook.Hooks;
import hooke.task.Batch;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import hooke.train.Training;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** The family {@code headlines/gpt}: a small GPT on titles, its gradients, its trainings by several optimizers, and honest evaluation. */
final class VerifyHeadlines {
    private static final int[] NO_TOKENS = {};

    private final GoldenSet set;
    private final JsonNode run;
    private final int context;
    private final int batch;
    private final List<Finding> findings = new ArrayList<>();

    private VerifyHeadlines(GoldenSet set) {
        this.set = set;
        this.run = set.json("run.json");
        this.context = run.path("config").path("ctx").asInt();
        this.batch = run.path("config").path("batch").asInt();
    }

    static List<Finding> of(GoldenSet set) {
        var verify = new VerifyHeadlines(set);
        set.tolerance("grads").ifPresent(verify::gradients);
        set.tolerance("losses").ifPresent(verify::losses);
        return verify.findings;
    }

    private Experiment experiment(int steps, String optimizer, String schedule) {
        JsonNode config = run.path("config");
        return Experiments.parse(
                """
                name: golden
                task: {kind: own, name: recorded, d_vocab: %1$s, d_vocab_out: %1$s, n_ctx: %2$s}
                model:
                  n_layers: %3$s
                  d_model: %4$s
                  n_heads: %5$s
                  d_head: %6$s
                  act_fn: gelu
                  norm: layer-norm
                  tied_embeddings: true
                  without_biases: [unembed]
                  init: xavier
                train:
                  steps: %7$s
                  batch: 1
                  threads: 1
                  engine: %8$s
                  clip_norm: 1.0
                  optimizer: %9$s
                  schedule: %10$s
                """.formatted(
                                config.path("vocab"),
                                context,
                                config.path("layers"),
                                config.path("d"),
                                config.path("heads"),
                                headWidth(config),
                                steps,
                                set.engine(),
                                optimizer,
                                schedule),
                "run.json",
                List.of());
    }

    /** Without a bottleneck, written as one of width 0, heads share the whole width. */
    private static int headWidth(JsonNode config) {
        int bottleneck = config.path("head_dim").asInt(0);
        return bottleneck > 0
                ? bottleneck
                : config.path("d").asInt(0) / config.path("heads").asInt(1);
    }

    private Experiment recorded() {
        return experiment(run.path("losses").size(), "{kind: adagrad, lr: 0.007}", "cosine");
    }

    private SequencedMap<String, RawTensor> weights(ModelConfig model, String file) {
        return new HeadlinesNames(model, set.tensors(file)).all();
    }

    private Training begin(Experiment experiment, List<Batch.Sequences> batches) {
        var task = new RecordedSequences(experiment.model().dVocab(), context, batches);
        var state = new Training.State(0, weights(experiment.model(), "init.safetensors"), Map.of());
        return Training.resume(experiment, task, state);
    }

    private int[] tokens(String name) {
        return Arrays.stream(Recorded.examples(set.tensors("data.safetensors"), name))
                .flatMapToInt(Arrays::stream)
                .toArray();
    }

    /** So many rows of a stretch of tokens, each row's last token a target alone. */
    private static Batch.Sequences rows(int[] tokens, int first, int rows, int length) {
        int[][] each = IntStream.range(0, rows)
                .mapToObj(row -> Arrays.copyOfRange(tokens, first + row * length, first + (row + 1) * length + 1))
                .toArray(int[][]::new);
        int[][] hidden = new int[rows][];
        Arrays.fill(hidden, NO_TOKENS);
        return RecordedSequences.next(each, hidden);
    }

    private List<Batch.Sequences> batches(int steps) {
        int[] tokens = tokens("ids");
        List<Batch.Sequences> batches = new ArrayList<>();
        int next = 0;
        for (int step = 0; step < steps; step++) {
            if (next + batch * context + 1 >= tokens.length) {
                next = 0;
            }
            batches.add(rows(tokens, next, batch, context));
            next += batch * context;
        }
        return batches;
    }

    private void gradients(Tolerance tolerance) {
        var comparison = new Deviation(set.name(), tolerance);
        try (var training = begin(recorded(), batches(1));
                var _ = new Scope()) {
            training.differentiate(batches(1).getFirst());
            comparison.tensors(
                    Recorded.gradients(training), weights(training.experiment().model(), "grads_step0.safetensors"));
        }
        findings.addAll(comparison.findings());
    }

    private void losses(Tolerance tolerance) {
        var comparison = new Deviation(set.name(), tolerance);
        parameters(comparison);
        int steps = run.path("losses").size();
        try (var training = begin(recorded(), batches(steps))) {
            try (var _ = new Scope()) {
                int[][] first = batches(1).getFirst().range(0, 1).tokens();
                RawTensor theirs = set.tensors("data.safetensors").get("logits_step0_row0");
                if (theirs == null) {
                    throw new InputException(set.name() + " lacks the tensor logits_step0_row0");
                }
                comparison.tensor(
                        "logits_step0_row0",
                        switch (training.experiment().train().engine()) {
                            case TORCH -> training.model().forward(first, Hooks.NONE);
                            case FUSED -> fused(training.experiment(), first, theirs);
                            case AUTO -> throw new IllegalStateException("the engine is asked for by its name");
                        },
                        theirs);
            }
            evaluation(comparison, training, "evaluate_init");
            for (int step = 0; step < steps; step++) {
                comparison.number("losses[" + step + "]", training.advance().loss(), number(run, "losses", step));
            }
            evaluation(comparison, training, "evaluate_after");
            set.tolerance("params_after_(\\d+).*").ifPresent(t -> after(t, training));
        }
        run.path("other_optimizers_10_steps")
                .properties()
                .forEach(other -> other(comparison, other.getKey(), other.getValue()));
        findings.addAll(comparison.findings());
    }

    /** Logits as the fused engine has them, which tells losses: one for each class, of logits that may all be shifted as the recorded are. */
    private Tensor fused(Experiment experiment, int[][] tokens, RawTensor recorded) {
        int classes = experiment.model().dVocabOut();
        double[] theirs = Tensor.of(recorded).toDoubles();
        double[] logits = new double[theirs.length];
        var options = new ContextModel.Options(1, null, false, false, Kernel.best());
        try (var model =
                new ContextModel(experiment.model(), options, weights(experiment.model(), "init.safetensors"))) {
            for (int asked = 0; asked < classes; asked++) {
                int[] targets = new int[tokens[0].length];
                Arrays.fill(targets, asked);
                double[] losses = model.losses(new Batch.Sequences(tokens, new int[][] {targets}));
                for (int row = 0; row < losses.length; row++) {
                    logits[row * classes + asked] = -losses[row];
                }
            }
        }
        for (int row = 0; row < tokens[0].length; row++) {
            double all = Arrays.stream(theirs, row * classes, (row + 1) * classes)
                    .map(Math::exp)
                    .sum();
            for (int i = row * classes; i < (row + 1) * classes; i++) {
                logits[i] += Math.log(all);
            }
        }
        return Tensor.of(logits, tokens[0].length, classes);
    }

    /** Of this size and of the study's own, by the width of its bottleneck. */
    private void parameters(Deviation comparison) {
        comparison.number(
                "parameters",
                Parameter.count(Parameter.of(recorded().model()), false),
                run.path("parameter_count").asLong());
        JsonNode full = run.path("seed_size_config");
        run.path("seed_size_parameter_count").properties().forEach(entry -> {
            int width = Integer.parseInt(entry.getKey().replace("inter", ""));
            String heads = full.path("heads").toString();
            ModelConfig model = Experiments.parse(
                            """
                            task: {kind: own, name: titles, d_vocab: %1$s, d_vocab_out: %1$s, n_ctx: %2$s}
                            model: {n_layers: %3$s, d_model: %4$s, n_heads: %5$s, d_head: %6$s, norm: layer-norm, tied_embeddings: true, without_biases: [unembed]}
                            train: {steps: 1}
                            """.formatted(
                                            full.path("vocab"),
                                            full.path("ctx"),
                                            full.path("layers"),
                                            full.path("d"),
                                            heads,
                                            width / Integer.parseInt(heads)),
                            "run.json",
                            List.of())
                    .model();
            comparison.number(
                    entry.getKey(),
                    Parameter.count(Parameter.of(model), false),
                    entry.getValue().asLong());
        });
    }

    private static double number(JsonNode node, String key, int at) {
        return node.path(key).path(at).asDouble(Double.NaN);
    }

    /** The key biases are left out: their true gradient is 0, and Adagrad makes whole steps of what rounding leaves of it. */
    private void after(Tolerance tolerance, Training training) {
        var weights = new Deviation(set.name(), tolerance);
        weights(training.experiment().model(), "after_" + tolerance.from() + ".safetensors")
                .forEach((name, raw) -> {
                    if (!name.endsWith("b_K")) {
                        weights.tensor(name, training.model().weights().get(name), raw);
                    }
                });
        findings.addAll(weights.findings());
    }

    /** Every token scored once, and the original's way, which drops the tail. */
    private void evaluation(Deviation comparison, Training training, String name) {
        JsonNode recorded = run.path(name);
        int[] tokens = tokens("val_ids");
        double sum = 0;
        for (int first = 0; first < tokens.length - 1; first += context) {
            int length = Math.min(context, tokens.length - 1 - first);
            sum += length * training.evaluate(rows(tokens, first, 1, length)).loss();
        }
        comparison.number(
                name + ".full",
                sum / (tokens.length - 1),
                recorded.path("full").path("nats_per_token").asDouble());
        JsonNode seedWay = recorded.path("seed_way");
        double original = 0;
        int windows = 0;
        for (int first = 0; first + batch * context + 1 <= tokens.length; first += batch * context + 1) {
            original += training.evaluate(rows(tokens, first, batch, context)).loss();
            windows++;
        }
        comparison.number(
                name + ".seed_way",
                original / windows,
                seedWay.path("sum_nats").asDouble()
                        / seedWay.path("scored_tokens").asDouble());
    }

    /** @param name {@code sgd lr 0.1 none} */
    private void other(Deviation comparison, String name, JsonNode recorded) {
        String[] words = name.split(" ");
        String optimizer = switch (words[0]) {
            case "sgd" -> "{kind: sgd, lr: %s}";
            case "sgd_momentum" -> "{kind: sgd, momentum: 0.9, lr: %s}";
            case "adam" -> "{kind: adam, lr: %s}";
            case "adamw" -> "{kind: adamw, weight_decay: 0.1, lr: %s}";
            case "rmsprop" -> "{kind: rmsprop, lr: %s}";
            case "adagrad" -> "{kind: adagrad, lr: %s}";
            default -> throw new InputException("%s trains by %s, which is not known".formatted(set.name(), words[0]));
        };
        int steps = recorded.path("losses").size();
        String schedule = words[3].equals("none") ? "constant" : words[3];
        try (var training = begin(experiment(steps, optimizer.formatted(words[2]), schedule), batches(steps))) {
            for (int step = 0; step < steps; step++) {
                comparison.number(
                        name + ".losses[" + step + "]", training.advance().loss(), number(recorded, "losses", step));
            }
        }
    }
}
