package hooke.task;

import hooke.config.Experiment;
import hooke.config.Seeds;
import hooke.tensor.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The random streams of an experiment. They must be asked for in the order split, weights, order, once each, because with
 * {@code seeds.notebook} they are one generator, drawn from in that order.
 */
public final class Streams implements AutoCloseable {
    private final long seed;
    private final Seeds seeds;
    private final @Nullable Rng notebook;
    /** To be closed with this: a generator is 5 kB outside of Java's heap. */
    private final List<Rng> opened = new ArrayList<>();

    public Streams(Experiment experiment) {
        this.seed = experiment.seed();
        this.seeds = experiment.seeds();
        this.notebook = seeds.notebook().isPresent() ? seeded(seeds.notebook()) : null;
    }

    private Rng seeded(OptionalLong given) {
        return opened(Rng.seeded(given.getAsLong()));
    }

    private Rng opened(Rng rng) {
        opened.add(rng);
        return rng;
    }

    private Rng stream(String name, OptionalLong given) {
        if (notebook != null) {
            return notebook;
        }
        return given.isPresent() ? seeded(given) : opened(Rng.stream(seed, name));
    }

    /** For shuffling all examples before they are split. */
    public Rng split() {
        return stream("split", seeds.split());
    }

    /** For the initial weights. */
    public Rng weights() {
        return stream("weights", seeds.weights());
    }

    /** What mini-batches are drawn from: a function of epoch or step alone. */
    public Batches.Draws order() {
        if (notebook != null) {
            // A DataLoader draws a base seed for its workers, then its sampler the seed of a generator of its own.
            notebook.nextLong();
            return new Order(notebook.nextLong(), true);
        }
        return seeds.order().isPresent() ? new Order(seeds.order().getAsLong(), true) : new Order(seed, false);
    }

    /** @param exact whether the first epoch has the very draws of {@code torch.manual_seed(first)} */
    private record Order(long first, boolean exact) implements Batches.Draws {
        @Override
        public void permute(int epoch, int[] order) {
            try (Rng rng = exact && epoch == 0 ? Rng.seeded(first) : Rng.stream(first, "order", epoch)) {
                rng.permute(order);
            }
        }

        @Override
        public int[] sample(long step, int count, int examples) {
            try (Rng rng = Rng.stream(first, "order", step)) {
                return rng.sample(count, examples);
            }
        }
    }

    @Override
    public void close() {
        opened.forEach(Rng::close);
    }
}
