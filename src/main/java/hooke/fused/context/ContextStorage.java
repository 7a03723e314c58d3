package hooke.fused.context;

import hooke.fused.updates.FlatUpdates;
import hooke.tensor.RawTensor;
import java.util.List;
import java.util.function.IntConsumer;

/** The weights of a model on sequences as its updates see them. */
record ContextStorage(ContextWeights weights, Workers<Desk> workers) implements FlatUpdates.Storage {
    @Override
    public float[] values() {
        return weights.values();
    }

    @Override
    public float[] gradients() {
        return weights.gradients();
    }

    @Override
    public List<FlatUpdates.Stretch> trained() {
        return weights.trained();
    }

    @Override
    public RawTensor flat(float[] ofEach) {
        return weights.flat(ofEach);
    }

    @Override
    public void readFlat(RawTensor flat, float[] ofEach) {
        weights.readFlat(flat, ofEach);
    }

    @Override
    public void run(int count, IntConsumer task) {
        workers.run(count, (_, number) -> task.accept(number));
    }

    @Override
    public void changed() {
        weights.changed();
    }
}
