package hooke.train;

import hooke.config.ModelConfig;
import hooke.config.TrainConfig;
import hooke.model.Input;
import hooke.model.Transformer;
import hooke.task.Batch;
import hooke.task.Data;
import hooke.task.EvaluationSet;
import hooke.task.Task;
import hooke.tensor.DType;
import hooke.tensor.Dropout;
import hooke.tensor.Libtorch;
import hooke.tensor.NoGrad;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import hooke.train.Inputs.Prepared;
import hooke.train.optimizers.Optimizer;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Trains and evaluates with libtorch's operations and autograd: the reference for every other engine. It lives in the scope that was
 * innermost when it was made.
 */
final class TorchEngine implements Engine {
    /**
     * Bytes of the widest activation of what is evaluated together: few enough to stay in the processor's caches, enough to keep all of a
     * GPU busy.
     */
    private static long tile(TrainConfig.Device device) {
        return switch (device) {
            case CPU -> 6 << 20;
            case CUDA -> 512 << 20;
        };
    }

    private final TrainConfig config;
    private final Transformer model;
    private final Optimizer optimizer;
    private final Inputs inputs;
    /** The sets that are evaluated, made ready once: whole, where an update sees all of it, and in tiles. */
    private final IdentityHashMap<Batch, Prepared> whole = new IdentityHashMap<>();

    private final IdentityHashMap<Batch, List<Prepared>> tiles = new IdentityHashMap<>();
    private final Dropout dropout;
    private long step;
    /** Batches of the update that is due which came before the last. */
    private int before;

    TorchEngine(Task task, TrainConfig config, Data data, Transformer model, Dropout dropout, long step) {
        this.config = config;
        this.model = model;
        this.dropout = dropout;
        this.step = step;
        this.optimizer = Optimizer.of(config, model.weights());
        Batch first = data.batch(step);
        this.inputs = Inputs.of(task, model, first);
        for (EvaluationSet set : data.sets()) {
            tiles.put(set.batch(), tiles(set.batch()));
        }
        switch (config.batch()) {
            case TrainConfig.Batch.Full() -> whole.put(first, inputs.prepare(first));
            case TrainConfig.Batch.Mini(int _) -> {}
        }
    }

    private List<Prepared> tiles(Batch batch) {
        ModelConfig m = model.config();
        long widest = Math.max(Math.max(m.dModel(), m.dMlp()), m.dVocabOut());
        int size = Math.toIntExact(Math.max(1, tile(config.device()) / (Float.BYTES * widest * inputs.length(batch))));
        List<Prepared> tiles = new ArrayList<>();
        for (int start = 0; start < batch.size(); start += size) {
            tiles.add(inputs.prepare(batch.range(start, Math.min(start + size, batch.size()))));
        }
        return tiles;
    }

    @Override
    public long step() {
        return step;
    }

    @Override
    public Measure differentiate(Batch batch, double weight, boolean onTop) {
        try (var _ = new Scope()) {
            @Nullable Prepared ready = whole.get(batch);
            Prepared prepared = ready == null ? inputs.prepare(batch) : ready;
            before = onTop ? before + 1 : 0;
            Tensor logits = logits(prepared, forward(dropping(prepared.input())));
            Tensor loss = logits.crossEntropy(prepared.classes());
            flushing(() -> {
                if (!onTop) {
                    model.weights().gradients().zeroInPlace();
                }
                (weight == 1 ? loss : loss.times(weight)).backward();
            });
            var tally = new Tally(inputs.metrics());
            tally.add(loss.item(), logits, prepared);
            return tally.measure();
        }
    }

    private Tensor forward(Input input) {
        return switch (config.recompute()) {
            case NONE -> model.forward(input);
            case BLOCKS -> model.recomputing(input);
        };
    }

    private Input dropping(Input input) {
        return dropout.share() == 0 ? input : input.dropping(dropout.batch(step * config.accumulate() + before));
    }

    /** Gradients and moments of a loss near 0 are subnormal numbers, which are slow and which nobody can tell from 0. */
    private static void flushing(Runnable work) {
        Libtorch.flushSubnormals(true);
        try {
            work.run();
        } finally {
            Libtorch.flushSubnormals(false);
        }
    }

    @Override
    public void update() {
        flushing(() -> optimizer.update(step));
        step++;
    }

    @Override
    public Measure evaluate(Batch batch) {
        var tally = new Tally(inputs.metrics());
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            @Nullable List<Prepared> ready = tiles.get(batch);
            for (Prepared tile : ready == null ? tiles(batch) : ready) {
                try (var _ = new Scope()) {
                    Tensor logits = logits(tile, model.forward(tile.input()));
                    tally.add(logits.crossEntropy(tile.classes()).item(), logits, tile);
                }
            }
        }
        return tally.measure();
    }

    /** One row of logits a target, [target, class], in the precision of the loss. */
    private Tensor logits(Prepared prepared, Tensor logits) {
        Tensor all = logits.reshape(logits.numel() / logits.size(-1), logits.size(-1));
        Tensor rows = prepared.rows() == null ? all : all.rows(prepared.rows());
        return switch (config.lossDtype()) {
            case FLOAT32 -> rows;
            case FLOAT64 -> rows.to(DType.F64);
        };
    }

    @Override
    public void settle() {
        // The model's weights are what is trained.
    }

    @Override
    public SequencedMap<String, RawTensor> state() {
        return optimizer.raw();
    }

    @Override
    public void restore(Map<String, RawTensor> state) {
        optimizer.restore(state);
    }

    @Override
    public void close() {
        // What it made goes with its scope.
    }
}
