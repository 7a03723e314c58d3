package hooke.model;

import hooke.reach.Reach;
import hooke.tensor.Dropout;
import hooke.tensor.Dropout.Place;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What {@link Dropout} takes away from the activations of one batch in training. Rows belong to positions, whichever a plan computes.
 *
 * @param layers what is computed, by layer
 */
record Drops(Dropout.OfBatch batch, List<Reach.Layer> layers) {
    /** The sum of token and position vectors [batch, pos, d_model], with numbers taken away. */
    Tensor embedded(Tensor x) {
        return rows(Place.EMBEDDING, 0, x, layers.getFirst().positions());
    }

    /** What attention or MLP of a layer adds to the stream [batch, query, d_model], with numbers taken away. */
    Tensor written(Place place, int layer, Tensor x) {
        return rows(place, layer, x, layers.get(layer).queries());
    }

    private Tensor rows(Place place, int layer, Tensor x, int[] positions) {
        int width = Math.toIntExact(x.size(2));
        long of = batch.place(layer, place);
        long[] rows = new long[Math.toIntExact(x.numel() / width)];
        Arrays.setAll(rows, i -> batch.row(of, i / positions.length, positions[i % positions.length]));
        int[][] columns = {IntStream.range(0, width).toArray()};
        return x.times(batch.dropout().factors(rows, rows.length, columns, x).reshape(x.shape()));
    }

    /** By what the pattern of a layer is multiplied, [batch, head, query, key]. */
    Tensor ofPattern(int layer, long examples, int heads, Tensor like) {
        int[] queries = layers.get(layer).queries();
        int[][] keys = {layers.get(layer).keys()};
        long of = batch.place(layer, Place.PATTERN);
        long[] rows = new long[Math.toIntExact(examples * heads * queries.length)];
        Arrays.setAll(rows, i -> {
            int head = i / queries.length;
            return batch.row(of, head / heads, head % heads, queries[i % queries.length]);
        });
        return batch.dropout()
                .factors(rows, rows.length, keys, like)
                .reshape(examples, heads, queries.length, keys[0].length);
    }

    /** Factors of the patterns of some tiles of some heads, [batch * tile, head, query, key]. */
    Tensor ofTiles(int layer, long[] heads, int[][] queries, int[][] keys, Tensor pattern) {
        int each = heads.length * queries[0].length;
        long of = batch.place(layer, Place.PATTERN);
        long[] rows = new long[Math.toIntExact(pattern.size(0)) * each];
        Arrays.setAll(rows, i -> {
            int tile = i / each;
            int head = Math.toIntExact(heads[i / queries[0].length % heads.length]);
            int query = queries[tile % queries.length][i % queries[0].length];
            return batch.row(of, tile / queries.length, head, query);
        });
        return batch.dropout().factors(rows, each, keys, pattern).reshape(pattern.shape());
    }
}
