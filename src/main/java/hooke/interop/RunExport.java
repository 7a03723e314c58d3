package hooke.interop;

import hooke.Check;
import hooke.config.Experiment;
import hooke.config.task.EquationFormat;
import hooke.config.task.TaskConfig;
import hooke.interop.names.NanoGptNames;
import hooke.interop.names.TransformerLensNames;
import hooke.interop.names.XTransformersNames;
import hooke.interop.pickle.Pth;
import hooke.interop.pickle.Value;
import hooke.store.RunReader;
import hooke.store.files.Checkpoint;
import hooke.store.series.Series;
import hooke.tensor.RawTensor;
import hooke.tensor.Safetensors;
import hooke.train.StoredTraining;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.LongStream;

/** Runs as files that other programs read. */
public final class RunExport {
    /** What a file is for. */
    public enum Form {
        /** The weights of one checkpoint under Hooke's names, for {@code torch.load}. */
        PTH,
        /** The weights of one checkpoint under Hooke's names, as a safetensors file. */
        SAFETENSORS,
        /** The state dict of a HookedTransformer, with its buffers. */
        TRANSFORMER_LENS,
        /** The state dict of nanoGPT's GPT. */
        NANOGPT,
        /** The state dict of x-transformers' AutoregressiveWrapper around a Decoder with rotary positions. */
        X_TRANSFORMERS,
        /** The whole run, in the layout of the modular multiplication card. */
        MODMUL
    }

    private RunExport() {}

    /** Writes a checkpoint's weights. Throws {@link hooke.InputException} where the form cannot express the model. */
    public static void weights(RunReader run, Checkpoint checkpoint, Form form, Path file) {
        Experiment experiment = run.experiment();
        try (Arena arena = Arena.ofConfined()) {
            SequencedMap<String, RawTensor> weights =
                    checkpoint.weights().open(arena).tensors();
            switch (form) {
                case PTH -> Pth.write(file, plain(weights));
                case SAFETENSORS -> {
                    SequencedMap<String, String> metadata = new LinkedHashMap<>();
                    metadata.put("experiment", experiment.toJson());
                    metadata.put("step", Long.toString(checkpoint.step()));
                    Safetensors.write(file, weights, metadata);
                }
                case TRANSFORMER_LENS ->
                    Pth.write(file, new TransformerLensNames().stateDict(experiment.model(), weights));
                case NANOGPT -> Pth.write(file, new NanoGptNames().stateDict(experiment.model(), weights));
                case X_TRANSFORMERS -> Pth.write(file, new XTransformersNames().stateDict(experiment.model(), weights));
                case MODMUL -> throw new IllegalArgumentException("modmul is of a whole run");
            }
        }
    }

    private static Value.Dict plain(SequencedMap<String, RawTensor> weights) {
        Value.Dict dict = Value.Dict.empty(true);
        weights.forEach((name, raw) -> dict.put(name, Value.Tensor.of(raw)));
        return dict;
    }

    /** Writes all checkpoints, series and indices. Throws {@link hooke.InputException} where the layout cannot hold the run. */
    public static void modmul(RunReader run, Path file) {
        Experiment experiment = run.experiment();
        List<Checkpoint> checkpoints = run.checkpoints();
        String address = run.run().address();
        Check.that(
                experiment
                        .task()
                        .modularArithmetic()
                        .filter(task -> task.format() == EquationFormat.PAIR
                                && task.operation() != TaskConfig.ModularArithmetic.Operation.DIVIDE)
                        .isPresent(),
                "the layout modmul is of modular arithmetic over all pairs [a, b, =], and run %s is of another task",
                address);
        Check.that(
                experiment.train().batch().isFull() && experiment.train().evaluateEvery() == 1,
                "the layout modmul has losses of every epoch: train.batch must be full, train.evaluate_every (%s) 1",
                experiment.train().evaluateEvery());
        Check.that(
                !checkpoints.isEmpty() && checkpoints.getLast().step() >= 1,
                "run %s has no checkpoint after step 0 yet",
                address);
        long last = checkpoints.getLast().step();
        SequencedMap<String, double[]> series = new LinkedHashMap<>();
        ModmulCheckpoint.SERIES.keySet().forEach(name -> series.put(name, values(run.series(name), last)));
        try (Arena arena = Arena.ofConfined()) {
            SequencedMap<Long, SequencedMap<String, RawTensor>> weights = new LinkedHashMap<>();
            checkpoints.forEach(
                    c -> weights.put(c.step(), c.weights().open(arena).tensors()));
            Pth.write(file, ModmulCheckpoint.value(experiment, StoredTraining.split(run), series, weights));
        }
    }

    /** At every step before the last: the layout has none after the last update. */
    private static double[] values(Series series, long last) {
        Check.that(
                series.size() >= last
                        && Arrays.equals(
                                Arrays.copyOf(series.steps(), (int) last),
                                LongStream.range(0, last).toArray()),
                "series %s has no value at every epoch from 0 to %s",
                series.name(),
                last - 1);
        return Arrays.copyOf(series.values(), (int) last);
    }
}
