package hooke.reach;

import hooke.config.Mask;
import hooke.config.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which positions of each layer can matter to what is read at the end, found by walking back through the masks: the queries that a
 * layer needs, the keys that these may attend to, and so on down to the embedding. Everything else is dead.
 *
 * @param layers from the first to the last
 */
public record Reach(List<Layer> layers) {
    /**
     * What one layer must compute.
     *
     * @param positions at which the residual stream must be known before this layer
     * @param queries at which it is needed afterwards
     * @param keys that those may attend to, in any head
     * @param masks of each head
     * @param nCtx positions of the context that the masks are of
     */
    public record Layer(int[] positions, int[] queries, int[] keys, List<Mask.Plain> masks, int nCtx) {
        public Layer {
            masks = List.copyOf(masks);
        }

        /** Places among the keys that a query, by its place, may attend to, in any head. */
        public int[] open(int query) {
            Set<Mask.Plain> different = different();
            return IntStream.range(0, keys.length)
                    .filter(key -> Reach.open(different, queries[query], keys[key], nCtx))
                    .toArray();
        }

        /** The masks without repetition. */
        public Set<Mask.Plain> different() {
            return new LinkedHashSet<>(masks);
        }
    }

    public Reach {
        layers = List.copyOf(layers);
    }

    /** Of reading these positions, ascending, of examples of this length. */
    public static Reach of(ModelConfig config, int[] read, int length) {
        List<Layer> reversed = new ArrayList<>();
        int[] needed = read;
        for (int layer = config.nLayers() - 1; layer >= 0; layer--) {
            reversed.add(layer(config, layer, needed, keys(config, layer, needed, length)));
            needed = reversed.getLast().positions();
        }
        return new Reach(reversed.reversed());
    }

    /** Every position of every layer: what hooks need, who may look anywhere. */
    public static Reach whole(ModelConfig config, int length) {
        int[] all = IntStream.range(0, length).toArray();
        return new Reach(IntStream.range(0, config.nLayers())
                .mapToObj(layer -> layer(config, layer, all, all))
                .toList());
    }

    private static int[] keys(ModelConfig config, int layer, int[] queries, int length) {
        Set<Mask.Plain> masks = config.masks(layer);
        if (queries.length == length && masks.stream().anyMatch(Mask.Plain::seesItself)) {
            return IntStream.range(0, length).toArray(); // A long context has many pairs to ask for.
        }
        return IntStream.range(0, length)
                .filter(k -> Arrays.stream(queries).anyMatch(q -> open(masks, q, k, config.nCtx())))
                .toArray();
    }

    private static Layer layer(ModelConfig config, int layer, int[] queries, int[] keys) {
        int[] positions = IntStream.concat(Arrays.stream(queries), Arrays.stream(keys))
                .sorted()
                .distinct()
                .toArray();
        List<Mask.Plain> masks = IntStream.range(0, config.nHeads())
                .mapToObj(head -> config.mask(layer, head))
                .toList();
        return new Layer(positions, queries, keys, masks, config.nCtx());
    }

    private static boolean open(Set<Mask.Plain> masks, int query, int key, int nCtx) {
        for (Mask.Plain mask : masks) {
            if (mask.open(query, key, nCtx)) {
                return true;
            }
        }
        return false;
    }
}
