package hooke.task;

import hooke.config.TrainConfig;
import hooke.config.TrainConfig.Batch;

/**
 * Which training examples each update sees: a function of the step alone, so that a run can go on anywhere. What is left of an epoch
 * after its last whole batch is dropped.
 */
public final class Batches {
    private final int[] train;
    private final int size;
    private final TrainConfig.Order order;
    private final Draws draws;
    private final int[] shuffled;
    private int epoch = -1;

    /** The random stream that batches come from; asked for mini-batches only. */
    public interface Draws {
        /** Fills an array with the numbers {@code 0 .. length - 1} in the order of an epoch. */
        void permute(int epoch, int[] order);

        /** For the update after {@code step} updates, so many numbers below {@code examples}, each drawn from all of them. */
        int[] sample(long step, int count, int examples);
    }

    /** @param train numbers of the examples to train on */
    public Batches(int[] train, Batch batch, TrainConfig.Order order, Draws draws) {
        this.train = train;
        this.size = switch (batch) {
            case Batch.Full() -> train.length;
            case Batch.Mini(int examples) -> examples;
        };
        this.order = order;
        this.draws = draws;
        this.shuffled = new int[train.length];
    }

    /** Examples of a batch. */
    public int size() {
        return size;
    }

    /** Whether each update sees the whole training set, in its order. */
    public boolean isWhole() {
        return size == train.length && order != TrainConfig.Order.WITH_REPLACEMENT;
    }

    /** Updates in one pass over the training set, at least 1: a batch drawn with replacement may be larger than the set. */
    public int perEpoch() {
        return Math.max(1, train.length / size);
    }

    /** Numbers of the examples that the update after {@code step} updates sees. */
    public int[] at(long step) {
        int[] batch = new int[size];
        at(step, batch);
        return batch;
    }

    /** Writes the batch of a step into an array of {@link #size}, for who trains thousands of steps a second. */
    public void at(long step, int[] batch) {
        if (isWhole()) {
            System.arraycopy(train, 0, batch, 0, size);
            return;
        }
        switch (order) {
            case RESHUFFLE -> take(ofEpoch(Math.toIntExact(step / perEpoch())), from(step), batch);
            case REPLAY -> take(ofEpoch(0), from(step), batch);
            case WITH_REPLACEMENT -> take(draws.sample(step, size, train.length), 0, batch);
        }
    }

    private int from(long step) {
        return (int) (step % perEpoch()) * size;
    }

    /** The training examples at the places that stand from one on. */
    private void take(int[] places, int from, int[] batch) {
        for (int i = 0; i < size; i++) {
            batch[i] = train[places[from + i]];
        }
    }

    private int[] ofEpoch(int wanted) {
        if (wanted != epoch) {
            draws.permute(wanted, shuffled);
            epoch = wanted;
        }
        return shuffled;
    }
}
