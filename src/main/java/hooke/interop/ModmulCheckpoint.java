package hooke.interop;

import hooke.Check;
import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.interop.names.Located;
import hooke.interop.names.Names;
import hooke.interop.names.StateDict;
import hooke.interop.names.TransformerLensConfig;
import hooke.interop.names.TransformerLensNames;
import hooke.interop.pickle.Value;
import hooke.model.Weights;
import hooke.task.Split;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.NoGrad;
import hooke.tensor.RawTensor;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import hooke.train.Training;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * A training as the modular multiplication card lays it out: {@code model}, {@code config}, {@code checkpoints} with their {@code
 * checkpoint_epochs}, {@code train_losses test_losses train_accs test_accs} of every epoch, {@code train_indices} and {@code
 * test_indices}. The model is the one after all updates. In the card's file a checkpoint at epoch e has had e updates, and so has what
 * its series hold of that epoch; notebooks save after the update, measure the test set there, and leave accuracies out. Which it was,
 * the losses say.
 *
 * @param experiment what the file says, over an experiment for what it does not say (optimizer, milestones); with the seeds that draw
 *     the recorded split and initial weights, where there are such
 * @param split as recorded
 * @param isSplitDrawn whether the experiment's seeds draw it
 * @param areWeightsDrawn whether they draw the weights of the checkpoint at epoch 0
 * @param series by Hooke's names; without accuracies, where the file has none
 * @param stateDicts by the number of updates, the final one last
 */
public record ModmulCheckpoint(
        Experiment experiment,
        Split split,
        boolean isSplitDrawn,
        boolean areWeightsDrawn,
        SequencedMap<String, Recorded> series,
        SequencedMap<Long, Located> stateDicts) {

    /**
     * One value an epoch.
     *
     * @param first how many updates had been made when the first was measured, 0 or 1
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    public record Recorded(double[] values, int first) {
        /** What was measured after so many updates; empty where nothing was. */
        OptionalDouble at(long step) {
            long place = step - first;
            return place >= 0 && place < values.length
                    ? OptionalDouble.of(values[(int) place])
                    : OptionalDouble.empty();
        }
    }

    /** Hooke's names of the four series, and the file's. */
    static final Map<String, String> SERIES = seriesNames();

    /** What the original's card names as the seed of its data. */
    private static final long CARD_DATA_SEED = 598;

    /** The experiment that follows the card, for what the file does not say. */
    public static final String LIKE = "modmul-113";

    private static Map<String, String> seriesNames() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("train_loss", "train_losses");
        names.put("test_loss", "test_losses");
        names.put("train_accuracy", "train_accs");
        names.put("test_accuracy", "test_accs");
        return names;
    }

    /**
     * Reads the layout. Throws {@link InputException} where it is another.
     *
     * @param name of the experiment that comes of it
     * @param like the experiment for what the file does not say
     * @param settings laid over both, as {@code --set} takes them
     */
    public static ModmulCheckpoint read(Located file, String name, Experiment like, List<String> settings) {
        SequencedMap<String, double[]> values = new LinkedHashMap<>();
        int epochs = file.get("train_losses").numbers().length;
        Check.that(epochs >= 1, "%s, train_losses is empty", file.where());
        SERIES.forEach((ours, theirs) -> {
            if (file.has(theirs) || theirs.endsWith("losses")) {
                double[] numbers = file.get(theirs).numbers();
                Check.that(
                        numbers.length == epochs,
                        "%s, %s has %s values, and train_losses %s",
                        file.where(),
                        theirs,
                        numbers.length,
                        epochs);
                values.put(ours, numbers);
            }
        });
        SequencedMap<Long, Located> named = stateDicts(file, epochs);
        Split split = new Split(indices(file.get("train_indices")), indices(file.get("test_indices")));
        Experiment told = experiment(file, name, like, settings, epochs, named, split);
        checkSplit(file, told, split);
        var moments = Moments.of(told, split, named, values);
        SequencedMap<Long, Located> stateDicts = moments.stateDicts(named);
        Experiment seeded = withSeeds(told, file, split, stateDicts);
        try (Training own = Training.begin(seeded)) {
            boolean areWeightsDrawn = same(own.weights(), initialWeights(seeded, stateDicts));
            boolean isSplitDrawn = same(own.split(), split);
            return new ModmulCheckpoint(
                    seeded, split, isSplitDrawn, areWeightsDrawn, moments.series(values), stateDicts);
        }
    }

    private static SequencedMap<Long, Located> stateDicts(Located file, int epochs) {
        List<Located> states = file.get("checkpoints").list();
        List<Located> numbers = file.get("checkpoint_epochs").list();
        Check.that(
                states.size() == numbers.size(),
                "%s has %s checkpoints and %s checkpoint_epochs",
                file.where(),
                states.size(),
                numbers.size());
        SequencedMap<Long, Located> stateDicts = new LinkedHashMap<>();
        long last = -1;
        for (int i = 0; i < states.size(); i++) {
            long epoch = numbers.get(i).integer();
            Check.that(
                    epoch > last && epoch < epochs,
                    "%s (%s) must be more than the one before and less than the %s epochs",
                    numbers.get(i).where(),
                    epoch,
                    epochs);
            stateDicts.put(epoch, states.get(i));
            last = epoch;
        }
        stateDicts.put((long) epochs, file.get("model"));
        return stateDicts;
    }

    /** A tensor of whole numbers, or a list. */
    private static int[] indices(Located numbers) {
        if (numbers.value() instanceof Value.Tensor tensor) {
            Check.that(
                    tensor.dtype() == DType.I64 && tensor.shape().size() == 1,
                    "%s must be I64 with one axis, but is %s %s",
                    numbers.where(),
                    tensor.dtype(),
                    tensor.shape());
            try (var _ = new Scope()) {
                return ints(
                        numbers.where(), LongStream.of(Tensor.of(tensor.raw()).toLongs()));
            }
        }
        return ints(numbers.where(), numbers.list().stream().mapToLong(Located::integer));
    }

    private static int[] ints(String where, LongStream numbers) {
        return numbers.mapToInt(n -> {
                    Check.that(
                            n >= 0 && n <= Integer.MAX_VALUE,
                            "%s holds %s, which is not the number of an example",
                            where,
                            n);
                    return (int) n;
                })
                .toArray();
    }

    private static Experiment experiment(
            Located file,
            String name,
            Experiment like,
            List<String> settings,
            int epochs,
            SequencedMap<Long, Located> stateDicts,
            Split split) {
        List<String> sets = new ArrayList<>(TransformerLensConfig.settings(file.get("config")));
        sets.add("name=" + name);
        sets.add("note=Imported from "
                + Value.shown(String.valueOf(Path.of(file.where()).getFileName()))
                        .replaceAll("[:#]", " "));
        sets.add("tags=[imported]");
        long modulus = file.get("config").get("d_vocab_out").integer();
        sets.add("task.modulus=" + modulus);
        double size = split.train().length + split.test().length;
        sets.add("task.train_fraction=" + fraction(split.train().length, size));
        sets.add("train.steps=" + epochs);
        sets.add("train.evaluate_every=1");
        List<Long> steps = List.copyOf(stateDicts.keySet());
        sets.add("train.checkpoint_every=" + (steps.size() > 2 ? steps.get(1) - steps.get(0) : 0));
        if (hasBiases(stateDicts.lastEntry().getValue())) {
            sets.add("model.biases=trained");
        }
        sets.addAll(settings);
        return Experiments.parse(like.toJson(), name, sets).resolved(1);
    }

    /** Whether a bias is other than zero, so that it was trained. */
    private static boolean hasBiases(Located stateDict) {
        return StateDict.plain(stateDict).tensors().entrySet().stream()
                .filter(e -> e.getKey().contains(".b_"))
                .anyMatch(e -> {
                    for (float bias : Names.floats(e.getValue())) {
                        if (bias != 0) {
                            return true;
                        }
                    }
                    return false;
                });
    }

    /** The shortest that gives so many when the product is rounded down. */
    private static String fraction(int train, double size) {
        for (int digits = 1; digits < 12; digits++) {
            double unit = Math.pow(10, digits);
            double fraction = Math.ceil(train / size * unit) / unit;
            if (fraction < 1 && (int) (size * fraction) == train) {
                return Double.toString(fraction);
            }
        }
        return Double.toString((train + 0.5) / size);
    }

    private static void checkSplit(Located file, Experiment experiment, Split split) {
        int size = experiment.task().size();
        int[] all = IntStream.concat(Arrays.stream(split.train()), Arrays.stream(split.test()))
                .sorted()
                .toArray();
        Check.that(
                Arrays.equals(all, IntStream.range(0, size).toArray()),
                "%s: train_indices and test_indices must hold each of the %s examples once",
                file.where(),
                size);
        Check.that(
                experiment.task().modularArithmetic().isPresent()
                        && experiment.task().trainSize() == split.train().length,
                "%s: task %s would train on %s examples, and train_indices has %s",
                file.where(),
                experiment.task(),
                experiment.task().trainSize(),
                split.train().length);
    }

    /** Empty where the file does not record them. */
    private static SequencedMap<String, RawTensor> initialWeights(
            Experiment told, SequencedMap<Long, Located> stateDicts) {
        Located first = stateDicts.get(0L);
        return first == null ? new LinkedHashMap<>() : StateDict.weights(told.model(), first);
    }

    /** Seeds are named only where they draw what the file records, bit for bit; a foreign seed's draws differ by version and device. */
    private static Experiment withSeeds(
            Experiment told, Located file, Split split, SequencedMap<Long, Located> stateDicts) {
        SequencedMap<String, RawTensor> weights = initialWeights(told, stateDicts);
        List<String> sets = new ArrayList<>();
        try (Training own = Training.begin(told)) {
            boolean splits = same(own.split(), split);
            boolean draws = same(own.weights(), weights);
            if (splits && draws) {
                return told;
            }
            sets.add("seeds.notebook=null");
            if (!splits) {
                sets.add("seeds.split=" + splitSeed(told, file, split));
            }
            if (!draws) {
                sets.addAll(weightSeed(told, file, weights));
            }
        }
        return Experiments.parse(told.toJson(), told.name(), sets);
    }

    private static String splitSeed(Experiment told, Located file, Split split) {
        return candidates(told, file)
                .filter(seed -> {
                    try (Rng rng = Rng.seeded(seed)) {
                        return same(Split.of(told.task().size(), told.task().trainSize(), rng), split);
                    }
                })
                .mapToObj(Long::toString)
                .findFirst()
                .orElse("null");
    }

    private static List<String> weightSeed(Experiment told, Located file, SequencedMap<String, RawTensor> weights) {
        for (String order : List.of("q-o-k-v", "q-k-v-o")) {
            String init = "model.init={kind: gpt2, order: " + order + "}";
            Experiment ordered = Experiments.parse(told.toJson(), told.name(), List.of(init));
            OptionalLong seed = candidates(told, file)
                    .filter(s -> draws(s, ordered, weights))
                    .findFirst();
            if (seed.isPresent()) {
                return List.of(init, "seeds.weights=" + seed.getAsLong());
            }
        }
        return List.of("seeds.weights=null");
    }

    /** The recorded seed, and the card's of its data. */
    private static LongStream candidates(Experiment told, Located file) {
        LongStream recorded = file.get("config").dict().get("seed") instanceof Value.Int
                ? LongStream.of(file.get("config").get("seed").integer())
                : LongStream.empty();
        LongStream named = LongStream.concat(told.seeds().split().stream(), told.seeds().weights().stream());
        return LongStream.concat(LongStream.concat(recorded, named), LongStream.of(CARD_DATA_SEED))
                .filter(s -> s >= 0 && s <= 0xFFFF_FFFFL)
                .distinct();
    }

    private static boolean draws(long seed, Experiment experiment, SequencedMap<String, RawTensor> weights) {
        try (var _ = new Scope();
                var _ = new NoGrad();
                Rng rng = Rng.seeded(seed)) {
            SequencedMap<String, RawTensor> drawn = new LinkedHashMap<>();
            Weights.draw(experiment.model(), DType.F32, Device.CPU, rng)
                    .all()
                    .forEach((name, tensor) -> drawn.put(name, tensor.raw()));
            return same(drawn, weights);
        }
    }

    private static boolean same(Split a, Split b) {
        return Arrays.equals(a.train(), b.train()) && Arrays.equals(a.test(), b.test());
    }

    private static boolean same(Map<String, RawTensor> drawn, Map<String, RawTensor> recorded) {
        return drawn.entrySet().stream().allMatch(e -> {
            RawTensor other = recorded.get(e.getKey());
            return other != null && e.getValue().data().mismatch(other.data()) < 0;
        });
    }

    /** The weights after so many updates, under Hooke's names. */
    public SequencedMap<String, RawTensor> weights(long step) {
        Located stateDict = stateDicts.get(step);
        if (stateDict == null) {
            throw new IllegalArgumentException("no checkpoint at step " + step);
        }
        return StateDict.weights(experiment.model(), stateDict);
    }

    /** The layout as a value that can be written; PyTorch then loads it with {@code weights_only=True}, the config as a plain dict. */
    public static Value.Dict value(
            Experiment experiment,
            Split split,
            SequencedMap<String, double[]> series,
            SequencedMap<Long, SequencedMap<String, RawTensor>> weights) {
        var names = new TransformerLensNames();
        List<Value> checkpoints = new ArrayList<>();
        List<Value> epochs = new ArrayList<>();
        Value.Dict config = TransformerLensConfig.of(experiment.model());
        experiment.seeds().weights().ifPresent(seed -> config.put("seed", Value.Int.of(seed)));
        Value.Dict dict = Value.Dict.empty(false)
                .put(
                        "model",
                        names.stateDict(experiment.model(), weights.lastEntry().getValue()))
                .put("config", config);
        weights.sequencedEntrySet().stream()
                .limit(weights.size() - 1)
                .sorted(Comparator.comparingLong(Map.Entry::getKey))
                .forEach(e -> {
                    checkpoints.add(names.stateDict(experiment.model(), e.getValue()));
                    epochs.add(Value.Int.of(e.getKey()));
                });
        dict.put("checkpoints", Value.Items.of(checkpoints)).put("checkpoint_epochs", Value.Items.of(epochs));
        SERIES.forEach((ours, theirs) -> dict.put(
                theirs,
                Value.Items.of(Arrays.stream(java.util.Objects.requireNonNull(series.get(ours), ours))
                        .mapToObj(Value.Real::new)
                        .toList())));
        SequencedMap<String, RawTensor> indices = split.tensors();
        indices.forEach((name, raw) -> dict.put(name + "_indices", Value.Tensor.of(raw)));
        return dict;
    }
}
