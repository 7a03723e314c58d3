package hooke.fused.rows;

import hooke.config.FusedChunks;
import hooke.config.ModelConfig;
import hooke.reach.States;

/** How much is computed together, and in which order of linear maps: decided before training, from the shapes alone. */
final class Chunks {
    /** Floats of neurons of a tile: a quarter of a second-level cache. */
    private static final int TILE_NEURONS = 1 << 17;
    /** What a multiply-add of a mixture costs, in those of a big product: it waits for loads. */
    private static final double MIXING = 5;

    private Chunks() {}

    /** Rows that the stages of a layer take together. */
    static int tile(ModelConfig config) {
        int widest = Math.max(config.dModel(), config.dMlp());
        return Math.max(32, Math.min(512, TILE_NEURONS / widest / 32 * 32));
    }

    /** Examples that a pass takes together. */
    static int size(ModelConfig config, States states) {
        long floats = 0;
        for (int level = 0; level + 1 < states.levels(); level++) {
            floats += (long) states.positions(level).length
                    * (10L * config.dModel() + 6L * config.nHeads() * config.dHead() + 2L * config.dMlp());
        }
        return FusedChunks.size((double) floats);
    }

    /**
     * The cheapest route of a layer's values for the rows that a whole chunk has. Products of values count for each key, those of
     * mixtures for each query; in exchange the rows that are mixed are wider, and one for each head.
     */
    static RowAttention.Route route(ModelConfig config, StateRows rows, int layer) {
        double keys = rows.capacity(layer);
        double queries = rows.capacity(layer + 1);
        double heads = config.nHeads() * (double) config.dHead();
        double pairs = 0;
        for (int query = 0; query < rows.places(layer + 1); query++) {
            pairs += rows.mostRows(layer + 1, query) * (double) rows.open(layer, query);
        }
        double width = config.dModel();
        double values = queries * heads * width + MIXING * pairs * heads;
        double residual = keys * heads * width + MIXING * pairs * config.nHeads() * width;
        boolean last = layer == config.nLayers() - 1;
        if (last && Readers.exist(config)) {
            double read = config.dMlp() + config.dVocabOut();
            double direct = queries * (width * read + config.dMlp() * width);
            double readers = 2 * heads * width * read
                    + keys * heads * read
                    + MIXING * pairs * config.nHeads() * read
                    + 2.0 * config.dMlp() * width * config.dVocabOut()
                    + queries * config.dMlp() * (double) config.dVocabOut();
            if (readers < Math.min(values, residual) + direct) {
                return RowAttention.Route.READERS;
            }
        }
        return residual < values ? RowAttention.Route.RESIDUAL : RowAttention.Route.VALUES;
    }
}
