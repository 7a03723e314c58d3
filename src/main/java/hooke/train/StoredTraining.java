package hooke.train;

import hooke.Headroom;
import hooke.InputException;
import hooke.config.EventKind;
import hooke.config.Fit;
import hooke.store.RunReader;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.store.series.Series;
import hooke.task.Split;
import hooke.task.Task;
import hooke.tensor.RawTensor;
import java.lang.foreign.Arena;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A training whose run lies in a store: begun or gone on with there, recorded there, ended there. */
public final class StoredTraining {
    private static final String LOSS = "_loss";

    private final Store store;
    private final RunWriter run;
    private final @Nullable Task own;

    /** @param run claimed, and not done */
    public StoredTraining(Store store, RunWriter run) {
        this(store, run, null);
    }

    /** On a task of the program's own, see {@link Training#begin(hooke.config.Experiment, Task)}. */
    public StoredTraining(Store store, RunWriter run, @Nullable Task own) {
        this.store = store;
        this.run = run;
        this.own = own;
    }

    /**
     * Begins, or goes on from the last whole checkpoint, and trains to the end or until asked to pause; then the result is empty.
     *
     * @param watch wraps the recorder that writes to the store, to see what goes by
     * @param warn hears sentences about what was damaged
     * @param pause asked once a step
     */
    public Optional<Trainer.Result> train(
            UnaryOperator<Recorder> watch, java.util.function.Consumer<String> warn, BooleanSupplier pause) {
        RunWriter.Start start = run.begin(store.read(run.run()).experiment().train()::savesAt);
        start.warnings().forEach(warn);
        RunReader reader = store.read(run.run());
        List<Evaluation> past = evaluations(reader);
        try (Training training = open(reader, start.checkpoint())) {
            if (start.checkpoint() == null) {
                training.task().tokenizer().ifPresent(run::keepTokenizer);
            }
            Recorder recorder = watch.apply(new ToStore(run));
            return Trainer.train(training, recorder, past, pause);
        } catch (InputException e) {
            throw e; // The disk is full, a file is in the way: nothing is wrong with the run, which can be gone on
            // with.
        } catch (RuntimeException | Error e) {
            if (Headroom.isMemory(e)) {
                throw Fit.here().ranOut(reader.experiment(), e);
            }
            fail(e);
            throw e;
        }
    }

    private void fail(Throwable fault) {
        try {
            run.fail(ResultJson.failed(fault.toString()), OffsetDateTime.now(Clock.system(ZoneId.systemDefault())));
        } catch (RuntimeException second) {
            fault.addSuppressed(second);
        }
    }

    private Training open(RunReader reader, @Nullable Checkpoint checkpoint) {
        if (checkpoint != null) {
            return at(reader, checkpoint, own);
        }
        return own == null ? Training.begin(reader.experiment()) : Training.begin(reader.experiment(), own);
    }

    /** A run as it was at one of its checkpoints. Its optimizer's moments are there for the newest two only, and zero otherwise. */
    public static Training at(RunReader reader, Checkpoint checkpoint) {
        return at(reader, checkpoint, null);
    }

    /** A run on a task of the program's own, as it was at one of its checkpoints. */
    public static Training at(RunReader reader, Checkpoint checkpoint, @Nullable Task own) {
        try (Arena arena = Arena.ofConfined()) {
            Map<String, RawTensor> weights = checkpoint.weights().open(arena).tensors();
            Map<String, RawTensor> moments = checkpoint.state() == null
                    ? Map.of()
                    : checkpoint.state().open(arena).tensors();
            var state = new Training.State(checkpoint.step(), weights, moments);
            if (own != null) {
                return Training.resume(reader.experiment(), own, state);
            }
            Optional<Split> kept = reader.kept(Split.KEPT, Split::of);
            return kept.isPresent()
                    ? Training.resume(reader.experiment(), kept.get(), state)
                    : Training.resume(reader.experiment(), state);
        }
    }

    /** Which examples a run was trained on: those that it keeps, where another program chose them, else what its seeds draw. */
    public static Split split(RunReader reader) {
        return reader.kept(Split.KEPT, Split::of).orElseGet(() -> Split.of(reader.experiment()));
    }

    /** All evaluations that a run has recorded, in order: of each set that has a loss, whatever else is measured of it. */
    public static List<Evaluation> evaluations(RunReader reader) {
        SortedMap<Long, SequencedMap<String, Measure>> steps = new TreeMap<>();
        for (String series : reader.seriesNames()) {
            if (series.endsWith(LOSS)) {
                String set = series.substring(0, series.length() - LOSS.length());
                measures(reader, set)
                        .forEach((step, measure) -> steps.computeIfAbsent(step, _ -> new LinkedHashMap<>())
                                .put(set, measure));
            }
        }
        List<Evaluation> evaluations = new ArrayList<>();
        steps.forEach((step, sets) -> evaluations.add(new Evaluation(step, sets)));
        return evaluations;
    }

    /** Of one evaluation set, by step. The loss of a full batch is recorded at every step; an evaluation measures more. */
    private static Map<Long, Measure> measures(RunReader reader, String set) {
        Series losses = reader.series(set + LOSS);
        Map<Long, Measure> measures = new HashMap<>();
        for (String name : reader.seriesNames()) {
            if (name.startsWith(set + "_") && !name.equals(set + LOSS)) {
                String metric = name.substring(set.length() + 1);
                Series series = reader.series(name);
                for (int i = 0; i < series.size(); i++) {
                    long step = series.steps()[i];
                    measures.computeIfAbsent(step, _ -> new Measure(at(losses, step), new LinkedHashMap<>()))
                            .metrics()
                            .put(metric, series.values()[i]);
                }
            }
        }
        return measures;
    }

    private static double at(Series series, long step) {
        int place = Arrays.binarySearch(series.steps(), step);
        return place < 0 ? Double.NaN : series.values()[place];
    }

    private record ToStore(RunWriter run) implements Recorder {
        @Override
        public void log(long step, String series, double value) {
            run.log(step, series, value);
        }

        @Override
        public void evaluated(Evaluation evaluation) {}

        @Override
        public void event(long step, EventKind kind, String detail) {
            run.event(step, kind, detail);
        }

        @Override
        public void checkpoint(Training training) {
            run.checkpoint(training.step(), training.weights(), training.optimizerState());
        }

        @Override
        public void finished(Trainer.Result result) {
            run.finish(ResultJson.write(result), OffsetDateTime.now(Clock.system(ZoneId.systemDefault())));
        }
    }
}
