package hooke.reach;

import hooke.config.ModelConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
     * @param keys that those may attend to
     * @param isOpen whether a query may attend to a key, [query][key], by their places among these
     */
    public record Layer(int[] positions, int[] queries, int[] keys, boolean[][] isOpen) {
        /** Places among the keys that a query, by its place, may attend to. */
        public int[] open(int query) {
            return IntStream.range(0, keys.length)
                    .filter(key -> isOpen[query][key])
                    .toArray();
        }
    }

    public Reach {
        layers = List.copyOf(layers);
    }

    /** Of reading these positions, ascending, of examples of this length. */
    public static Reach of(ModelConfig config, int[] read, int length) {
        List<Layer> reversed = new ArrayList<>();
        int[] needed = read;
        for (int layer = 0; layer < config.nLayers(); layer++) {
            int[] queries = needed;
            int[] keys = IntStream.range(0, length)
                    .filter(k -> Arrays.stream(queries).anyMatch(q -> open(config, q, k)))
                    .toArray();
            reversed.add(layer(config, queries, keys));
            needed = reversed.getLast().positions();
        }
        return new Reach(reversed.reversed());
    }

    /** Every position of every layer: what hooks need, who may look anywhere. */
    public static Reach whole(ModelConfig config, int length) {
        int[] all = IntStream.range(0, length).toArray();
        return new Reach(Collections.nCopies(config.nLayers(), layer(config, all, all)));
    }

    private static Layer layer(ModelConfig config, int[] queries, int[] keys) {
        int[] positions = IntStream.concat(Arrays.stream(queries), Arrays.stream(keys))
                .sorted()
                .distinct()
                .toArray();
        boolean[][] isOpen = new boolean[queries.length][keys.length];
        for (int query = 0; query < queries.length; query++) {
            for (int key = 0; key < keys.length; key++) {
                isOpen[query][key] = open(config, queries[query], keys[key]);
            }
        }
        return new Layer(positions, queries, keys, isOpen);
    }

    private static boolean open(ModelConfig config, int query, int key) {
        return config.mask().open(query, key, config.nCtx());
    }
}
