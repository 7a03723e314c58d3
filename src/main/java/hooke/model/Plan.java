package hooke.model;

import hooke.config.ModelConfig;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a forward pass must compute, found before training: the positions of each layer that can matter ({@link Reach}), and the rows
 * that examples share. Everything else is left out, exactly.
 *
 * <p>A plan lives in the scope that was innermost when it was made.
 */
public final class Plan {
    private final Device device;
    private final int[] read;
    private final List<Layer> layers;
    private final @Nullable DistinctRows rows;

    /**
     * What one layer computes.
     *
     * @param mask what is open as 0, what is closed as minus infinity, [query, key]; null where all are open
     * @param everyPair whether scores of closed pairs must be there, too, to be looked at
     */
    record Layer(Reach.Layer reach, @Nullable Tensor mask, boolean everyPair) {
        int[] positions() {
            return reach.positions();
        }

        int[] queries() {
            return reach.queries();
        }

        int[] keys() {
            return reach.keys();
        }

        int[] open(int query) {
            return reach.open(query);
        }
    }

    private Plan(Device device, int[] read, List<Layer> layers, @Nullable DistinctRows rows) {
        this.device = device;
        this.read = read;
        this.layers = layers;
        this.rows = rows;
    }

    private static Layer layer(Reach.Layer reach, Device device, boolean everyPair) {
        int queries = reach.queries().length;
        int keys = reach.keys().length;
        float[] mask = new float[queries * keys];
        boolean allOpen = true;
        for (int i = 0; i < mask.length; i++) {
            boolean isOpen = reach.isOpen()[i / keys][i % keys];
            mask[i] = isOpen ? 0 : Float.NEGATIVE_INFINITY;
            allOpen &= isOpen;
        }
        Tensor added = allOpen ? null : Tensor.of(mask, queries, keys).to(device);
        return new Layer(reach, added, everyPair);
    }

    /** Every position of every layer of examples of this length, each for itself: what hooks need, who may look anywhere. */
    public static Plan whole(ModelConfig config, Device device, int length) {
        int[] all = IntStream.range(0, length).toArray();
        Layer layer = layer(Reach.layer(config, all, all), device, true);
        return new Plan(device, all, Collections.nCopies(config.nLayers(), layer), null);
    }

    /**
     * What reading these positions needs. Where the examples hold few different tokens at the positions that the first layer reads,
     * less than half of a batch's own, its embeddings and projections are computed once for each instead of once for each example.
     *
     * @param read positions whose logits are read, ascending
     * @param examples tokens of all examples that will ever be computed, [example][pos]
     * @param batch examples computed together
     */
    public static Plan reading(ModelConfig config, Device device, int[] read, int[][] examples, int batch) {
        List<Layer> layers = Reach.of(config, read, examples[0].length).layers().stream()
                .map(layer -> layer(layer, device, false))
                .toList();
        int[] needed = layers.getFirst().positions();
        DistinctRows rows = DistinctRows.of(examples, needed, config.dVocab());
        boolean few = 2L * rows.count() < (long) batch * needed.length;
        return new Plan(device, read, layers, few ? rows : null);
    }

    /** The positions whose logits come out, ascending. */
    public int[] read() {
        return read.clone();
    }

    Reach reach() {
        return new Reach(layers.stream().map(Layer::reach).toList());
    }

    Layer layer(int number) {
        return layers.get(number);
    }

    /** Examples, made ready for the forward pass; lives in the innermost scope. */
    public Input input(int[][] examples) {
        Layer first = layers.getFirst();
        if (rows == null) {
            int[] positions = first.positions();
            long[] tokens = new long[examples.length * positions.length];
            for (int i = 0; i < tokens.length; i++) {
                tokens[i] = examples[i / positions.length][positions[i % positions.length]];
            }
            return new Input(this, examples.length, index(tokens), index(positions), null);
        }
        return new Input(
                this, examples.length, index(rows.tokens()), index(rows.positions()), rows.shared(examples, this));
    }

    /** Some entries of the second dimension: a view where they are neighbours. */
    static Tensor places(Tensor tensor, int[] places) {
        boolean neighbours = places[places.length - 1] - places[0] == places.length - 1;
        return neighbours
                ? tensor.narrow(1, places[0], places.length)
                : tensor.indexSelect(1, Tensor.of(places, places.length).to(tensor.device()));
    }

    Tensor index(long[] values) {
        return Tensor.of(DType.I64, MemorySegment.ofArray(values), values.length)
                .to(device);
    }

    Tensor index(int[] values) {
        return Tensor.of(values, values.length).to(device);
    }
}
