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
    private int epoch = -1;
    private int[] shuffled = {};

    /** The random stream that batches come from; asked for mini-batches only. */
    public interface Draws {
        /** The numbers {@code 0 .. examples - 1} in the order of an epoch. */
        int[] permutation(int epoch, int examples);

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
    }

    /** Updates in one pass over the training set. */
    public int perEpoch() {
        return train.length / size;
    }

    /** Numbers of the examples that the update after {@code step} updates sees. */
    public int[] at(long step) {
        if (size == train.length && order != TrainConfig.Order.WITH_REPLACEMENT) {
            return train;
        }
        return switch (order) {
            case RESHUFFLE -> trained(ofEpoch(Math.toIntExact(step / perEpoch())), (int) (step % perEpoch()) * size);
            case REPLAY -> trained(ofEpoch(0), (int) (step % perEpoch()) * size);
            case WITH_REPLACEMENT -> trained(draws.sample(step, size, train.length), 0);
        };
    }

    /** The training examples at the places that stand from one on. */
    private int[] trained(int[] places, int from) {
        int[] examples = new int[size];
        for (int i = 0; i < size; i++) {
            examples[i] = train[places[from + i]];
        }
        return examples;
    }

    private int[] ofEpoch(int wanted) {
        if (wanted != epoch) {
            shuffled = draws.permutation(wanted, train.length);
            epoch = wanted;
        }
        return shuffled;
    }
}
