package hooke.task;

import hooke.config.TrainConfig;
import hooke.config.TrainConfig.Batch;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Which training examples each update sees: a function of the step alone, so that a run can go on anywhere. What is left of an epoch
 * after its last whole batch is dropped.
 */
public final class Batches {
    private final int[] train;
    private final int size;
    private final TrainConfig.Order order;
    private final IntFunction<int[]> epochOrder;
    private int epoch = -1;
    private int[] shuffled = {};

    /**
     * @param train numbers of the examples to train on
     * @param epochOrder the order of {@code 0 .. train.length - 1} in an epoch; asked for mini-batches only
     */
    public Batches(int[] train, Batch batch, TrainConfig.Order order, IntFunction<int[]> epochOrder) {
        this.train = train;
        this.size = switch (batch) {
            case Batch.Full() -> train.length;
            case Batch.Mini(int examples) -> examples;
        };
        this.order = order;
        this.epochOrder = epochOrder;
    }

    /** Updates in one pass over the training set. */
    public int perEpoch() {
        return train.length / size;
    }

    /** Numbers of the examples that the update after {@code step} updates sees. */
    public int[] at(long step) {
        if (size == train.length) {
            return train;
        }
        int[] rows = rowsAt(step);
        int[] examples = new int[size];
        for (int i = 0; i < size; i++) {
            examples[i] = train[rows[i]];
        }
        return examples;
    }

    /** The same as places in the training set. */
    int[] rowsAt(long step) {
        int wanted = switch (order) {
            case RESHUFFLE -> Math.toIntExact(step / perEpoch());
            case REPLAY -> 0;
        };
        if (wanted != epoch) {
            shuffled = epochOrder.apply(wanted);
            epoch = wanted;
        }
        int from = (int) (step % perEpoch()) * size;
        return Arrays.copyOfRange(shuffled, from, from + size);
    }
}
