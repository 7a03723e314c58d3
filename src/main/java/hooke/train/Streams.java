package hooke.train;

import hooke.config.Experiment;
import hooke.config.Seeds;
import hooke.tensor.Rng;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The random streams of an experiment. They must be asked for in the order split, weights, order, once each, because with
 * {@code seeds.notebook} they are one generator, drawn from in that order.
 */
final class Streams implements AutoCloseable {
    private final long seed;
    private final Seeds seeds;
    private final @Nullable Rng notebook;

    Streams(Experiment experiment) {
        this.seed = experiment.seed();
        this.seeds = experiment.seeds();
        this.notebook =
                seeds.notebook().isPresent() ? Rng.seeded(seeds.notebook().getAsLong()) : null;
    }

    /** For shuffling all examples before they are split. */
    Rng split() {
        return notebook != null
                ? notebook
                : seeds.split().isPresent() ? Rng.seeded(seeds.split().getAsLong()) : Rng.stream(seed, "split");
    }

    /** For the initial weights. */
    Rng weights() {
        return notebook != null
                ? notebook
                : seeds.weights().isPresent() ? Rng.seeded(seeds.weights().getAsLong()) : Rng.stream(seed, "weights");
    }

    /** The order of so many training examples in each epoch: a function of the epoch alone. */
    IntFunction<int[]> order(int examples) {
        if (notebook != null) {
            // A DataLoader draws a base seed for its workers, then its sampler the seed of a generator of its own.
            notebook.nextLong();
            long first = notebook.nextLong();
            return epoch -> permutation(epoch == 0 ? Rng.seeded(first) : Rng.stream(first, "order", epoch), examples);
        }
        if (seeds.order().isPresent()) {
            long first = seeds.order().getAsLong();
            return epoch -> permutation(epoch == 0 ? Rng.seeded(first) : Rng.stream(first, "order", epoch), examples);
        }
        return epoch -> permutation(Rng.stream(seed, "order", epoch), examples);
    }

    private static int[] permutation(Rng rng, int examples) {
        try (rng) {
            return rng.permutation(examples);
        }
    }

    @Override
    public void close() {
        if (notebook != null) {
            notebook.close();
        }
    }
}
