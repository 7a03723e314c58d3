package hooke.check;

import hooke.InputException;
import hooke.check.GoldenSet.Tolerance;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.task.EquationFormat;
import hooke.config.task.TaskConfig;
import hooke.lens.fourier.Dissection;
import hooke.lens.fourier.LogitFit;
import hooke.lens.fourier.NeuronClusters;
import hooke.lens.fourier.PairOutputs;
import hooke.lens.fourier.ProgressLosses;
import hooke.lens.fourier.ProgressLosses.Definition;
import hooke.lens.fourier.Snapshot;
import hooke.lens.fourier.Spectrum;
import hooke.lens.group.DiscreteLog;
import hooke.lens.group.Group;
import hooke.lens.group.TaskGroup;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.Split;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** The family {@code fourier}: bases, discrete logarithms, planted models with closed forms, and the measures of a recorded model. */
final class VerifyFourier {
    private final GoldenSet set;
    private final List<Finding> findings = new ArrayList<>();

    private VerifyFourier(GoldenSet set) {
        this.set = set;
    }

    static List<Finding> of(GoldenSet set) {
        var verify = new VerifyFourier(set);
        verify.basics();
        for (String operation : List.of("add", "mul")) {
            verify.planted(operation);
        }
        verify.model();
        return verify.findings;
    }

    private Deviation comparison(String key, String what) {
        Tolerance tolerance = set.tolerance(key)
                .orElseThrow(() -> new InputException(set.name() + ": golden.json has no tolerance '" + key + "'"));
        return new Deviation(set.name(), tolerance.named(what));
    }

    private void basics() {
        Deviation bases = comparison("closed forms, bases", "Fourier bases");
        set.tensors("basis.safetensors").forEach((name, raw) -> {
            int n = raw.shape().getFirst().intValue();
            double[] ours = Group.cyclic(n).irreps().stream()
                    .flatMap(irrep -> Arrays.stream(irrep.functions()))
                    .flatMapToDouble(Arrays::stream)
                    .toArray();
            double[] recorded = doubles(raw);
            for (int i = 0; i < Math.max(ours.length, recorded.length); i++) {
                bases.number(name + "[" + i + "]", at(ours, i), at(recorded, i));
            }
        });
        findings.addAll(bases.findings());
        Deviation logs = comparison("closed forms, bases", "discrete logarithms");
        for (var entry : set.json("discrete_log.json").properties()) {
            var ours = DiscreteLog.of(set.number(entry.getKey(), entry.getKey()));
            JsonNode recorded = entry.getValue();
            logs.number(
                    "root of " + entry.getKey(),
                    ours.root(),
                    recorded.path("generator").asInt(-1));
            for (int i = 0; i < ours.power().length; i++) {
                logs.number(
                        "power " + i,
                        ours.power()[i],
                        recorded.path("power").path(i).asInt(-1));
                logs.number(
                        "log of " + (i + 1),
                        ours.log()[i + 1],
                        recorded.path("log_of_1_to_p_minus_1").path(i).asInt(-1));
            }
        }
        findings.addAll(logs.findings());
    }

    /** A model made of known cosines: everything about it is known in closed form. */
    private void planted(String operation) {
        JsonNode recorded = set.json("planted.json").path(operation);
        SequencedMap<String, RawTensor> tensors = set.tensors("planted.safetensors");
        int p = recorded.path("p").asInt(0);
        var task = new TaskConfig.ModularArithmetic(
                operation.equals("add")
                        ? TaskConfig.ModularArithmetic.Operation.ADD
                        : TaskConfig.ModularArithmetic.Operation.MULTIPLY,
                p,
                EquationFormat.PAIR,
                0.3);
        TaskGroup group = TaskGroup.of(task);
        double[] logits = doubles(tensor(tensors, operation + ".logits"));
        double[] neurons = doubles(tensor(tensors, operation + ".neurons"));
        int width = neurons.length / (p * p);
        var outputs = new PairOutputs(p, byPair(group, logits, p), width, byPair(group, neurons, width));
        boolean[] trained = new boolean[p * p];
        for (int example : Comparisons.indices(tensors, operation + ".train_indices")) {
            trained[example] = true;
        }
        boolean[] train = new boolean[group.example().length];
        for (int pair = 0; pair < train.length; pair++) {
            train[pair] = trained[group.example()[pair]];
        }
        int[] keys = numbers(recorded.path("keys"));
        Deviation closed = comparison("closed forms, bases", "planted " + operation);
        plantedLosses(closed, recorded.path("closed_form"), group, outputs, train, keys);
        plantedLogits(closed, recorded.path("closed_form"), group, outputs);
        double[][] embedding = rows(doubles(tensor(tensors, operation + ".W_E")), p);
        double[][] onAxis =
                Arrays.stream(group.result()).mapToObj(i -> embedding[i]).toArray(double[][]::new);
        Spectrum spectrum = Spectrum.of(group.group(), onAxis);
        for (int k = 1; k < spectrum.norms().length; k++) {
            closed.number(
                    "norm " + k,
                    spectrum.norms()[k],
                    recorded.path("W_E_frequency_norms")
                            .path(Integer.toString(k))
                            .asDouble(0));
        }
        closed.number(
                "Gini", spectrum.gini(), recorded.path("W_E_gini_frequencies").asDouble(Double.NaN));
        plantedNeurons(closed, recorded, NeuronClusters.of(group, outputs));
        findings.addAll(closed.findings());
    }

    private static void plantedLosses(
            Deviation closed, JsonNode form, TaskGroup group, PairOutputs outputs, boolean[] train, int[] keys) {
        closed.number("full loss", ProgressLosses.full(group, outputs, train).all(), number(form, "full_loss"));
        ProgressLosses all = ProgressLosses.ofLogits(group, outputs, train, keys, true);
        closed.number("restricted loss", all.restricted(), number(form, "restricted_loss_all_keys"));
        closed.number("excluded loss", all.excluded(), number(form, "excluded_loss_all_keys"));
        for (int i = 0; i < keys.length; i++) {
            closed.number(
                    "excluded loss without " + keys[i],
                    all.excludedPerKey()[i],
                    number(form.path("excluded_loss_per_key"), Integer.toString(keys[i])));
        }
        ProgressLosses two = ProgressLosses.ofLogits(group, outputs, train, Arrays.copyOf(keys, 2), false);
        closed.number("restricted loss of two", two.restricted(), number(form, "restricted_loss_first_two_keys"));
    }

    private static void plantedLogits(Deviation closed, JsonNode form, TaskGroup group, PairOutputs outputs) {
        LogitFit fit = LogitFit.of(group, outputs, false);
        for (int k = 1; k < fit.cosine().length; k++) {
            closed.number(
                    "cosine " + k,
                    fit.cosine()[k],
                    form.path("cosines").path(Integer.toString(k)).asDouble(0));
        }
        closed.number("residual", fit.residual(), number(form, "residual"));
    }

    private static void plantedNeurons(Deviation closed, JsonNode recorded, NeuronClusters clusters) {
        JsonNode truth = recorded.path("neuron_truth");
        for (int j = 0; j < truth.size(); j++) {
            JsonNode neuron = truth.path(j);
            boolean dead = neuron.path("dead").asBoolean(false);
            boolean clustered = !dead && neuron.path("clustered").asBoolean(true);
            closed.sameText("neuron " + j, state(clusters.dead()[j], clusters.clustered(j)), state(dead, clustered));
            if (!dead) {
                closed.number("share of neuron " + j, clusters.share()[j], number(neuron, "fraction"));
            }
            if (clustered) {
                closed.number("neuron " + j, clusters.frequency()[j], number(neuron, "frequency"));
            }
        }
        keys(closed, clusters, recorded.path("neuron_key_frequencies"));
    }

    private static String state(boolean dead, boolean clustered) {
        return dead ? "dead" : clustered ? "clustered" : "mixed";
    }

    private static void keys(Deviation comparison, NeuronClusters clusters, JsonNode recorded) {
        comparison.sameText(
                "key frequencies", Arrays.toString(clusters.keyFrequencies()), Arrays.toString(numbers(recorded)));
    }

    /** The recorded model of a set beside this one, its forward pass in float64. */
    private void model() {
        JsonNode recorded = set.json("model_measures.json").path("measures");
        String source = recorded.path("source").asString("");
        String quantity = "measures of " + source;
        Optional<SequencedMap<String, RawTensor>> weights =
                set.holding("final.safetensors", other -> other.folderName().equals(source));
        Optional<SequencedMap<String, RawTensor>> splits =
                set.holding("split.safetensors", other -> other.folderName().equals(source));
        if (weights.isEmpty() || splits.isEmpty()) {
            set.skip(quantity, "no set " + source + " with final.safetensors and split.safetensors lies beside it");
            return;
        }
        var split = new Split(
                Comparisons.indices(splits.get(), "train_indices"), Comparisons.indices(splits.get(), "test_indices"));
        Experiment experiment = experiment(recorded, Recorded.parameters(weights.get()), split);
        String axis = recorded.has("log_axis") ? "log_axis" : "raw_axis";
        JsonNode measures = recorded.path(axis);
        var keys = new Dissection.Keys.Given(
                Arrays.stream(numbers(measures.path("declared_keys"))).boxed().toList());
        Deviation comparison = comparison("measures of float32 weights", quantity);
        try (var _ = new Scope()) {
            var model = new Transformer(
                    Weights.of(experiment.model(), DType.F64, Device.CPU, Recorded.parameters(weights.get())));
            Snapshot ours = Dissection.of(experiment, split).look(0, model, keys, true);
            spectrum(comparison, "W_E", ours.embedding(), measures.path("W_E"));
            spectrum(comparison, "W_L", ours.neuronLogit().orElseThrow(), measures.path("W_L"));
            neurons(comparison, ours.clusters().orElseThrow(), measures.path("neurons"));
            losses(comparison, ours, measures);
            JsonNode cosines = measures.path("logit_cosines");
            for (int k = 1; k <= cosines.size(); k++) {
                JsonNode one = cosines.path(k - 1);
                comparison.number("coefficient " + k, ours.fit().coefficient()[k], number(one, "coefficient"));
                comparison.number("cosine " + k, ours.fit().cosine()[k], number(one, "cosine"));
            }
            comparison.number("residual", ours.fit().residual(), number(measures, "logit_residual"));
            for (var square : recorded.path("sum_of_squared_weights").properties()) {
                comparison.number(
                        square.getKey(),
                        ours.squares().getOrDefault(square.getKey(), Double.NaN),
                        square.getValue().asDouble(Double.NaN));
            }
        }
        findings.addAll(comparison.findings());
    }

    private static void spectrum(Deviation comparison, String name, Spectrum ours, JsonNode recorded) {
        numbers(comparison, name + " row", ours.functionNorms(), doubles(recorded.path("row_norms")));
        double[] frequencies = Arrays.copyOfRange(ours.norms(), 1, ours.norms().length);
        numbers(comparison, name + " frequency", frequencies, doubles(recorded.path("frequency_norms")));
        comparison.number(name + " Gini", ours.gini(), number(recorded, "gini_frequencies"));
        comparison.number(name + " Gini of rows", ours.giniOfFunctions(), number(recorded, "gini_rows"));
    }

    private static void neurons(Deviation comparison, NeuronClusters ours, JsonNode recorded) {
        for (int j = 0; j < ours.share().length; j++) {
            String state = state(
                    recorded.path("dead").path(j).asBoolean(false),
                    recorded.path("clustered").path(j).asBoolean(false));
            comparison.sameText("neuron " + j, state(ours.dead()[j], ours.clustered(j)), state);
            comparison.number(
                    "share of neuron " + j,
                    ours.share()[j],
                    recorded.path("fraction_explained").path(j).asDouble(Double.NaN));
            if (!ours.tied()[j]) { // else rounding chose the recorded one
                comparison.number(
                        "frequency of neuron " + j,
                        ours.frequency()[j],
                        recorded.path("best_frequency").path(j).asDouble(Double.NaN));
            }
        }
        keys(comparison, ours, recorded.path("key_frequencies"));
    }

    private static void losses(Deviation comparison, Snapshot ours, JsonNode measures) {
        JsonNode paper = measures.path("paper");
        JsonNode demo = measures.path("demo");
        comparison.number("full loss", ours.full().all(), number(paper, "full_loss_all_pairs"));
        comparison.number("full train loss", ours.full().train(), number(paper, "full_loss_train"));
        comparison.number("full test loss", ours.full().test(), number(demo, "full_loss_test"));
        ProgressLosses onLogits = ours.losses(Definition.LOGITS).orElseThrow();
        comparison.number("restricted", onLogits.restricted(), number(paper, "restricted_loss_all_pairs"));
        ProgressLosses onNeurons = ours.losses(Definition.NEURONS).orElseThrow();
        comparison.number("restricted, neurons", onNeurons.restricted(), number(demo, "restricted_loss_test"));
        for (var entry : Map.of(paper, onLogits, demo, onNeurons).entrySet()) {
            ProgressLosses losses = entry.getValue();
            comparison.number(
                    "excluded, " + losses.definition(),
                    losses.excluded(),
                    number(entry.getKey(), "excluded_loss_train"));
            for (int i = 0; i < ours.keys().size(); i++) {
                String key = ours.keys().get(i).toString();
                comparison.number(
                        "excluded without " + key + ", " + losses.definition(),
                        losses.excludedPerKey()[i],
                        number(entry.getKey().path("excluded_loss_train_per_key"), key));
            }
        }
    }

    /** An experiment of the model's shape, read off its weights. */
    private static Experiment experiment(JsonNode measures, Map<String, RawTensor> weights, Split split) {
        List<Long> queries = tensor(weights, "blocks.0.attn.W_Q").shape();
        List<Long> in = tensor(weights, "blocks.0.mlp.W_in").shape();
        double fraction = (split.train().length + 0.5) / (split.train().length + split.test().length);
        return Experiments.parse(
                """
                name: golden
                task: {kind: modular-arithmetic, operation: %s, modulus: %s, train_fraction: %s}
                model: {n_layers: 1, d_model: %s, n_heads: %s, d_head: %s, d_mlp: %s, act_fn: relu, norm: none}
                train: {steps: 1, batch: full}
                """.formatted(
                                measures.path("op").asString("").equals("mul") ? "multiply" : "add",
                                measures.path("p"),
                                fraction,
                                in.get(0),
                                queries.get(0),
                                queries.get(2),
                                in.get(1)),
                "model_measures.json",
                List.of());
    }

    private static void numbers(Deviation comparison, String name, double[] ours, double[] recorded) {
        if (ours.length != recorded.length) {
            comparison.missing(name + ": " + recorded.length + " recorded, " + ours.length + " here;");
            return;
        }
        for (int i = 0; i < ours.length; i++) {
            comparison.number(name + "[" + i + "]", ours[i], recorded[i]);
        }
    }

    private static double at(double[] values, int i) {
        return i < values.length ? values[i] : Double.POSITIVE_INFINITY;
    }

    private static double number(JsonNode node, String name) {
        return node.path(name).asDouble(Double.NaN);
    }

    private static double[] doubles(JsonNode list) {
        return IntStream.range(0, list.size())
                .mapToDouble(i -> list.path(i).asDouble(Double.NaN))
                .toArray();
    }

    private static int[] numbers(JsonNode list) {
        return IntStream.range(0, list.size()).map(i -> list.path(i).asInt(-1)).toArray();
    }

    private static double[] doubles(RawTensor raw) {
        try (var _ = new Scope()) {
            return Tensor.of(raw).toDoubles();
        }
    }

    private static RawTensor tensor(Map<String, RawTensor> tensors, String name) {
        RawTensor raw = tensors.get(name);
        if (raw == null) {
            throw new InputException("the golden set records no tensor " + name);
        }
        return raw;
    }

    /** Rows of examples, reordered by the group's pairs. */
    private static double[] byPair(TaskGroup group, double[] values, int width) {
        double[] ordered = new double[group.example().length * width];
        for (int pair = 0; pair < group.example().length; pair++) {
            System.arraycopy(values, group.example()[pair] * width, ordered, pair * width, width);
        }
        return ordered;
    }

    private static double[][] rows(double[] flat, int count) {
        int width = flat.length / count;
        return IntStream.range(0, count)
                .mapToObj(i -> Arrays.copyOfRange(flat, i * width, (i + 1) * width))
                .toArray(double[][]::new);
    }
}
