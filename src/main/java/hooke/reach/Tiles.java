package hooke.reach;

import hooke.config.Mask;
import java.util.ArrayList;
import java.util.List;

/**
 * How what a head sees falls into tiles, so that time and memory of attention grow with the visible entries and not with the square of
 * the context. Every query is in one tile, which has all keys that it sees; the areas of all tiles are at most some two times the
 * visible entries of a regular mask, and {@value #LEAST} entries a query more.
 */
public final class Tiles {
    /** Queries of a tile where the mask would have fewer: smaller ones cost more than the entries that they leave out. */
    private static final int LEAST = 16;

    private final Mask.Plain mask;
    private final int length;
    private final int nCtx;
    private final int most;
    private final List<Tile> tiles = new ArrayList<>();

    private Tiles(Mask.Plain mask, int length, int nCtx, int most) {
        this.mask = mask;
        this.length = length;
        this.nCtx = nCtx;
        this.most = most;
    }

    /**
     * Of all queries of examples of this length.
     *
     * @param nCtx positions of the context that the mask is of
     * @param most queries of a tile at most
     */
    public static List<Tile> of(Mask.Plain mask, int length, int nCtx, int most) {
        var tiles = new Tiles(mask, length, nCtx, most);
        switch (mask) {
            case Mask.Causal() -> tiles.blocks(most, (_, end) -> Places.run(0, end));
            case Mask.Full() -> tiles.blocks(most, (_, _) -> Places.run(0, length));
            case Mask.Local(int window) ->
                tiles.blocks(
                        Math.max(LEAST, window),
                        (first, end) -> Places.run(Math.max(0, first - Math.min(window, length) + 1), end));
            case Mask.Strided(int stride) -> tiles.strided(Math.min(stride, length));
            case Mask.Grouped(int group, int from, int to) -> tiles.grouped(group, from, to);
            case Mask.Bottleneck _, Mask.Table _ -> tiles.blocks(LEAST, tiles::around);
        }
        return List.copyOf(tiles.tiles);
    }

    private interface Keys {
        Places of(int first, int end);
    }

    private void add(Places queries, Places... keys) {
        tiles.add(new Tile(queries, List.of(keys), mask, nCtx));
    }

    private void blocks(int size, Keys keys) {
        int step = Math.min(most, size);
        for (int first = 0; first < length; first += step) {
            int end = Math.min(length, first + step);
            add(Places.run(first, end), keys.of(first, end));
        }
    }

    /** From the first key that any query of a block sees to the last. */
    private Places around(int first, int end) {
        int from = length;
        int to = 0;
        for (int query = first; query < end; query++) {
            for (int key = 0; key < length; key++) {
                if (mask.open(query, key, nCtx)) {
                    from = Math.min(from, key);
                    to = Math.max(to, key + 1);
                }
            }
        }
        return from < to ? Places.run(from, to) : Places.run(first, first + 1);
    }

    /** Positions that are a multiple of the stride apart see each other, and nobody else. */
    private void strided(int stride) {
        for (int rest = 0; rest < stride; rest++) {
            int members = (length - rest + stride - 1) / stride;
            for (int first = 0; first < members; first += most) {
                int count = Math.min(most, members - first);
                add(Places.every(stride, rest + first * stride, count), Places.every(stride, rest, first + count));
            }
        }
    }

    /** The summaries of the groups before, and what lies between them and the query. Small groups share a tile. */
    private void grouped(int group, int from, int to) {
        for (int first = 0; first < length; ) {
            int block = Math.min(most, Math.max(LEAST, group));
            int groupEnd = group < LEAST ? length : Math.min(length, (first / group + 1) * group);
            int end = Math.min(groupEnd, first + block);
            int before = first / group;
            int width = to - from;
            add(
                    Places.run(first, end),
                    new Places(from, before * width, group, width),
                    Places.run(before * group, end));
            first = end;
        }
    }
}
