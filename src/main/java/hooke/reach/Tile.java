package hooke.reach;

import hooke.config.Mask;
import java.util.List;

/**
 * Some queries with all keys that any of them sees, and few others: a small dense piece of a sparse pattern.
 *
 * @param queries each in no other tile
 * @param keys in this order, each once
 * @param mask what each of the queries sees of them
 * @param nCtx positions of the context that the mask is of
 */
public record Tile(Places queries, List<Places> keys, Mask.Plain mask, int nCtx) {
    public Tile {
        keys = keys.stream().filter(places -> places.count() > 0).toList();
    }

    public int keyCount() {
        return keys.stream().mapToInt(Places::count).sum();
    }

    /** Entries, those that the mask closes among them. */
    public long area() {
        return (long) queries.count() * keyCount();
    }

    /** The position of each key. */
    public int[] keyPositions() {
        int[] positions = new int[keyCount()];
        int next = 0;
        for (Places places : keys) {
            for (int i = 0; i < places.count(); i++) {
                positions[next++] = places.at(i);
            }
        }
        return positions;
    }

    /** The position of each query. */
    public int[] queryPositions() {
        int[] positions = new int[queries.count()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = queries.at(i);
        }
        return positions;
    }

    /** Which entries are open, row by row, [query * key]. */
    public boolean[] open() {
        int[] positions = keyPositions();
        boolean[] open = new boolean[queries.count() * positions.length];
        for (int i = 0; i < open.length; i++) {
            open[i] = mask.open(queries.at(i / positions.length), positions[i % positions.length], nCtx);
        }
        return open;
    }
}
