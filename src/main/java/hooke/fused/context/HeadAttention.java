package hooke.fused.context;

import hooke.config.Weighting;
import hooke.fused.kernels.Bf16;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.PairRotation;
import hooke.fused.kernels.SoftmaxRows;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one head over one sequence, {@code z = softmax(q k' / sqrt(d_head)) v} over the keys that each query sees, tile by tile:
 * some queries against some keys at a time, never a matrix of all with all. The backward pass has the shares again from the logarithm of
 * their sum (Dao et al. 2022, arXiv 2205.14135): with {@code dP = dz v'} and {@code delta_i = dz_i z_i},
 *
 * <pre>
 *   dS = P (dP - delta)     dv = P' dz     dq = dS k / sqrt(d_head)     dk = dS' q / sqrt(d_head)
 * </pre>
 *
 * With dropout, {@code z = D P v} where D has 0 or a factor for each share, and dP and the shares of dv are multiplied by D. Where queries
 * choose among their keys, a tile has all of these: see {@link KeyChoice}.
 */
final class HeadAttention implements OneHead {
    /** Of a tile at most. */
    private static final int QUERIES = 64;

    private final int dHead;
    private final int keysAtOnce;
    private final float scale;
    private final ContextProducts products;
    private final SoftmaxRows softmax;
    private final @Nullable PairRotation rotation;
    private final @Nullable KeyChoice choice;
    /** Of the keys and values, only those that are not hidden. */
    private final FactorRows q;

    private final FactorRows k;
    private final FactorRows v;
    private final FactorRows dz;
    /** Scores, then shares, of a tile; and their gradients. */
    private final FactorRows shares;

    private final FactorRows gradients;
    private final float[] sharesTile;
    private final float[] gradientsTile;
    private final float[] rows;
    private final float[] dq;
    private final float[] dk;
    private final float[] dv;
    private final float[] delta;
    private final float[] max = new float[QUERIES];
    private final float[] sum = new float[QUERIES];

    /** @param keysAtOnce of a tile, at most; all where queries choose among them */
    HeadAttention(
            Weighting by,
            int positions,
            int dHead,
            int keysAtOnce,
            ContextProducts products,
            @Nullable PairRotation rotation,
            Kernel kernel,
            @Nullable Bf16 bf16) {
        this.dHead = dHead;
        this.keysAtOnce = by.chooses() ? positions : keysAtOnce;
        this.choice = KeyChoice.of(by, positions);
        this.scale = (float) (1 / Math.sqrt(dHead));
        this.products = products;
        this.softmax = SoftmaxRows.of(kernel);
        this.rotation = rotation;
        this.q = FactorRows.of(positions, dHead, bf16);
        this.k = FactorRows.of(positions, dHead, bf16);
        this.v = FactorRows.of(positions, dHead, bf16);
        this.dz = FactorRows.of(positions, dHead, bf16);
        int block = Math.min(this.keysAtOnce, positions) + 16; // Room for a vector that reaches behind the end.
        this.shares = FactorRows.of(QUERIES, block, bf16);
        this.gradients = FactorRows.of(QUERIES, block, bf16);
        this.sharesTile = tile(bf16, QUERIES * shares.stride());
        this.gradientsTile = tile(bf16, QUERIES * shares.stride());
        this.rows = new float[QUERIES * q.stride()];
        this.dq = new float[positions * q.stride()];
        this.dk = new float[positions * q.stride()];
        this.dv = new float[positions * q.stride()];
        this.delta = new float[positions];
    }

    private static float[] tile(@Nullable Bf16 bf16, int size) {
        return new float[bf16 == null ? 0 : size];
    }

    /**
     * One head of one sequence.
     *
     * @param qkv queries, keys and values of all heads side by side, not yet turned
     * @param first the sequence's first row there
     * @param drops what is taken away from the shares; null for nothing
     * @param kept of a layer whose queries choose their keys; not looked at otherwise
     */
    record Place(
            FactorRows qkv,
            Sight sight,
            int first,
            int head,
            int heads,
            RowDrops.@Nullable OfHead drops,
            KeyChoice.Kept kept) {
        /** Takes shares of a query, or their gradients, away: those of keys from one to before another. */
        void drop(int query, float[] x, int at, int from, int to) {
            if (drops != null) {
                drops.apply(sight.queries()[query], x, at, sight.keys(), from, to);
            }
        }

        int positions() {
            return sight.queries().length;
        }

        /** Where the head's queries (0), keys (1) or values (2) begin in a row. */
        int column(int part, int dHead) {
            return (part * heads + head) * dHead;
        }

        /** Of a query, counted in their order. */
        int row(int query) {
            return first + sight.queries()[query];
        }

        /** In an array of a number for each row and head. */
        int number(int query) {
            return row(query) * heads + head;
        }
    }

    @Override
    public void forward(Place place, FactorRows z, float[] logSums) {
        gather(place);
        int step = place.sight().atOnce(QUERIES);
        for (int i = 0; i < place.positions(); i += step) {
            int count = Math.min(step, place.positions() - i);
            mix(place, i, count);
            for (int r = 0; r < count; r++) {
                int at = r * q.stride();
                float factor = sum[r] == 0 ? 0 : 1 / sum[r];
                for (int j = 0; j < dHead; j++) {
                    rows[at + j] *= factor;
                }
                z.copyIn(rows, at, place.row(i + r), place.head() * dHead, dHead);
                logSums[place.number(i + r)] = sum[r] == 0 ? 0 : max[r] + (float) Math.log(sum[r]);
            }
        }
    }

    /** Of a tile of queries, the values mixed by {@code e^(score - max)}, and max and sum. */
    private void mix(Place place, int query, int count) {
        Arrays.fill(max, SoftmaxRows.NOTHING);
        Arrays.fill(sum, 0);
        Arrays.fill(rows, 0);
        place.sight().stretches().forEach(stretch -> mix(place, stretch, query, count));
    }

    private void mix(Place place, Sight.Stretch stretch, int query, int count) {
        int stride = shares.stride();
        int end = stretch.endOf(query, query + count);
        for (int key = stretch.firstOf(query, query + count); key < end; key += keysAtOnce) {
            int keys = Math.min(keysAtOnce, end - key);
            float[] s = shares.open(sharesTile);
            products.forward(count, keys, dHead, q.at(query, 0), q.stride(), k.at(key, 0), k.stride(), 0, s, 0, stride);
            for (int r = 0; r < count; r++) {
                int at = r * stride;
                int from = Math.clamp(stretch.from()[query + r] - key, 0, keys);
                int to = Math.clamp(stretch.to()[query + r] - key, from, keys);
                place.sight().close(query + r, s, at + from, key + from, key + to);
                if (choice != null) {
                    choice.take(s, at + from, key + from, key + to, place.kept().bounds(), place.number(query + r));
                }
                take(s, at, from, to, r);
                place.drop(query + r, s, at + from, key + from, key + to);
                weight(s, at + from, to - from);
                SoftmaxRows.clear(s, at, at + from);
                SoftmaxRows.clear(s, at + to, at + keys);
            }
            shares.close(sharesTile, 0, count, keys);
            products.backward(
                    count, keys, dHead, shares.at(0, 0), stride, v.at(key, 0), v.stride(), 1, rows, 0, q.stride());
        }
    }

    private void weight(float[] s, int at, int count) {
        if (choice != null) {
            choice.weight(s, at, count);
        }
    }

    /** A row's scores of a further block: see {@link SoftmaxRows}. */
    private void take(float[] s, int at, int from, int to, int r) {
        float highest = Math.max(max[r], softmax.max(s, at + from, at + to));
        if (highest == SoftmaxRows.NOTHING) {
            SoftmaxRows.clear(s, at + from, at + to);
            return;
        }
        if (highest > max[r] && sum[r] > 0) {
            float factor = (float) Math.exp(max[r] - highest);
            sum[r] *= factor;
            for (int j = 0; j < dHead; j++) {
                rows[r * q.stride() + j] *= factor;
            }
        }
        max[r] = highest;
        sum[r] += softmax.exp(s, at + from, at + to, highest);
    }

    @Override
    public void backward(Place place, FactorRows z, FactorRows gradientOfZ, float[] logSums) {
        int positions = place.positions();
        gather(place);
        gatherGradient(place, z, gradientOfZ);
        Arrays.fill(dq, 0, positions * q.stride(), 0);
        Arrays.fill(dk, 0, positions * q.stride(), 0);
        Arrays.fill(dv, 0, positions * q.stride(), 0);
        int step = place.sight().atOnce(QUERIES);
        for (int query = 0; query < positions; query += step) {
            int count = Math.min(step, positions - query);
            for (Sight.Stretch stretch : place.sight().stretches()) {
                backward(place, stretch, logSums, query, count);
            }
        }
        scatter(place);
    }

    private void backward(Place place, Sight.Stretch stretch, float[] logSums, int query, int count) {
        int stride = shares.stride();
        int end = stretch.endOf(query, query + count);
        for (int key = stretch.firstOf(query, query + count); key < end; key += keysAtOnce) {
            int keys = Math.min(keysAtOnce, end - key);
            sharesAndGradients(place, stretch, logSums, query, count, key, keys);
            int at = key * q.stride();
            MemorySegment s = shares.at(0, 0);
            MemorySegment d = gradients.at(0, 0);
            products.gradient(count, keys, dHead, s, stride, dz.at(query, 0), dz.stride(), dv, at, q.stride());
            products.gradient(count, keys, dHead, d, stride, q.at(query, 0), q.stride(), dk, at, q.stride());
            int to = query * q.stride();
            products.backward(count, keys, dHead, d, stride, k.at(key, 0), k.stride(), 1, dq, to, q.stride());
        }
    }

    private void sharesAndGradients(
            Place place, Sight.Stretch stretch, float[] logSums, int query, int count, int key, int keys) {
        int stride = shares.stride();
        float[] s = shares.open(sharesTile);
        float[] d = gradients.open(gradientsTile);
        products.forward(count, keys, dHead, q.at(query, 0), q.stride(), k.at(key, 0), k.stride(), 0, s, 0, stride);
        products.forward(count, keys, dHead, dz.at(query, 0), dz.stride(), v.at(key, 0), v.stride(), 0, d, 0, stride);
        for (int r = 0; r < count; r++) {
            int at = r * stride;
            int from = Math.clamp(stretch.from()[query + r] - key, 0, keys);
            int to = Math.clamp(stretch.to()[query + r] - key, from, keys);
            place.sight().close(query + r, s, at + from, key + from, key + to);
            place.drop(query + r, d, at + from, key + from, key + to);
            int number = place.number(query + r);
            if (choice != null) {
                float bound = place.kept().bounds()[number];
                choice.takeAgain(s, at + from, key + from, key + to, bound, d, at + from);
            }
            softmax.gradient(s, at + from, at + to, d, at + from, logSums[number], delta[query + r]);
            if (choice != null) {
                choice.back(s, at + from, key + from, key + to, d, at + from);
            }
            place.drop(query + r, s, at + from, key + from, key + to);
            weight(s, at + from, to - from);
            SoftmaxRows.clear(s, at, at + from);
            SoftmaxRows.clear(s, at + to, at + keys);
            SoftmaxRows.clear(d, at, at + from);
            SoftmaxRows.clear(d, at + to, at + keys);
        }
        shares.close(sharesTile, 0, count, keys);
        gradients.close(gradientsTile, 0, count, keys);
    }

    /** Queries, turned and over the square root; keys that are not hidden, turned; and their values. */
    private void gather(Place place) {
        if (choice != null) {
            choice.begin(place);
        }
        int[] keys = place.sight().keys();
        int stride = q.stride();
        float[] queries = q.open(dq);
        place.qkv().copyOut(place.first(), place.sight().queries(), place.column(0, dHead), dHead, queries, stride);
        for (int i = 0; i < place.positions(); i++) {
            int at = i * stride;
            for (int j = at; j < at + dHead; j++) {
                queries[j] *= scale;
            }
            turn(queries, at, place.sight().queries()[i]);
        }
        q.close(dq, 0, place.positions());
        float[] visible = k.open(dk);
        place.qkv().copyOut(place.first(), keys, place.column(1, dHead), dHead, visible, stride);
        for (int i = 0; i < keys.length; i++) {
            turn(visible, i * stride, keys[i]);
        }
        k.close(dk, 0, keys.length);
        place.qkv().copyOut(place.first(), keys, place.column(2, dHead), dHead, v.open(dv), stride);
        v.close(dv, 0, keys.length);
    }

    private void turn(float[] x, int at, int position) {
        if (rotation != null) {
            rotation.turn(x, at, position);
        }
    }

    private void gatherGradient(Place place, FactorRows z, FactorRows gradientOfZ) {
        int[] all = place.sight().queries();
        int stride = q.stride();
        int column = place.head() * dHead;
        float[] gradient = dz.open(dq);
        gradientOfZ.copyOut(place.first(), all, column, dHead, gradient, stride);
        z.copyOut(place.first(), all, column, dHead, dk, stride);
        for (int i = 0; i < place.positions(); i++) {
            delta[i] = softmax.dot(gradient, i * stride, dk, i * stride, dHead);
        }
        dz.close(dq, 0, place.positions());
    }

    private void scatter(Place place) {
        if (choice != null) {
            choice.scatter(place);
        }
        int[] keys = place.sight().keys();
        if (keys.length < place.positions()) {
            Arrays.fill(rows, 0, dHead, 0);
            for (int i = 0; i < place.positions(); i++) { // What is hidden gets no gradient.
                place.qkv().copyIn(rows, 0, place.row(i), place.column(1, dHead), dHead);
                place.qkv().copyIn(rows, 0, place.row(i), place.column(2, dHead), dHead);
            }
        }
        for (int i = 0; i < place.positions(); i++) {
            int at = i * q.stride();
            for (int j = 0; j < dHead; j++) {
                dq[at + j] *= scale;
            }
            turnBack(dq, at, place.sight().queries()[i]);
            place.qkv().copyIn(dq, at, place.row(i), place.column(0, dHead), dHead);
        }
        for (int i = 0; i < keys.length; i++) {
            int at = i * q.stride();
            turnBack(dk, at, keys[i]);
            place.qkv().copyIn(dk, at, place.first() + keys[i], place.column(1, dHead), dHead);
            place.qkv().copyIn(dv, at, place.first() + keys[i], place.column(2, dHead), dHead);
        }
    }

    private void turnBack(float[] x, int at, int position) {
        if (rotation != null) {
            rotation.turnBack(x, at, position);
        }
    }
}
