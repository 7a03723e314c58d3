package hooke.model;

import hooke.config.Mask;
import hooke.hook.Point;
import hooke.reach.Reach;
import hooke.reach.Tile;
import hooke.reach.Tiles;
import hooke.tensor.Device;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Every query over the keys of its tile alone, so that time and memory grow with what a sparse mask leaves open. Tiles of one form are
 * computed together. Where somebody looks at scores or pattern, which are of all keys, all keys are computed.
 *
 * @param parts by mask, the heads that have it with their tiles
 * @param hidden 0, or minus infinity for what no query of an example sees, [batch, key]; null where every example sees all
 */
record TiledKeys(
        Plan.Layer plan,
        List<Part> parts,
        int heads,
        @Nullable Tensor hidden) implements Mixing.OfExamples {
    /** Queries of a tile: enough for the products to be quick. */
    private static final int QUERIES = 128;
    /** Positions below which all keys are computed: a tile costs some calls. */
    private static final int LONG = 128;

    /** Heads with one mask. */
    record Part(long[] heads, List<Form> forms) {}

    /**
     * Tiles that are open in the same places.
     *
     * @param queries positions, [tile][query]
     * @param keys positions, [tile][key]
     * @param closed 0 or minus infinity, [query, key]; null where all is open
     */
    record Form(int[][] queries, int[][] keys, @Nullable Tensor closed) {}

    private record Shape(int queries, int keys, List<Boolean> open) {}

    /** Of a layer that computes all its positions; empty where tiles would save less than half. */
    static Optional<TiledKeys> of(Reach.Layer reach, Device device) {
        return reach.queries().length < LONG ? Optional.empty() : of(reach, device, QUERIES, 0.5);
    }

    /** @param share of all entries that tiles may have at most */
    static Optional<TiledKeys> of(Reach.Layer reach, Device device, int most, double share) {
        int length = reach.queries().length;
        if (length != reach.keys().length || length == 0 || reach.queries()[length - 1] != length - 1) {
            return Optional.empty();
        }
        Map<Mask.Plain, List<Tile>> tiles = new LinkedHashMap<>();
        long area = 0;
        for (Mask.Plain mask : reach.masks()) {
            area += tiles.computeIfAbsent(mask, m -> Tiles.of(m, length, reach.nCtx(), most)).stream()
                    .mapToLong(Tile::area)
                    .sum();
        }
        if (area > share * reach.masks().size() * length * length) {
            return Optional.empty();
        }
        List<Part> parts = new ArrayList<>();
        tiles.forEach((mask, ofMask) -> parts.add(new Part(
                IntStream.range(0, reach.masks().size())
                        .filter(head -> reach.masks().get(head).equals(mask))
                        .asLongStream()
                        .toArray(),
                forms(ofMask, device))));
        return Optional.of(new TiledKeys(
                Plan.Layer.withoutMask(reach, device), parts, reach.masks().size(), null));
    }

    private static List<Form> forms(List<Tile> tiles, Device device) {
        Map<Shape, List<Tile>> alike = new LinkedHashMap<>();
        for (Tile tile : tiles) {
            List<Boolean> open = new ArrayList<>();
            for (boolean isOpen : tile.open()) {
                open.add(isOpen);
            }
            alike.computeIfAbsent(new Shape(tile.queries().count(), tile.keyCount(), open), _ -> new ArrayList<>())
                    .add(tile);
        }
        List<Form> forms = new ArrayList<>();
        alike.forEach((shape, same) -> forms.add(new Form(
                same.stream().map(Tile::queryPositions).toArray(int[][]::new),
                same.stream().map(Tile::keyPositions).toArray(int[][]::new),
                closed(shape, device))));
        return forms;
    }

    private static @Nullable Tensor closed(Shape shape, Device device) {
        if (!shape.open().contains(false)) {
            return null;
        }
        float[] closed = new float[shape.open().size()];
        for (int i = 0; i < closed.length; i++) {
            closed[i] = shape.open().get(i) ? 0 : Float.NEGATIVE_INFINITY;
        }
        return Tensor.of(closed, shape.queries(), shape.keys()).to(device);
    }

    @Override
    public TiledKeys hiding(Tensor hiddenKeys) {
        return new TiledKeys(plan, parts, heads, hiddenKeys);
    }

    @Override
    public Tensor mix(Tensor q, Tensor k, Tensor v, @Nullable Tensor keyScores, Site site) {
        if (site.touched(Point.SCORES) || site.touched(Point.PATTERN)) {
            return allKeys(q.device()).mix(q, k, v, keyScores, site);
        }
        long dHead = q.size(2) / heads;
        long rows = q.size(0) * q.size(1);
        List<Tensor> mixed = new ArrayList<>();
        List<Long> order = new ArrayList<>();
        for (Part part : parts) {
            Tensor z = mix(part, of(part, q, dHead), of(part, k, dHead), of(part, v, dHead), q.size(0), site);
            mixed.add(z.view(rows, part.heads().length, dHead));
            Arrays.stream(part.heads()).forEach(order::add);
        }
        if (mixed.size() == 1) {
            return mixed.getFirst().view(q.shape());
        }
        long[] places = new long[heads];
        for (int i = 0; i < heads; i++) {
            places[Math.toIntExact(order.get(i))] = i;
        }
        return Tensor.cat(1, mixed)
                .indexSelect(1, Plan.index(q.device(), places))
                .reshape(q.shape());
    }

    private ManyKeys allKeys(Device device) {
        var all = new ManyKeys(plan, Plan.Layer.closed(plan.reach(), device), heads);
        return hidden == null ? all : all.hiding(hidden);
    }

    /** The columns of some heads, [batch * pos, head * d_head]. */
    private Tensor of(Part part, Tensor x, long dHead) {
        Tensor rows = x.reshape(x.size(0) * x.size(1), heads, dHead);
        Tensor some = part.heads().length == heads ? rows : rows.indexSelect(1, Plan.index(x.device(), part.heads()));
        return some.reshape(rows.size(0), part.heads().length * dHead);
    }

    /** The mixtures of one part, [batch * query, head * d_head]. */
    private Tensor mix(Part part, Tensor q, Tensor k, Tensor v, long batch, Site site) {
        int length = plan.queries().length;
        List<Tensor> mixed = new ArrayList<>();
        long[] places = new long[Math.toIntExact(batch * length)];
        long next = 0;
        for (Form form : part.forms()) {
            long[] queries = rows(form.queries(), batch, length);
            Tensor to = Plan.index(q.device(), queries);
            Tensor from = Plan.index(q.device(), rows(form.keys(), batch, length));
            Tensor z = mix(
                    part,
                    form,
                    byHead(q.rows(to), part, form.queries()),
                    byHead(k.rows(from), part, form.keys()),
                    byHead(v.rows(from), part, form.keys()),
                    site);
            mixed.add(z.transpose(1, 2).reshape(queries.length, q.size(1)));
            for (long query : queries) {
                places[Math.toIntExact(query)] = next++;
            }
        }
        return Tensor.cat(0, mixed).rows(Plan.index(q.device(), places));
    }

    /** Of one form, [batch * tile, head, query, d_head]. */
    private Tensor mix(Part part, Form form, Tensor q, Tensor k, Tensor v, Site site) {
        @Nullable Tensor closed = form.closed();
        if (hidden != null) {
            long[] keys = Arrays.stream(form.keys())
                    .flatMapToInt(Arrays::stream)
                    .asLongStream()
                    .toArray();
            Tensor ofExamples = hidden.indexSelect(1, Plan.index(q.device(), keys))
                    .reshape(q.size(0), 1, 1, k.size(2)); // [batch * tile, 1, 1, key]
            closed = closed == null ? ofExamples : ofExamples.plus(closed);
        }
        @Nullable Drops drops = site.drops();
        if (drops == null) {
            return q.attention(k, v, closed);
        }
        Tensor scores = q.matmul(k.transpose(2, 3)).times(1 / Math.sqrt(q.size(3)));
        Tensor pattern = (closed == null ? scores : scores.plus(closed)).softmax(3);
        return pattern.times(drops.ofTiles(site.layer(), part.heads(), form.queries(), form.keys(), pattern))
                .matmul(v);
    }

    /** Rows among those of all examples, [example * tile * position]. */
    private static long[] rows(int[][] tiles, long batch, int length) {
        int width = tiles[0].length;
        long[] rows = new long[Math.toIntExact(batch * tiles.length * width)];
        for (int i = 0; i < rows.length; i++) {
            long example = i / ((long) tiles.length * width);
            rows[i] = example * length + tiles[i / width % tiles.length][i % width];
        }
        return rows;
    }

    private static Tensor byHead(Tensor rows, Part part, int[][] tiles) {
        long dHead = rows.size(1) / part.heads().length;
        return rows.view(rows.size(0) / tiles[0].length, tiles[0].length, part.heads().length, dHead)
                .transpose(1, 2);
    }
}
