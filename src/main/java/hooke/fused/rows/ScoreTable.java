package hooke.fused.rows;

import hooke.fused.kernels.Kernels;
import hooke.fused.pass.Parts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The scores {@code q . k} of one query position, made once for each pair of a row that asks and a row that it may read, [own row, head,
 * key row]: worth it where many examples share few such pairs. All of a x b mod 113 has one asking row, that of "=", and 227 keys, so 908
 * scores in place of 153,228.
 *
 * <p>Gradients of the scores are gathered likewise, and only then go to queries and keys.
 */
final class ScoreTable {
    private final Parts parts;
    private final StateRows rows;
    private final AttentionTables tables;
    private final int layer;
    private final int ownPlace;
    private final int[] open;
    private final float[] scores;
    private final float[] gradients;
    /** Where the key rows lie in an array of keys, one after the other, for the head at hand. */
    private final int[] places;
    /** Of each open place: what added to the number of a row of it gives its column. */
    private final int[] offsets;

    private int keys;

    private ScoreTable(
            Parts parts, StateRows rows, AttentionTables tables, int layer, int ownPlace, int[] open, int size) {
        this.parts = parts;
        this.rows = rows;
        this.tables = tables;
        this.layer = layer;
        this.ownPlace = ownPlace;
        this.open = open;
        int owners = rows.mostRows(layer, ownPlace);
        this.scores = new float[size * parts.config().nHeads()];
        this.gradients = new float[scores.length];
        this.places = new int[size / owners];
        this.offsets = new int[open.length];
    }

    /**
     * Of each query position of a layer, null where there would be more pairs in the table than half of those that are looked up.
     *
     * @param ownPlaces of the rows that ask, by query
     */
    static @Nullable ScoreTable[] of(Parts parts, StateRows rows, AttentionTables tables, int layer, int[] ownPlaces) {
        var all = new ScoreTable[ownPlaces.length];
        for (int query = 0; query < all.length; query++) {
            int[] open = rows.openPlaces(layer, query);
            long keys = 0;
            for (int place : open) {
                keys += rows.mostRows(layer, place);
            }
            long pairs = keys * rows.mostRows(layer, ownPlaces[query]);
            if (open.length > 1 && 2 * pairs <= (long) rows.mostRows(layer + 1, query) * open.length) {
                all[query] = new ScoreTable(parts, rows, tables, layer, ownPlaces[query], open, (int) pairs);
            }
        }
        return all;
    }

    void forward() {
        keys = 0;
        for (int j = 0; j < open.length; j++) {
            int from = rows.start(layer, open[j]);
            offsets[j] = keys - from;
            keys += rows.start(layer, open[j] + 1) - from;
        }
        int headWidth = parts.headWidth();
        for (int head = 0; head < parts.config().nHeads(); head++) {
            placeKeys(head);
            for (int own = firstOwn(); own < endOwn(); own++) {
                int ownAt = own * parts.headsWidth() + head * headWidth;
                parts.kernels().dots(scores, row(own, head), tables.q(), ownAt, headWidth, tables.k(), places, keys);
            }
        }
    }

    void clearGradients() {
        Arrays.fill(gradients, 0);
    }

    /** To the gradients of queries and keys, which these are added to. */
    void backward() {
        int headWidth = parts.headWidth();
        Kernels kernels = parts.kernels();
        for (int head = 0; head < parts.config().nHeads(); head++) {
            placeKeys(head);
            for (int own = firstOwn(); own < endOwn(); own++) {
                int ownAt = own * parts.headsWidth() + head * headWidth;
                float[] dq = tables.dq();
                kernels.mix(dq, ownAt, dq, ownAt, headWidth, tables.k(), places, gradients, row(own, head), keys);
                kernels.spread(tables.dk(), places, gradients, row(own, head), keys, tables.q(), ownAt, headWidth);
            }
        }
    }

    private int firstOwn() {
        return rows.start(layer, ownPlace);
    }

    private int endOwn() {
        return rows.start(layer, ownPlace + 1);
    }

    private void placeKeys(int head) {
        int i = 0;
        for (int place : open) {
            for (int row = rows.start(layer, place); row < rows.start(layer, place + 1); row++) {
                places[i++] = row * parts.headsWidth() + head * parts.headWidth();
            }
        }
    }

    private int row(int own, int head) {
        return ((own - firstOwn()) * parts.config().nHeads() + head) * keys;
    }

    /** The scores of a row with keys that begin at {@code key}. */
    void read(int own, int head, int[] keyRows, int key, float[] to, int at) {
        int row = row(own, head);
        for (int j = 0; j < open.length; j++) {
            to[at + j] = scores[row + keyRows[key + j] + offsets[j]];
        }
    }

    /** Adds gradients of the scores of a row with keys that begin at {@code key}. */
    void add(int own, int head, int[] keyRows, int key, float[] from, int at) {
        int row = row(own, head);
        for (int j = 0; j < open.length; j++) {
            gradients[row + keyRows[key + j] + offsets[j]] += from[at + j];
        }
    }
}
