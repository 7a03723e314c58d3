package hooke.train;

import hooke.config.TrainConfig;
import hooke.model.Input;
import hooke.model.Plan;
import hooke.model.Transformer;
import hooke.task.Split;
import hooke.task.Task;
import hooke.tensor.DType;
import hooke.tensor.Libtorch;
import hooke.tensor.NoGrad;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Trains and evaluates with libtorch's operations and autograd: the reference for every other engine. It lives in the scope that was
 * innermost when it was made.
 */
final class TorchEngine implements Engine {
    /** Examples evaluated together: few enough that their activations stay in the processor's cache. */
    private static final int TILE = 1024;

    private final Task task;
    private final TrainConfig config;
    private final Transformer model;
    private final AdamW optimizer;
    private final int[][] tokens;
    private final Plan plan;
    private final Batch wholeTrain;
    private final List<Batch> train;
    private final List<Batch> test;
    private long step;

    /** Examples ready for the forward pass, with the classes of their answers [example * answer]. */
    private record Batch(Input input, Tensor classes) {}

    TorchEngine(Task task, TrainConfig config, Split split, Transformer model, long step) {
        this.task = task;
        this.config = config;
        this.model = model;
        this.step = step;
        Tensor values = model.weights().trainableValues();
        this.optimizer = switch (config.optimizer()) {
            case TrainConfig.Optimizer.AdamW adamW -> new AdamW(adamW, values.dtype(), values.numel());
        };
        this.tokens = IntStream.range(0, task.size()).mapToObj(task::tokens).toArray(int[][]::new);
        int together = switch (config.batch()) {
            case TrainConfig.Batch.Full() -> split.train().length;
            case TrainConfig.Batch.Mini(int size) -> size;
        };
        this.plan = Plan.reading(model.config(), values.device(), task.answerPositions(), tokens, together);
        this.wholeTrain = batch(split.train());
        this.train = tiles(split.train());
        this.test = tiles(split.test());
    }

    private List<Batch> tiles(int[] examples) {
        List<Batch> tiles = new ArrayList<>();
        for (int start = 0; start < examples.length; start += TILE) {
            tiles.add(batch(Arrays.copyOfRange(examples, start, Math.min(start + TILE, examples.length))));
        }
        return tiles;
    }

    private Batch batch(int[] examples) {
        int[][] inputs = new int[examples.length][];
        int answers = task.answerPositions().length;
        int[] classes = new int[examples.length * answers];
        for (int i = 0; i < examples.length; i++) {
            inputs[i] = tokens[examples[i]];
            System.arraycopy(task.answers(examples[i]), 0, classes, i * answers, answers);
        }
        return new Batch(
                plan.input(inputs),
                Tensor.of(classes, classes.length)
                        .to(model.weights().trainableValues().device()));
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public void settle() {
        // The model's weights are what is trained.
    }

    @Override
    public SequencedMap<String, RawTensor> moments() {
        SequencedMap<String, RawTensor> moments = new LinkedHashMap<>();
        moments.put("adamw.mean", optimizer.mean().raw());
        moments.put("adamw.square", optimizer.square().raw());
        return moments;
    }

    @Override
    public void restore(RawTensor mean, RawTensor square) {
        try (var _ = new Scope()) {
            optimizer.mean().copyInPlace(Tensor.of(mean));
            optimizer.square().copyInPlace(Tensor.of(square));
        }
    }

    @Override
    public void close() {
        // What it made goes with its scope.
    }

    @Override
    public double update(int[] examples) {
        try (var _ = new Scope()) {
            Batch batch = batch(examples);
            Tensor loss = logits(batch).crossEntropy(batch.classes());
            update(loss);
            return loss.item();
        }
    }

    @Override
    public boolean measureThenUpdate(Predicate<Measure> goOn) {
        try (var _ = new Scope()) {
            Tensor logits = logits(wholeTrain);
            Tensor loss = logits.crossEntropy(wholeTrain.classes());
            double accuracy = right(logits, wholeTrain) / wholeTrain.classes().numel();
            boolean update = goOn.test(new Measure(loss.item(), accuracy));
            if (update) {
                update(loss);
            }
            return update;
        }
    }

    private void update(Tensor loss) {
        Libtorch.flushSubnormals(true);
        try {
            model.weights().gradients().zeroInPlace();
            loss.backward();
            optimizer.update(model.weights().trainableValues(), model.weights().gradients(), step, config.schedule());
            step++;
        } finally {
            Libtorch.flushSubnormals(false);
        }
    }

    @Override
    public Measure evaluateTrain() {
        return evaluate(train);
    }

    @Override
    public Measure evaluateTest() {
        return evaluate(test);
    }

    private Measure evaluate(List<Batch> tiles) {
        double loss = 0;
        double right = 0;
        long count = 0;
        for (Batch tile : tiles) {
            try (var _ = new Scope();
                    var _ = new NoGrad()) {
                Tensor logits = logits(tile);
                long answers = tile.classes().numel();
                loss += logits.crossEntropy(tile.classes()).item() * answers;
                right += right(logits, tile);
                count += answers;
            }
        }
        return new Measure(loss / count, right / count);
    }

    /** One row of logits an answer, [example * answer, class], in the precision of the loss. */
    private Tensor logits(Batch batch) {
        Tensor logits = model.forward(batch.input());
        Tensor rows = logits.view(batch.classes().numel(), logits.size(-1));
        return switch (config.lossDtype()) {
            case FLOAT32 -> rows;
            case FLOAT64 -> rows.to(DType.F64);
        };
    }

    private static double right(Tensor logits, Batch batch) {
        return logits.detach().argmax(-1).eq(batch.classes()).sum().item();
    }
}
