package hooke.check;

import hooke.InputException;
import hooke.Sha256;
import hooke.check.GoldenSet.Tolerance;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.OptimizerConfig;
import hooke.config.Parameter;
import hooke.hook.Hooks;
import hooke.task.Batch;
import hooke.task.FiniteTask;
import hooke.tensor.NoGrad;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import hooke.train.Training;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * The family {@code groktemplate}: the post-LN transformer of the capacity study, PyTorch's own initialisation, warm-up, given batches.
 * A set is one run, or the parameter counts of all architectures.
 */
final class VerifyGrokTemplate {
    private final GoldenSet set;
    private final JsonNode run;
    private final List<Finding> findings = new ArrayList<>();

    private VerifyGrokTemplate(GoldenSet set) {
        this.set = set;
        this.run = set.json("run.json");
    }

    static List<Finding> of(GoldenSet set) {
        if (!set.has("run.json")) {
            return counts(set);
        }
        var verify = new VerifyGrokTemplate(set);
        try (var training = Training.begin(verify.experiment())) {
            verify.initialWeights(training);
            verify.schedule(training);
            verify.forward(training);
            verify.batches()
                    .ifPresentOrElse(
                            batches -> verify.training(training, batches),
                            () -> set.skip(
                                    "losses, gradients and parameters after training",
                                    "neither this set nor one of the same task beside it has batches.safetensors"));
        }
        return verify.findings;
    }

    private Experiment experiment() {
        JsonNode optimizer = run.path("optimizer");
        double fraction = run.path("n_train").asDouble(0) / run.path("n_pairs").asDouble(1);
        return experiment(
                task(run.path("task").asString(""), run.path("p"), run.path("permutations"), fraction),
                run.path("layers"),
                run.path("dim"),
                run.path("heads"),
                run.path("position_table"),
                """
                  engine: %s
                  optimizer: {kind: adamw, lr: %s, weight_decay: %s, betas: [%s, %s], eps: %s}
                  batch: %s
                seeds: {weights: %s}
                """.formatted(
                                set.engine(),
                                optimizer.path("lr"),
                                optimizer.path("weight_decay"),
                                optimizer.path("betas").path(0),
                                optimizer.path("betas").path(1),
                                optimizer.path("eps"),
                                run.path("batch"),
                                run.path("seed")));
    }

    private static String task(String name, JsonNode modulus, JsonNode permutations, double fraction) {
        String operation = switch (name) {
            case "x_plus_y" -> "add";
            case "x_minus_y" -> "subtract";
            case "x_div_y" -> "divide";
            case "permutation" -> "";
            default -> throw new InputException("the golden set's task " + name + " is not known");
        };
        return operation.isEmpty()
                ? "{kind: permutation, elements: %s, format: equation, train_fraction: %s}"
                        .formatted(permutations.path(0).size(), fraction)
                : "{kind: modular-arithmetic, operation: %s, modulus: %s, format: equation, train_fraction: %s}"
                        .formatted(operation, modulus, fraction);
    }

    private static Experiment experiment(
            String task, Object layers, Object width, Object heads, Object positions, String rest) {
        return Experiments.parse("""
                name: golden
                task: %s
                model:
                  n_layers: %s
                  d_model: %s
                  n_heads: %s
                  n_ctx: %s
                  act_fn: gelu
                  norm: {kind: layer-norm, placement: post}
                  init: pytorch
                train:
                  steps: 1000000
                  order: with-replacement
                  schedule: {kind: warmup, steps: 50}
                  threads: 1
                %s""".formatted(task, layers, width, heads, positions, rest), "run.json", List.of());
    }

    private void initialWeights(Training training) {
        set.tolerance("init").ifPresent(t -> {
            var comparison = new Deviation(set.name(), t);
            try (var _ = new Scope()) {
                var weights = names(training, training.model().weights().all());
                if (set.has("init.safetensors")) {
                    comparison.tensors(weights.all(), set.tensors("init.safetensors"));
                }
                weights.all()
                        .forEach((name, tensor) -> comparison.sameText(
                                name + " by its SHA-256",
                                sha256(tensor),
                                run.path("init_sha256").path(name).asString("")));
            }
            findings.addAll(comparison.findings());
        });
    }

    private static GrokTemplateNames names(Training training, Map<String, Tensor> ours) {
        return new GrokTemplateNames(training.experiment().model(), ours);
    }

    private static String sha256(Tensor tensor) {
        double[] values = tensor.toDoubles();
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            bytes.putFloat((float) value);
        }
        return Sha256.of(bytes.array());
    }

    private void schedule(Training training) {
        var optimizer = (OptimizerConfig.AdamW) training.experiment().train().optimizer();
        var comparison = new Deviation(set.name(), Tolerance.absolute("lr", 1e-12));
        JsonNode rates = run.path("lr");
        for (int step = 0; step < rates.size(); step++) {
            double factor = training.experiment().train().rateFactor(step);
            comparison.number(
                    "lr[" + step + "]",
                    optimizer.lr() * factor,
                    rates.path(step).asDouble(Double.NaN));
        }
        findings.addAll(comparison.findings());
    }

    private void forward(Training training) {
        if (!set.has("forward.safetensors")) {
            set.skip("forward", "this set has no forward.safetensors");
            return;
        }
        set.tolerance("forward").ifPresent(t -> {
            var comparison = new Deviation(set.name(), t);
            try (var _ = new Scope();
                    var _ = new NoGrad()) {
                var recorded = set.tensors("forward.safetensors");
                Tensor logits = lastLogits(training, Recorded.examples(recorded, "tokens"));
                comparison.tensors(
                        Map.of("logits_last_position", logits),
                        Map.of("logits_last_position", recorded.get("logits_last_position")));
            }
            findings.addAll(comparison.findings());
        });
    }

    /** Logits at the last position, [batch, d_vocab_out]. */
    private static Tensor lastLogits(Training training, int[][] tokens) {
        return training.model().forward(tokens, Hooks.NONE).select(1, tokens[0].length - 1);
    }

    /**
     * The batches that were trained on. A light set names none: they are those of a full set of the same task beside it.
     *
     * @param tokens [step * batch][pos]
     */
    private record Drawn(int[][] tokens, long[] labels, int[][] testTokens, int[] testLabels) {
        static Drawn of(Map<String, RawTensor> recorded) {
            return new Drawn(
                    Recorded.examples(recorded, "tokens"),
                    Comparisons.longs(recorded, "labels"),
                    Recorded.examples(recorded, "val_tokens"),
                    Arrays.stream(Comparisons.longs(recorded, "val_labels"))
                            .mapToInt(Math::toIntExact)
                            .toArray());
        }
    }

    private Optional<Drawn> batches() {
        return set.holding(
                        "batches.safetensors",
                        other -> other.json("run.json").path("task").equals(run.path("task"))
                                && other.json("run.json").path("n_pairs").equals(run.path("n_pairs")))
                .map(Drawn::of);
    }

    private void training(Training training, Drawn drawn) {
        Tolerance tolerance = set.tolerance("losses")
                .orElseThrow(() -> new InputException(set.name() + ": golden.json has no tolerance losses"));
        var losses = new Deviation(set.name(), tolerance);
        var answers = new Deviation(set.name(), Tolerance.absolute("labels", 0));
        Map<List<Integer>, Integer> numbers =
                numbers(FiniteTask.of(training.experiment().task()));
        int steps = run.path("loss").size();
        int size = drawn.tokens().length / steps;
        for (int step = 0; step < steps; step++) {
            int[] batch = new int[size];
            for (int i = 0; i < size; i++) {
                int row = step * size + i;
                batch[i] = numbers.getOrDefault(
                        Arrays.stream(drawn.tokens()[row]).boxed().toList(), -1);
                if (batch[i] < 0) {
                    throw new InputException(set.name() + ": tokens " + Arrays.toString(drawn.tokens()[row])
                            + " are no example of the task " + run.path("task").asString(""));
                }
                answers.number(
                        "labels[" + row + "]",
                        FiniteTask.of(training.experiment().task()).answers(batch[i])[0],
                        drawn.labels()[row]);
            }
            losses.number(
                    "loss[" + step + "]",
                    training.advance(new Batch.Examples(batch)).loss(),
                    run.path("loss").path(step).asDouble(Double.NaN));
            if (step == 0) {
                gradients(training);
            }
            testLoss(training, drawn, step + 1, losses);
        }
        findings.addAll(answers.findings());
        findings.addAll(losses.findings());
        parametersAfter(training);
    }

    /** Every example's number by its tokens. */
    private static Map<List<Integer>, Integer> numbers(FiniteTask task) {
        Map<List<Integer>, Integer> numbers = new HashMap<>();
        for (int example = 0; example < task.size(); example++) {
            numbers.put(Arrays.stream(task.tokens(example)).boxed().toList(), example);
        }
        return numbers;
    }

    private void testLoss(Training training, Drawn drawn, int step, Deviation losses) {
        for (int i = 0; i < run.path("val_at").size(); i++) {
            if (run.path("val_at").path(i).asInt(-1) == step) {
                try (var _ = new Scope();
                        var _ = new NoGrad()) {
                    Tensor classes = Tensor.of(drawn.testLabels(), drawn.testLabels().length);
                    losses.number(
                            "val_loss[" + i + "]",
                            lastLogits(training, drawn.testTokens())
                                    .crossEntropy(classes)
                                    .item(),
                            run.path("val_loss").path(i).asDouble(Double.NaN));
                }
            }
        }
    }

    private void gradients(Training training) {
        set.tolerance("grads_step0").ifPresent(t -> {
            var comparison = new Deviation(set.name(), t);
            try (var _ = new Scope()) {
                var gradients = names(training, Recorded.gradients(training));
                if (set.has("grads_step0.safetensors")) {
                    comparison.tensors(gradients.all(), set.tensors("grads_step0.safetensors"));
                }
                norms(comparison, gradients, "grad_norms_step0");
            }
            findings.addAll(comparison.findings());
        });
    }

    private void parametersAfter(Training training) {
        set.tolerance("params_after_\\d+").ifPresent(t -> {
            var comparison = new Deviation(set.name(), t);
            try (var _ = new Scope()) {
                var weights = names(training, training.model().weights().all());
                String file = "after_" + training.step() + ".safetensors";
                if (set.has(file)) {
                    comparison.tensors(weights.all(), set.tensors(file));
                }
                norms(comparison, weights, "param_norms_after");
            }
            findings.addAll(comparison.findings());
        });
    }

    private void norms(Deviation comparison, GrokTemplateNames ours, String key) {
        ours.norms()
                .forEach((name, norm) -> comparison.number(
                        key + " " + name, norm, run.path(key).path(name).asDouble(Double.NaN)));
    }

    /** Every architecture's number of parameters, for both vocabularies. */
    private static List<Finding> counts(GoldenSet set) {
        var comparison = new Deviation(set.name(), Tolerance.absolute("parameter_counts", 0));
        JsonNode recorded = set.json("parameter_counts.json");
        var tasks = Map.of(
                "mod_p",
                "{kind: modular-arithmetic, operation: add, modulus: %s, format: equation}"
                        .formatted(recorded.path("p")),
                "permutation",
                "{kind: permutation, elements: %s, format: equation}".formatted(recorded.path("k")));
        for (JsonNode row : recorded.path("counts")) {
            tasks.forEach((key, task) -> {
                var model = experiment(task, row.path("layers"), row.path("dim"), row.path("heads"), 5, "  batch: 8\n")
                        .model();
                comparison.number(
                        row + " " + key,
                        Parameter.count(Parameter.of(model), false),
                        row.path(key).asDouble(Double.NaN));
            });
        }
        return comparison.findings();
    }
}
