package hooke.task;

import hooke.tensor.Rng;
import java.util.Arrays;

/** Which examples are trained on, and which are only tested: numbers of examples, in the order that the random stream gave. */
public record Split(int[] train, int[] test) {

    /** All examples shuffled; the first are for training. PyTorch's {@code randperm(size)}, cut at {@code trainSize}. */
    public static Split of(int size, int trainSize, Rng rng) {
        int[] order = rng.permutation(size);
        return new Split(Arrays.copyOf(order, trainSize), Arrays.copyOfRange(order, trainSize, size));
    }
}
