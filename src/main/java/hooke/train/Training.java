package hooke.train;

import hooke.Check;
import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Fit;
import hooke.config.ModelConfig;
import hooke.config.TrainConfig;
import hooke.config.task.TaskConfig;
import hooke.fused.kernels.Kernel;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.Batch;
import hooke.task.Batches;
import hooke.task.Data;
import hooke.task.EvaluationSet;
import hooke.task.FiniteTask;
import hooke.task.NoTask;
import hooke.task.SequenceTask;
import hooke.task.Split;
import hooke.task.Streams;
import hooke.task.Task;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Dropout;
import hooke.tensor.Libtorch;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Collectors;
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
    private final Batches.Draws draws;
    private final Data data;
    private final Transformer model;
    private final Engine engine;
    private boolean hasGradients;

    private Training(Scope scope, Experiment experiment, Task task, @Nullable Split given, @Nullable State state) {
        this.scope = scope;
        this.experiment = experiment;
        TrainConfig train = experiment.train();
        boolean torch = train.engine() == TrainConfig.Engine.TORCH;
        Libtorch.setThreads(torch ? Math.max(1, train.threads()) : 1); // The fused engine has threads of its own.
        this.task = task;
        Device device = switch (train.device()) {
            case CPU -> Device.CPU.checkAvailable();
            case CUDA -> Device.CUDA.checkAvailable();
        };
        DType dtype = switch (train.precision()) {
            case FLOAT32, BF16 -> DType.F32;
            case FLOAT64 -> DType.F64;
        };
        try (var streams = new Streams(experiment)) {
            Split drawnSplit = task.split(experiment, streams);
            this.split = given == null ? drawnSplit : given;
            Weights drawn = Weights.draw(experiment.model(), dtype, device, streams.weights());
            this.draws = streams.order();
            this.data = Data.of(task, experiment, split, draws);
            this.model = new Transformer(
                    state == null ? drawn : Weights.of(experiment.model(), dtype, device, state.weights()));
        }
        long step = state == null ? 0 : state.step();
        ModelConfig config = experiment.model();
        var dropout = new Dropout(experiment.seed(), train.dropout(), config.nHeads(), config.nCtx());
        this.engine = switch (train.engine()) {
            case TORCH -> new TorchEngine(task, train, data, model, dropout, step);
            case FUSED ->
                experiment.isTiny()
                        ? new FusedEngine((FiniteTask) task, train, data, model.weights(), Kernel.best(), step)
                        : new ContextEngine(task, train, model.weights(), dropout, Kernel.best(), step);
            case AUTO -> throw new IllegalStateException("train.engine must be resolved before a training begins");
        };
        if (state != null && !state.moments().isEmpty()) {
            checkOptimizer(engine.state(), state.moments());
            engine.restore(state.moments());
        }
    }

    private static void checkOptimizer(Map<String, RawTensor> own, Map<String, RawTensor> given) {
        Check.that(
                shapes(given).equals(shapes(own)),
                "the checkpoint is of another optimizer, model or gradient filter: it remembers %s, and this training %s",
                shown(given),
                shown(own));
    }

    private static Map<String, List<Long>> shapes(Map<String, RawTensor> state) {
        return state.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().shape()));
    }

    /** At most some of them. */
    private static String shown(Map<String, RawTensor> state) {
        String some = state.entrySet().stream()
                .limit(4)
                .map(e -> e.getKey() + " " + e.getValue().shape())
                .collect(Collectors.joining(", "));
        return state.isEmpty() ? "nothing" : state.size() > 4 ? some + ", .." : some;
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
        return open(experiment, null, null, null);
    }

    /**
     * From the initial weights, on a task of the program's own: the experiment says {@code task: {kind: own, ..}} with its sizes. Where it is a {@link
     * FiniteTask}, {@code task.examples} is their number.
     */
    public static Training begin(Experiment experiment, Task task) {
        return open(experiment, task, null, null);
    }

    /** From where it was left. */
    public static Training resume(Experiment experiment, State state) {
        return open(experiment, null, null, state);
    }

    /** From where it was left, on a task of the program's own. */
    public static Training resume(Experiment experiment, Task task, State state) {
        return open(experiment, task, null, state);
    }

    /** From where another program left it, with that one's split. */
    public static Training resume(Experiment experiment, Split split, State state) {
        return open(experiment, null, split, state);
    }

    /** From another program's split and initial weights. */
    public static Training of(Experiment experiment, Split split, Map<String, RawTensor> weights) {
        return open(experiment, null, split, new State(0, weights, Map.of()));
    }

    private static void checkFits(TaskConfig config, Task task) {
        same("d_vocab", config.dVocab(), task.dVocab());
        same("d_vocab_out", config.dVocabOut(), task.dVocabOut());
        same("n_ctx", config.nCtx(), task.nCtx());
        same("examples", config.size(), task instanceof FiniteTask finite ? finite.size() : 0);
        if (task instanceof FiniteTask finite) {
            same("answers", config.answers(), finite.answerPositions().length);
        }
    }

    private static void same(String key, int told, int is) {
        Check.that(told == is, "task.%s (%s) must be %s, as in the program's task", key, told, is);
    }

    /** Throws {@link hooke.InputException} where there is nothing to train on, or the processor cannot. */
    public static void checkTrainable(Experiment experiment) {
        if (Task.of(experiment.task()) instanceof NoTask(var _, String subject)) {
            throw new InputException(
                    subject + " has no examples to train or measure on: its weights can only be inspected");
        }
        checkHere(experiment);
    }

    private static void checkHere(Experiment experiment) {
        lackHere(experiment).ifPresent(lack -> {
            throw new InputException(lack);
        });
    }

    /** What an experiment needs and this processor has not, as a sentence without its end; empty where it can be trained. */
    public static Optional<String> lackHere(Experiment experiment) {
        return ContextEngine.lackHere(experiment.train());
    }

    private static Training open(
            Experiment experiment, @Nullable Task own, @Nullable Split given, @Nullable State state) {
        if (own == null) {
            checkTrainable(experiment);
        } else {
            checkFits(experiment.task(), own);
            checkHere(experiment);
        }
        Task task = own == null ? Task.of(experiment.task()) : own;
        Fit.here().check(experiment);
        Scope scope = new Scope();
        try {
            return new Training(scope, experiment, task, given, state);
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

    public Data data() {
        return data;
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

    /** The batch that is due; of several that make one update, the first. */
    public Batch batch() {
        return data.batch(step() * experiment.train().accumulate());
    }

    /** Measures the batches that are due, and leaves the gradients of the mean or sum of their losses for {@link #update}. */
    public Measure differentiate() {
        TrainConfig train = experiment.train();
        int batches = train.accumulate();
        double weight = switch (train.accumulateBy()) {
            case MEAN -> 1.0 / batches;
            case SUM -> 1;
        };
        List<Measure> measures = new ArrayList<>();
        for (int i = 0; i < batches; i++) {
            measures.add(engine.differentiate(data.batch(step() * batches + i), weight, i > 0));
        }
        hasGradients = true;
        return Measure.mean(measures);
    }

    /** Measures a batch, and leaves the gradients of its mean loss for {@link #update}. */
    public Measure differentiate(Batch batch) {
        Measure measure = engine.differentiate(batch, 1, false);
        hasGradients = true;
        return measure;
    }

    /** One update by the gradients of the last {@link #differentiate}, which serve once. */
    public void update() {
        if (!hasGradients) {
            throw new IllegalStateException("there are no gradients to update by: differentiate a batch first");
        }
        engine.update();
        hasGradients = false;
    }

    /** One update on what is due; how well the model did on it before. */
    public Measure advance() {
        Measure before = differentiate();
        update();
        return before;
    }

    /** One update on these examples; how well the model did on them before. */
    public Measure advance(Batch batch) {
        Measure before = differentiate(batch);
        update();
        return before;
    }

    /** How well the model does on every evaluation set now. */
    public Evaluation evaluate() {
        return evaluation(null);
    }

    /** How well the model does on every evaluation set, where the measure of the training set may be known already. */
    Evaluation evaluation(@Nullable Measure ofTraining) {
        SequencedMap<String, Measure> measures = new LinkedHashMap<>();
        for (EvaluationSet set : data.sets()) {
            boolean known = ofTraining != null && set.name().equals(EvaluationSet.TRAIN);
            measures.put(set.name(), known ? ofTraining : measure(set));
        }
        return new Evaluation(step(), measures);
    }

    /** How well the model does on the evaluation set of that name now. */
    public Measure evaluate(String set) {
        return data.sets().stream()
                .filter(s -> s.name().equals(set))
                .map(this::measure)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no evaluation set " + set));
    }

    private Measure measure(EvaluationSet set) {
        Measure measure = engine.evaluate(set.batch());
        return measure.and(task.derived(set.name(), measure.loss()));
    }

    /** Texts that the model writes from nothing now; none where its task has no such texts, or it cannot write token by token. */
    public List<String> samples() {
        return task instanceof SequenceTask texts && texts.start().length > 0
                ? Samples.of(experiment, texts, weights())
                : List.of();
    }

    /** How well the model does on whatever examples now. */
    public Measure evaluate(Batch batch) {
        return engine.evaluate(batch);
    }

    /** The weights as they lie in memory, by name: they change with a later update. */
    public SequencedMap<String, RawTensor> weights() {
        SequencedMap<String, RawTensor> raw = new LinkedHashMap<>();
        model().weights().all().forEach((name, tensor) -> raw.put(name, tensor.raw()));
        return raw;
    }

    /** The optimizer's state as it lies in memory, by name: it changes with the next update. */
    public SequencedMap<String, RawTensor> optimizerState() {
        return engine.state();
    }

    @Override
    public void close() {
        engine.close();
        scope.close();
    }
}
