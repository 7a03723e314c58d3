package hooke.task;

import hooke.config.Experiment;
import hooke.config.Seeds;
import hooke.tensor.Rng;
import java.util.Arrays;

/** Which examples are trained on, and which are only tested: numbers of examples, in the order that the random stream gave. */
public record Split(int[] train, int[] test) {

    /** All examples shuffled; the first are for training. PyTorch's {@code randperm(size)}, cut at {@code trainSize}. */
    public static Split of(int size, int trainSize, Rng rng) {
        int[] order = rng.permutation(size);
        return new Split(Arrays.copyOf(order, trainSize), Arrays.copyOfRange(order, trainSize, size));
    }

    /** The split that an experiment trains with: the first draws of its stream {@code split}. */
    public static Split of(Experiment experiment) {
        Seeds seeds = experiment.seeds();
        int trainSize = experiment.task().trainSize();
        try (Rng rng = seeds.notebook().isPresent()
                ? Rng.seeded(seeds.notebook().getAsLong())
                : seeds.split().isPresent()
                        ? Rng.seeded(seeds.split().getAsLong())
                        : Rng.stream(experiment.seed(), "split")) {
            return of(experiment.task().size(), trainSize, rng);
        }
    }
}
