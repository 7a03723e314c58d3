package hooke.check;

import hooke.InputException;
import hooke.check.GoldenSet.Tolerance;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.fused.decode.Decoder;
import hooke.fused.decode.Generation;
import hooke.fused.decode.Sampling;
import hooke.fused.decode.Storage;
import hooke.fused.kernels.Kernel;
import hooke.hook.Hooks;
import hooke.interop.names.Located;
import hooke.interop.names.XTransformersNames;
import hooke.interop.pickle.Value;
import hooke.model.Plan;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.Batch;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.NoGrad;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import hooke.train.Training;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** The family {@code lifegpt}: a byte-level decoder of x-transformers, trained with keys hidden, and what it generates. */
final class VerifyLifeGpt {
    private final GoldenSet set;
    private final JsonNode run;
    private final int[][] rows;
    private final List<Finding> findings = new ArrayList<>();

    private VerifyLifeGpt(GoldenSet set) {
        this.set = set;
        this.run = set.json("run.json");
        this.rows = Recorded.examples(set.tensors("forward.safetensors"), "tokens");
    }

    static List<Finding> of(GoldenSet set) {
        var verify = new VerifyLifeGpt(set);
        set.tolerance("names.*").ifPresent(verify::names);
        set.tolerance("forward.*").ifPresent(verify::forward);
        set.tolerance("losses").ifPresent(verify::losses);
        set.tolerance("grads").ifPresent(verify::gradients);
        set.tolerance("greedy.*").ifPresent(verify::generation);
        return verify.findings;
    }

    private static String experiment(JsonNode config, String engine, String train) {
        return """
                name: golden
                task: {kind: own, name: recorded, d_vocab: %1$s, d_vocab_out: %1$s, n_ctx: %2$s}
                model:
                  n_layers: %3$s
                  d_model: %4$s
                  n_heads: %5$s
                  d_head: %6$s
                  act_fn: gelu
                  positions: {kind: rotary, dims: %7$s}
                  norm: {kind: layer-norm, bias: false}
                  without_biases: [attention, unembed]
                train:
                  steps: 1000000
                  batch: 1
                  threads: 1
                  engine: %8$s
                  %9$s
                """.formatted(
                        config.path("num_tokens"),
                        config.path("max_seq_len"),
                        config.path("depth"),
                        config.path("dim"),
                        config.path("heads"),
                        config.path("attn_dim_head"),
                        config.path("rotary_emb_dim"),
                        engine,
                        train);
    }

    private Experiment experiment(String train) {
        return Experiments.parse(experiment(run.path("config"), set.engine(), train), "run.json", List.of());
    }

    private Experiment trained(String more) {
        JsonNode adam = run.path("adam");
        return experiment("""
                optimizer: {kind: adam, lr: %s, betas: [%s, %s], eps: %s}
                  clip_norm: %s
                  %s
                """.formatted(
                adam.path("lr"),
                adam.path("betas").path(0),
                adam.path("betas").path(1),
                adam.path("eps"),
                adam.path("clip"),
                more).strip());
    }

    /** Weights under Hooke's names. */
    private SequencedMap<String, RawTensor> weights(ModelConfig model, String file) {
        return weights(model, file, set.tensors(file));
    }

    private static SequencedMap<String, RawTensor> weights(
            ModelConfig model, String where, Map<String, RawTensor> tensors) {
        Value.Dict dict = Value.Dict.empty(true);
        tensors.forEach((name, raw) -> dict.put(name, Value.Tensor.of(raw)));
        return new XTransformersNames().weights(model, new Located(where, dict));
    }

    /** Of the study's own size: names and shapes of its state dict, and the number of its parameters. */
    private void names(Tolerance tolerance) {
        var comparison = new Deviation(set.name(), tolerance);
        JsonNode full = set.json("full.json");
        JsonNode shapes = full.path("state_dict");
        String layer = "net.attn_layers.layers.";
        int depth = (int) shapes.propertyNames().stream()
                .filter(n -> n.startsWith(layer) && n.endsWith("to_q.weight"))
                .count();
        JsonNode sizes = run.path("config");
        int inner = shapes.path(layer + "0.1.to_q.weight").path("shape").path(0).asInt(0);
        int dHead = sizes.path("attn_dim_head").asInt(1);
        int dims = 2
                * shapes.path("net.attn_layers.rotary_pos_emb.inv_freq")
                        .path("shape")
                        .path(0)
                        .asInt(0);
        ModelConfig model = Experiments.parse(
                        experiment(sizes, "auto", "accumulate: 1"),
                        "full.json",
                        List.of(
                                "model.n_layers=" + depth,
                                "model.d_model="
                                        + shapes.path("net.token_emb.emb.weight")
                                                .path("shape")
                                                .path(1),
                                "model.n_heads=" + inner / dHead,
                                "model.positions.dims=" + dims))
                .model();
        SequencedMap<String, RawTensor> zeros = new LinkedHashMap<>();
        long count = 0;
        for (Parameter parameter : Parameter.of(model)) {
            count += parameter.size();
            try (var _ = new Scope()) {
                long[] shape = parameter.shape().stream().mapToLong(n -> n).toArray();
                float[] values = Tensor.zeros(DType.F32, shape).toFloats();
                zeros.put(
                        parameter.name(),
                        new RawTensor(DType.F32, Arrays.stream(shape).boxed().toList(), MemorySegment.ofArray(values)));
            }
        }
        comparison.number("parameters", count, full.path("parameters").asLong(-1));
        Value.Dict ours = new XTransformersNames().stateDict(model, zeros);
        shapes.properties().forEach(entry -> {
            String shape = ours.get(entry.getKey()) instanceof Value.Tensor tensor
                    ? tensor.shape().toString()
                    : "missing";
            comparison.sameText(
                    entry.getKey(),
                    shape.replace(" ", ""),
                    entry.getValue().path("shape").toString());
        });
        comparison.number("state dict", ours.entries().size(), shapes.size());
        findings.addAll(comparison.findings());
    }

    private void forward(Tolerance tolerance) {
        var comparison = new Deviation(set.name(), tolerance);
        var recorded = set.tensors("forward.safetensors");
        try (var _ = new Scope()) {
            ModelConfig config = experiment("accumulate: 1").model();
            var model = new Transformer(Weights.of(config, DType.F32, Device.CPU, weights(config, "init.safetensors")));
            int[][] tokens =
                    RecordedSequences.next(rows, new int[rows.length][0]).tokens();
            comparison.tensor(
                    "logits_rows01",
                    model.forward(new int[][] {tokens[0], tokens[1]}, Hooks.NONE),
                    tensor(recorded, "logits_rows01"));
            int[][] hidden = hidden(tensor(recorded, "kv_mask"), 0);
            Plan plan = Plan.whole(config, Device.CPU, tokens[1].length);
            comparison.tensor(
                    "logits_masked_row1",
                    model.forward(plan.input(new int[][] {tokens[1]}, new int[][] {hidden[1]})),
                    tensor(recorded, "logits_masked_row1"));
        }
        findings.addAll(comparison.findings());
    }

    private RawTensor tensor(Map<String, RawTensor> tensors, String name) {
        RawTensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new InputException(set.name() + " lacks the tensor " + name);
        }
        return tensor;
    }

    /** Of masks [.., row, key], true where visible, the hidden keys of one member. */
    private static int[][] hidden(RawTensor masks, int member) {
        int keys = masks.shape().getLast().intValue();
        int rows = masks.shape().get(masks.shape().size() - 2).intValue();
        byte[] visible = masks.data().toArray(ValueLayout.JAVA_BYTE);
        return IntStream.range(0, rows)
                .mapToObj(row -> IntStream.range(0, keys)
                        .filter(key -> visible[(member * rows + row) * keys + key] == 0)
                        .toArray())
                .toArray(int[][]::new);
    }

    private Training begin(Experiment experiment, List<Batch.Sequences> batches) {
        var task = new RecordedSequences(
                experiment.model().dVocab(), experiment.model().nCtx(), batches);
        var state = new Training.State(0, weights(experiment.model(), "init.safetensors"), Map.of());
        return Training.resume(experiment, task, state);
    }

    private void losses(Tolerance tolerance) {
        var comparison = new Deviation(set.name(), tolerance);
        Batch.Sequences whole = RecordedSequences.next(rows, new int[rows.length][0]);
        RawTensor masks = tensor(set.tensors("masks.safetensors"), "masks");
        JsonNode adam = run.path("adam");
        int steps = adam.path("losses").size();
        List<Batch.Sequences> batches = IntStream.range(0, steps)
                .mapToObj(step -> RecordedSequences.next(rows, hidden(masks, step)))
                .toList();
        try (var training = begin(trained(""), batches)) {
            comparison.number("loss_init", training.evaluate(whole).loss(), number(run, "loss_init"));
            for (int row = 0; row < rows.length; row++) {
                comparison.number(
                        "loss_init_per_row[" + row + "]",
                        training.evaluate(whole.range(row, row + 1)).loss(),
                        run.path("loss_init_per_row").path(row).asDouble(Double.NaN));
            }
            var kept = hidden(tensor(set.tensors("forward.safetensors"), "kv_mask"), 0);
            comparison.number(
                    "loss_init_masked",
                    training.evaluate(RecordedSequences.next(rows, kept)).loss(),
                    number(run, "loss_init_masked"));
            for (int step = 0; step < steps; step++) {
                comparison.number(
                        "losses[" + step + "]",
                        training.advance().loss(),
                        adam.path("losses").path(step).asDouble(Double.NaN));
            }
            set.tolerance("params_after_(\\d+)").ifPresent(t -> {
                var weights = new Deviation(set.name(), t);
                weights(training.experiment().model(), "after_" + t.from() + ".safetensors")
                        .forEach((name, raw) ->
                                weights.tensor(name, training.model().weights().get(name), raw));
                findings.addAll(weights.findings());
            });
        }
        accumulation(comparison, masks);
        findings.addAll(comparison.findings());
    }

    /** Updates by the sum of the gradients of several batches. */
    private void accumulation(Deviation comparison, RawTensor masks) {
        JsonNode updates = run.path("accumulation").path("updates");
        int each = updates.path(0).path("losses").size();
        List<Batch.Sequences> batches = new ArrayList<>();
        for (int i = 0; i < updates.size() * each; i++) {
            int[][] row = {rows[i % each % rows.length]};
            batches.add(RecordedSequences.next(row, new int[][] {hidden(masks, i)[0]}));
        }
        try (var training = begin(trained("accumulate: " + each + "\n  accumulate_by: sum"), batches)) {
            for (int update = 0; update < updates.size(); update++) {
                double mean = updates.path(update)
                        .path("losses")
                        .valueStream()
                        .mapToDouble(n -> n.asDouble(Double.NaN))
                        .average()
                        .orElse(Double.NaN);
                comparison.number(
                        "accumulation[" + update + "]", training.advance().loss(), mean);
            }
            comparison.number(
                    "loss_after_unmasked",
                    training.evaluate(RecordedSequences.next(rows, new int[rows.length][0]))
                            .loss(),
                    number(run.path("accumulation"), "loss_after_unmasked"));
        }
    }

    private static double number(JsonNode node, String key) {
        if (!node.path(key).isNumber()) {
            throw new InputException("run.json gives no number " + key);
        }
        return node.path(key).asDouble(Double.NaN);
    }

    private void gradients(Tolerance tolerance) {
        var comparison = new Deviation(set.name(), tolerance);
        Batch.Sequences whole = RecordedSequences.next(rows, new int[rows.length][0]);
        try (var training = begin(trained(""), List.of(whole));
                var _ = new Scope()) {
            training.differentiate(whole);
            ModelConfig model = training.experiment().model();
            SequencedMap<String, RawTensor> recorded = set.tensors("grads_unmasked.safetensors");
            // The names of gradients are those of weights; that of a gain less 1 is that of the gain.
            SequencedMap<String, RawTensor> ours = new LinkedHashMap<>();
            Recorded.gradients(training).forEach((name, gradient) -> ours.put(name, gradient.raw()));
            weights(model, "grads_unmasked.safetensors", recorded).forEach((name, raw) -> {
                Tensor theirs = Tensor.of(raw);
                if (name.endsWith(".w")) {
                    theirs = theirs.plus(-1);
                }
                comparison.tensor(
                        name,
                        Tensor.of(Objects.requireNonNull(ours.get(name), name)),
                        theirs.contiguous().raw());
            });
        }
        findings.addAll(comparison.findings());
    }

    /** Greedy continuations: of the reference with the whole sequence computed anew for every byte, else with keys and values kept. */
    private void generation(Tolerance tolerance) {
        var comparison = new Deviation(set.name(), tolerance);
        JsonNode cases = run.path("generation").path("cases");
        ModelConfig config = experiment("accumulate: 1").model();
        var recorded = weights(config, "trained.safetensors");
        List<int[]> prompts = cases.valueStream()
                .map(c -> c.path("prompt").asString("").chars().toArray())
                .toList();
        List<String> texts = cases.valueStream()
                .map(c -> c.path("generated_kv_cache").asString(""))
                .toList();
        if (set.engine().equals("fused")) {
            try (var decoder = new Decoder(config, recorded, Storage.FLOAT32, 1, Kernel.best())) {
                for (int i = 0; i < texts.size(); i++) {
                    var answer = new Generation(decoder, Sampling.GREEDY, OptionalInt.empty())
                            .continued(List.of(prompts.get(i)), texts.get(i).length(), 0, (_, _) -> {});
                    var text = new StringBuilder();
                    Arrays.stream(answer.getFirst().tokens()).forEach(token -> text.append((char) token));
                    comparison.sameText("cases[" + i + "]", text.toString(), texts.get(i));
                }
            }
        } else {
            try (var _ = new Scope()) {
                var model = new Transformer(Weights.of(config, DType.F32, Device.CPU, recorded));
                for (int i = 0; i < texts.size(); i++) {
                    String text = greedy(model, prompts.get(i), texts.get(i).length());
                    comparison.sameText("cases[" + i + "]", text, texts.get(i));
                }
            }
        }
        findings.addAll(comparison.findings());
    }

    private static String greedy(Transformer model, int[] prompt, int more) {
        int[] tokens = Arrays.copyOf(prompt, prompt.length + more);
        var text = new StringBuilder();
        for (int at = prompt.length; at < tokens.length; at++) {
            try (var _ = new Scope();
                    var _ = new NoGrad()) {
                Plan plan = Plan.reading(model.config(), Device.CPU, new int[] {at - 1}, at);
                Tensor logits = model.forward(plan.input(new int[][] {Arrays.copyOf(tokens, at)}));
                tokens[at] = (int) logits.argmax(-1).item();
            }
            text.append((char) tokens[at]);
        }
        return text.toString();
    }
}
