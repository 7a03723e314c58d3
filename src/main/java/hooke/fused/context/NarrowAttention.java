package hooke.fused.context;

import static hooke.fused.kernels.QueriesAlongLanes.LANES;

import hooke.fused.context.HeadAttention.Place;
import hooke.fused.kernels.QueriesAlongLanes;
import java.util.Arrays;

/**
 * What {@link HeadAttention} computes, for narrow heads: a tile of eight queries against all keys that any of them sees, by {@link
 * QueriesAlongLanes}.
 */
final class NarrowAttention implements OneHead {
    /** Numbers of a head. */
    static final int WIDTH = LANES;

    private static final float SCALE = (float) (1 / Math.sqrt(WIDTH));

    private final float[] q;
    private final float[] qTiles;
    private final float[] k;
    private final float[] v;
    /** Values on the way forward and keys on the way back. */
    private final int[] mixed;

    private final float[] dz;
    private final float[] dzTiles;
    /** On the way forward, z. */
    private final float[] dqTiles;

    private final float[] dk;
    private final float[] dv;
    private final float[] delta;
    /** Scores, then shares, of a tile; their gradients; and what dropout multiplies them by. */
    private final int[] shares;

    private final int[] gradients;
    private final float[] factors;
    private final int[] low = new int[LANES];
    private final int[] high = new int[LANES];
    private final float[] sum = new float[LANES];
    private final float[] logSum = new float[LANES];
    private final float[] deltas = new float[LANES];

    NarrowAttention(int positions) {
        int size = (positions + LANES - 1) / LANES * LANES * LANES;
        this.q = new float[size];
        this.qTiles = new float[size];
        this.k = new float[size];
        this.v = new float[size];
        this.mixed = new int[size];
        this.dz = new float[size];
        this.dzTiles = new float[size];
        this.dqTiles = new float[size];
        this.dk = new float[size];
        this.dv = new float[size];
        this.delta = new float[positions];
        this.shares = new int[size];
        this.gradients = new int[size];
        this.factors = new float[size];
    }

    @Override
    public void forward(Place place, FactorRows z, float[] logSums) {
        gather(place, false);
        Arrays.fill(dqTiles, 0);
        float[] to = z.open(q);
        for (int query = 0; query < place.positions(); query += LANES) {
            int count = Math.min(LANES, place.positions() - query);
            mix(place, query, count);
            for (int r = 0; r < count; r++) {
                logSums[place.number(query + r)] = logSum[r];
                float factor = sum[r] == 0 ? 0 : 1 / sum[r];
                QueriesAlongLanes.turnBack(
                        dqTiles, place(query + r), factor, to, z.place(place.row(query + r), 0) + place.head() * WIDTH);
            }
        }
    }

    /** The values mixed by a tile's queries, their shares' sums, and the logarithms of the sums of their exponentials. */
    private void mix(Place place, int query, int count) {
        int keys = 0;
        for (Sight.Stretch stretch : place.sight().stretches()) {
            int first = stretch.firstOf(query, query + count);
            int seen = Math.max(0, stretch.endOf(query, query + count) - first);
            score(place, stretch, query, count, first, seen, keys);
            draw(place, query, count, first, seen, keys);
            keys += seen;
        }
        QueriesAlongLanes.softmax(shares, keys, sum, logSum);
        drop(place, shares, keys);
        int at = 0;
        for (Sight.Stretch stretch : place.sight().stretches()) {
            int first = stretch.firstOf(query, query + count);
            int seen = Math.max(0, stretch.endOf(query, query + count) - first);
            QueriesAlongLanes.mix(shares, at * LANES, seen, mixed, first * LANES, dqTiles, query * LANES);
            at += seen;
        }
    }

    /** Scores of a tile's queries for neighbouring keys, from a key of the tile on; none where a query does not see a key. */
    private void score(Place place, Sight.Stretch stretch, int query, int count, int first, int keys, int at) {
        QueriesAlongLanes.products(qTiles, query * LANES, k, first * LANES, keys, shares, at * LANES);
        for (int r = 0; r < count; r++) {
            int from = Math.clamp(stretch.from()[query + r] - first, 0, keys);
            int to = Math.clamp(stretch.to()[query + r] - first, from, keys);
            QueriesAlongLanes.close(shares, r, at, at + from);
            QueriesAlongLanes.close(shares, r, at + to, at + keys);
            for (int key = from; place.sight().hasHoles() && key < to; key++) {
                if (!place.sight().sees(query + r, first + key)) {
                    QueriesAlongLanes.close(shares, r, at + key, at + key + 1);
                }
            }
        }
        for (int r = count; r < LANES; r++) {
            QueriesAlongLanes.close(shares, r, at, at + keys);
        }
    }

    private void draw(Place place, int query, int count, int first, int keys, int at) {
        if (place.drops() != null) {
            for (int r = 0; r < count; r++) {
                long row = place.drops().row(place.sight().queries()[query + r]);
                low[r] = (int) row;
                high[r] = (int) (row >>> 32);
            }
            QueriesAlongLanes.factors(
                    place.drops().dropout(), place.sight().keys(), first, keys, low, high, factors, at * LANES);
        }
    }

    private void drop(Place place, int[] x, int keys) {
        if (place.drops() != null) {
            QueriesAlongLanes.times(x, factors, keys);
        }
    }

    @Override
    public void backward(Place place, FactorRows z, FactorRows gradientOfZ, float[] logSums) {
        gather(place, true);
        gatherGradient(place, z, gradientOfZ);
        Arrays.fill(dqTiles, 0);
        Arrays.fill(dk, 0);
        Arrays.fill(dv, 0);
        for (int query = 0; query < place.positions(); query += LANES) {
            int count = Math.min(LANES, place.positions() - query);
            for (int r = 0; r < count; r++) {
                logSum[r] = logSums[place.number(query + r)];
                deltas[r] = delta[query + r];
            }
            for (Sight.Stretch stretch : place.sight().stretches()) {
                int first = stretch.firstOf(query, query + count);
                int keys = stretch.endOf(query, query + count) - first;
                if (keys > 0) {
                    backward(place, stretch, query, count, first, keys);
                }
            }
        }
        scatter(place);
    }

    private void backward(Place place, Sight.Stretch stretch, int query, int count, int first, int keys) {
        score(place, stretch, query, count, first, keys, 0);
        QueriesAlongLanes.products(dzTiles, query * LANES, v, first * LANES, keys, gradients, 0);
        draw(place, query, count, first, keys, 0);
        drop(place, gradients, keys);
        QueriesAlongLanes.gradient(shares, gradients, keys, logSum, deltas);
        drop(place, shares, keys);
        QueriesAlongLanes.spread(shares, keys, dz, query * LANES, dv, first * LANES);
        QueriesAlongLanes.spread(gradients, keys, q, query * LANES, dk, first * LANES);
        QueriesAlongLanes.mix(gradients, 0, keys, mixed, first * LANES, dqTiles, query * LANES);
    }

    /** Queries over the square root; keys that are not hidden, and their values. */
    private void gather(Place place, boolean back) {
        FactorRows qkv = place.qkv();
        float[] x = qkv.open(q);
        for (int i = 0; i < place.positions(); i++) {
            take(x, qkv.place(place.row(i), 0) + place.column(0, WIDTH), SCALE, q, qTiles, i);
        }
        int[] keys = place.sight().keys();
        for (int i = 0; i < keys.length; i++) {
            int at = qkv.place(place.first() + keys[i], 0);
            int key = at + place.column(1, WIDTH);
            int value = at + place.column(2, WIDTH);
            QueriesAlongLanes.row(x, key, 1, k, i * LANES);
            QueriesAlongLanes.row(x, value, 1, v, i * LANES);
            QueriesAlongLanes.row(x, back ? key : value, mixed, i * LANES);
        }
    }

    private void gatherGradient(Place place, FactorRows z, FactorRows gradientOfZ) {
        float[] gradient = gradientOfZ.open(dz);
        float[] ofZ = z.open(dz);
        for (int i = 0; i < place.positions(); i++) {
            int at = gradientOfZ.place(place.row(i), 0) + place.head() * WIDTH;
            int zAt = z.place(place.row(i), 0) + place.head() * WIDTH;
            float along = 0;
            for (int j = 0; j < WIDTH; j++) {
                along += gradient[at + j] * ofZ[zAt + j];
            }
            delta[i] = along;
            take(gradient, at, 1, dz, dzTiles, i);
        }
    }

    private void scatter(Place place) {
        FactorRows qkv = place.qkv();
        float[] x = qkv.open(q);
        int[] keys = place.sight().keys();
        for (int i = 0; i < place.positions(); i++) {
            int at = qkv.place(place.row(i), 0);
            QueriesAlongLanes.turnBack(dqTiles, place(i), SCALE, x, at + place.column(0, WIDTH));
            if (keys.length < place.positions()) { // What is hidden gets no gradient.
                Arrays.fill(x, at + place.column(1, WIDTH), at + place.column(1, WIDTH) + WIDTH, 0);
                Arrays.fill(x, at + place.column(2, WIDTH), at + place.column(2, WIDTH) + WIDTH, 0);
            }
        }
        for (int i = 0; i < keys.length; i++) {
            int at = qkv.place(place.first() + keys[i], 0);
            QueriesAlongLanes.row(dk, i * LANES, 1, x, at + place.column(1, WIDTH));
            QueriesAlongLanes.row(dv, i * LANES, 1, x, at + place.column(2, WIDTH));
        }
    }

    /** A query's piece of a row becomes a row of its own, and one of a tile. */
    private static void take(float[] x, int at, float factor, float[] rows, float[] tiles, int row) {
        QueriesAlongLanes.row(x, at, factor, rows, row * LANES);
        QueriesAlongLanes.turn(x, at, factor, tiles, place(row));
    }

    /** Where a query's first number lies among tiles. */
    private static int place(int row) {
        return row / LANES * LANES * LANES + row % LANES;
    }
}
