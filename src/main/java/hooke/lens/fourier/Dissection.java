package hooke.lens.fourier;

import hooke.Check;
import hooke.config.Experiment;
import hooke.config.ModelConfig;
import hooke.lens.group.Matrices;
import hooke.lens.group.TaskGroup;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.store.files.Checkpoint;
import hooke.task.FiniteTask;
import hooke.task.Split;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Scope;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures models of one experiment whose task is a group; definitions in docs/measures.md.
 *
 * @param train which pairs are trained on, [x * order + y]
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Dissection(Experiment experiment, FiniteTask task, TaskGroup group, boolean[] train) {
    /** A representation is key above this cosine of logits and trace cube (Chughtai et al. 2023). */
    private static final double KEY_SIMILARITY = 0.005;

    /** Throws an {@link hooke.InputException} with the reason where the task is no group. */
    public static Dissection of(Experiment experiment) {
        return of(experiment, Split.of(experiment));
    }

    /** With the split of another program. */
    public static Dissection of(Experiment experiment, Split split) {
        TaskGroup group = TaskGroup.of(experiment.task());
        boolean[] trained = new boolean[experiment.task().size()];
        for (int example : split.train()) {
            trained[example] = true;
        }
        boolean[] train = new boolean[group.example().length];
        for (int pair = 0; pair < train.length; pair++) {
            train[pair] = trained[group.example()[pair]];
        }
        return new Dissection(experiment, FiniteTask.of(experiment.task()), group, train);
    }

    /** Which parts count as key. */
    public sealed interface Keys {
        /**
         * As the model has them: frequencies that have neurons; for permutations, representations whose trace cube is found in the
         * logits with a similarity above .005.
         */
        record Found() implements Keys {}

        /** As somebody says: numbers of parts, which for a cyclic group are frequencies. */
        record Given(List<Integer> parts) implements Keys {
            public Given {
                parts = parts.stream().distinct().sorted().toList();
            }
        }
    }

    /** The elements in words, as tokens of a question. */
    public List<String> elementLabels() {
        return IntStream.of(group.token()).mapToObj(task::tokenLabel).toList();
    }

    /** The positions of a question in words. */
    public List<String> positionLabels() {
        return task.positionLabels();
    }

    /** Everything about a model at a step; {@code perKey} asks for the excluded loss of each key, too. */
    public Snapshot look(long step, Transformer model, Keys keys, boolean perKey) {
        PairOutputs outputs = PairOutputs.of(model, task, group);
        return look(step, model.weights(), outputs, keys, perKey);
    }

    /** Everything about the model of a checkpoint, in float64; {@code perKey} asks for the excluded loss of each key, too. */
    public Snapshot look(Checkpoint checkpoint, Keys keys, boolean perKey) {
        try (var _ = new Scope()) {
            return look(checkpoint.step(), open(checkpoint), keys, perKey);
        }
    }

    /** A checkpoint's model in float64, in the innermost scope. */
    Transformer open(Checkpoint checkpoint) {
        try (Arena arena = Arena.ofConfined()) {
            var recorded = checkpoint.weights().open(arena).tensors();
            return new Transformer(Weights.of(experiment.model(), DType.F64, Device.CPU, recorded));
        }
    }

    private Snapshot look(long step, Weights weights, PairOutputs outputs, Keys keys, boolean perKey) {
        ModelConfig config = experiment.model();
        @Nullable
        Means neurons = config.attnOnly() ? null : Means.of(group.group(), outputs.neurons(), outputs.width());
        double[][] embedding = Matrices.pick(matrix(weights, "embed.W_E"), group.token());
        double @Nullable [][] neuronLogit = config.attnOnly() ? null : neuronLogit(weights);
        LogitFit fit = LogitFit.of(group, outputs, !group.isCyclic());
        Optional<NeuronClusters> clusters = neurons == null || !group.isCyclic()
                ? Optional.empty()
                : Optional.of(NeuronClusters.of(group.group(), neurons));
        int[] chosen = switch (keys) {
            case Keys.Given(List<Integer> parts) -> checked(parts);
            case Keys.Found() -> found(clusters, fit);
        };
        return new Snapshot(
                step,
                Spectrum.of(group.group(), embedding),
                Optional.ofNullable(neuronLogit)
                        .map(w -> Spectrum.of(group.group(), Matrices.pick(Matrices.transpose(w), group.result()))),
                clusters,
                Optional.ofNullable(neurons).map(means -> GroupShares.of(group.group(), means)),
                fit,
                ProgressLosses.full(group, outputs, train),
                Arrays.stream(chosen).boxed().toList(),
                chosen.length == 0 ? List.of() : losses(outputs, neurons, neuronLogit, chosen, perKey),
                squares(weights));
    }

    private int[] found(Optional<NeuronClusters> clusters, LogitFit fit) {
        if (group.isCyclic()) {
            return clusters.map(NeuronClusters::keyFrequencies).orElse(new int[0]);
        }
        return IntStream.range(1, fit.cosine().length)
                .filter(k -> fit.cosine()[k] > KEY_SIMILARITY)
                .toArray();
    }

    private int[] checked(List<Integer> parts) {
        int most = group.group().irreps().size() - 1;
        for (int part : parts) {
            Check.that(
                    part >= 1 && part <= most,
                    "key %s does not exist for %s: keys go from 1 to %s",
                    part,
                    group.group().name(),
                    most);
        }
        return parts.stream().mapToInt(Integer::intValue).toArray();
    }

    private List<ProgressLosses> losses(
            PairOutputs outputs,
            @Nullable Means neurons,
            double @Nullable [][] neuronLogit,
            int[] keys,
            boolean perKey) {
        var all = new ArrayList<>(List.of(ProgressLosses.ofLogits(group, outputs, train, keys, perKey)));
        if (neurons != null && neuronLogit != null && readsNeuronsLinearly()) {
            all.add(ProgressLosses.ofNeurons(group, outputs, neurons, neuronLogit, train, keys, perKey));
        }
        return all;
    }

    /**
     * Whether the logits are linear in the last MLP's activations, so that taking a part of these away takes its image under W_out W_U
     * from the logits; a norm before the unembedding makes that wrong.
     */
    public boolean readsNeuronsLinearly() {
        return !experiment.model().attnOnly() && !experiment.model().norm().normalises();
    }

    private double[][] neuronLogit(Weights weights) {
        String out = "blocks." + (experiment.model().nLayers() - 1) + ".mlp.W_out";
        double[][] unembedding;
        try (var _ = new Scope()) {
            unembedding = Matrices.rows(
                    weights.unembedding().toDoubles(), experiment.model().dVocabOut());
        }
        return Matrices.times(matrix(weights, out), unembedding); // [neuron][class]
    }

    static double[][] matrix(Weights weights, String name) {
        try (var _ = new Scope()) {
            var tensor = weights.get(name);
            return Matrices.rows(tensor.toDoubles(), (int) tensor.size(-1));
        }
    }

    private static SequencedMap<String, Double> squares(Weights weights) {
        SequencedMap<String, Double> squares = new LinkedHashMap<>();
        try (var _ = new Scope()) {
            weights.all().forEach((name, tensor) -> squares.put(name, Matrices.sumOfSquares(tensor.toDoubles())));
        }
        return squares;
    }
}
