package hooke.model;

import hooke.reach.Reach;
import hooke.tensor.Dropout;
import hooke.tensor.Dropout.Place;
import hooke.tensor.Tensor;
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
        int[] columns = IntStream.range(0, width).toArray();
        float[] factors = new float[Math.toIntExact(x.numel())];
        long rows = batch.place(layer, place);
        for (int i = 0; i < factors.length / width; i++) {
            long row = batch.row(rows, i / positions.length, positions[i % positions.length]);
            batch.dropout().factors(row, columns, factors, i * width);
        }
        return x.times(like(x, factors, x.shape()));
    }

    /** By what the pattern of a layer is multiplied, [batch, head, query, key]. */
    Tensor ofPattern(int layer, long examples, int heads, Tensor like) {
        int[] queries = layers.get(layer).queries();
        int[] keys = layers.get(layer).keys();
        float[] factors = new float[Math.toIntExact(examples * heads * queries.length * keys.length)];
        long rows = batch.place(layer, Place.PATTERN);
        for (int i = 0; i < factors.length / keys.length; i++) {
            int head = i / queries.length % heads;
            int example = i / queries.length / heads;
            long row = batch.row(rows, example, head, queries[i % queries.length]);
            batch.dropout().factors(row, keys, factors, i * keys.length);
        }
        return like(like, factors, examples, heads, queries.length, keys.length);
    }

    /** Likewise of some tiles of some heads, [batch * tile, head, query, key]. */
    Tensor ofTiles(int layer, long[] heads, int[][] queries, int[][] keys, Tensor like) {
        int width = keys[0].length;
        float[] factors = new float[Math.toIntExact(like.numel())];
        long rows = batch.place(layer, Place.PATTERN);
        for (int i = 0; i < factors.length / width; i++) {
            int head = Math.toIntExact(heads[i / queries[0].length % heads.length]);
            int tile = i / queries[0].length / heads.length;
            int query = queries[tile % queries.length][i % queries[0].length];
            long row = batch.row(rows, tile / queries.length, head, query);
            batch.dropout().factors(row, keys[tile % queries.length], factors, i * width);
        }
        return like(like, factors, like.shape());
    }

    private static Tensor like(Tensor x, float[] factors, long... shape) {
        return Tensor.of(factors, shape).to(x.dtype()).to(x.device());
    }
}
