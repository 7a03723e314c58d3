package hooke.train;

import hooke.Check;
import hooke.config.Experiment;
import hooke.config.TaskConfig;
import hooke.config.TrainConfig;
import hooke.fused.Kernel;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.Batches;
import hooke.task.Split;
import hooke.task.Streams;
import hooke.task.Task;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Libtorch;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Everything one training consists of, at some number of updates: task, split, order of batches, model, optimizer. Confined to the
 * thread that began it; closing frees the native memory.
 */
public final class Training implements AutoCloseable {
    private final Scope scope;
    private final Experiment experiment;
    private final Task task;
    private final Split split;
    private final Batches batches;
    private final int[] batch;
    private final Transformer model;
    private final Engine engine;

    private Training(Scope scope, Experiment experiment, @Nullable Split given, @Nullable State state) {
        this.scope = scope;
        this.experiment = experiment;
        TrainConfig train = experiment.train();
        boolean torch = train.engine() == TrainConfig.Engine.TORCH;
        Libtorch.setThreads(torch ? Math.max(1, train.threads()) : 1); // The fused engine has threads of its own.
        this.task = Task.of(experiment.task());
        Device device = switch (train.device()) {
            case CPU -> Device.CPU.checkAvailable();
            case CUDA -> Device.CUDA.checkAvailable();
        };
        try (var streams = new Streams(experiment)) {
            Split drawnSplit = Split.of(experiment, streams);
            this.split = given == null ? drawnSplit : given;
            Weights drawn = Weights.draw(experiment.model(), DType.F32, device, streams.weights());
            this.batches = new Batches(split.train(), train.batch(), train.order(), streams.order());
            this.batch = new int[batches.size()];
            this.model = new Transformer(
                    state == null ? drawn : Weights.of(experiment.model(), DType.F32, device, state.weights()));
        }
        long step = state == null ? 0 : state.step();
        this.engine = switch (train.engine()) {
            case TORCH -> new TorchEngine(task, train, split, model, step);
            case FUSED -> new FusedEngine(task, train, split, model.weights(), Kernel.best(), step);
            case AUTO -> throw new IllegalStateException("train.engine must be resolved before a training begins");
        };
        if (state != null && !state.moments().isEmpty()) {
            engine.restore(moment(state, "adamw.mean"), moment(state, "adamw.square"));
        }
    }

    private static RawTensor moment(State state, String name) {
        return Objects.requireNonNull(state.moments().get(name), name);
    }

    /**
     * What a training can go on from.
     *
     * @param step updates done
     * @param weights by name
     * @param moments the optimizer's, by name
     */
    public record State(long step, Map<String, RawTensor> weights, Map<String, RawTensor> moments) {}

    /** From the initial weights. Engine and threads must have been resolved. */
    public static Training begin(Experiment experiment) {
        return open(experiment, null, null);
    }

    /** From where it was left. */
    public static Training resume(Experiment experiment, State state) {
        return open(experiment, null, state);
    }

    /** From where another program left it, with that one's split. */
    public static Training resume(Experiment experiment, Split split, State state) {
        return open(experiment, split, state);
    }

    /** From another program's split and initial weights. */
    public static Training of(Experiment experiment, Split split, Map<String, RawTensor> weights) {
        return open(experiment, split, new State(0, weights, Map.of()));
    }

    /** Throws {@link hooke.InputException} where there is nothing to train on. */
    public static void checkTrainable(Experiment experiment) {
        Check.that(
                !(experiment.task() instanceof TaskConfig.None),
                "task none has no examples to train or to be measured on: its weights are only to be looked at");
    }

    private static Training open(Experiment experiment, @Nullable Split given, @Nullable State state) {
        checkTrainable(experiment);
        Headroom.now().check(experiment);
        Scope scope = new Scope();
        try {
            return new Training(scope, experiment, given, state);
        } catch (RuntimeException e) {
            scope.close();
            throw e;
        }
    }

    public Experiment experiment() {
        return experiment;
    }

    public Task task() {
        return task;
    }

    public Split split() {
        return split;
    }

    public Batches batches() {
        return batches;
    }

    /** The model as it is now. It may stay behind when training goes on: ask again. */
    public Transformer model() {
        engine.settle();
        return model;
    }

    /** Updates done so far. */
    public long step() {
        return engine.step();
    }

    /** One update on the batch that is due; what the loss on it was before. */
    public double update() {
        return switch (experiment.train().batch()) {
            case TrainConfig.Batch.Full() -> updateWhole();
            case TrainConfig.Batch.Mini(int _) -> {
                batches.at(step(), batch);
                yield engine.update(batch);
            }
        };
    }

    /** One update on these examples; what the loss on them was before. */
    public double update(int[] examples) {
        return engine.update(examples);
    }

    private double updateWhole() {
        double[] loss = new double[1];
        engine.measureThenUpdate(measure -> {
            loss[0] = measure.loss();
            return true;
        });
        return loss[0];
    }

    /**
     * One update on the whole training set. Its forward pass measures how well the model does before the update, which is made only if
     * the caller, shown that, wants to go on.
     */
    public boolean measureThenUpdate(Predicate<Measure> goOn) {
        return engine.measureThenUpdate(goOn);
    }

    /** How well the model does on the whole training set now. */
    public Measure evaluateTrain() {
        return engine.evaluateTrain();
    }

    /** How well the model does on the whole test set now. */
    public Measure evaluateTest() {
        return engine.evaluateTest();
    }

    /** The weights as they lie in memory, by name: they change with a later update. */
    public SequencedMap<String, RawTensor> weights() {
        SequencedMap<String, RawTensor> raw = new LinkedHashMap<>();
        model().weights().all().forEach((name, tensor) -> raw.put(name, tensor.raw()));
        return raw;
    }

    /** The optimizer's state as it lies in memory, by name: it changes with the next update. */
    public SequencedMap<String, RawTensor> optimizerState() {
        return engine.moments();
    }

    @Override
    public void close() {
        engine.close();
        scope.close();
    }
}
