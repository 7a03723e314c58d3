package hooke.fused;

import hooke.fused.kernels.FlatWeights;
import hooke.fused.updates.FlatUpdates;
import hooke.tensor.RawTensor;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** The weights of a tiny model as its updates see them: whole rows of vectors, each weight up to where the next begins. */
record TinyStorage(FlatWeights weights, ModelThreads crew) implements FlatUpdates.Storage {
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
        var trained = weights.parameters().stream()
                .filter(p -> weights.place(p.name()).trains())
                .sorted(Comparator.comparingInt(p -> weights.place(p.name()).offset()))
                .toList();
        return IntStream.range(0, trained.size())
                .mapToObj(i -> {
                    FlatWeights.Place place = weights.place(trained.get(i).name());
                    int end = i + 1 < trained.size()
                            ? weights.place(trained.get(i + 1).name()).offset()
                            : weights.trainable();
                    return new FlatUpdates.Stretch(trained.get(i), place.offset(), end, place::at);
                })
                .toList();
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
        crew.run(thread -> {
            for (int number = thread; number < count; number += crew.size()) {
                task.accept(number);
            }
        });
    }

    @Override
    public void changed() {
        weights.changed();
    }
}
