package hooke.fused.columns;

import hooke.config.ModelConfig;
import hooke.config.ModelConfig.Identity;
import hooke.fused.kernels.ColumnKernels;
import hooke.reach.Reach;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Attention of one layer over {@link Columns}: for each query position and each key position open to it, every example's score, share and
 * mixture side by side. A query with one open key has no scores: its share is 1.
 */
final class ColumnAttention {
    private final int examples;
    private final float scale;
    private final Columns in;
    private final Columns out;
    private final Columns q;
    private final Columns k;
    private final Columns v;
    /** The mixtures, head below head; where W_O is the identity of a single head, what attention adds to itself. */
    private final Columns z;

    private final Head[] heads;
    /** By query: its first column before the layer, and those of its open keys. */
    private final int[] queryAt;

    private final int[][] keyAt;
    private final int[] queryColumns;
    private final int[] keyColumns;
    private final int[] valueColumns;
    /** Of a query with one open key. */
    private final float[] ones;

    private final boolean valuesAreInput;
    private final boolean mixturesAreOutput;

    /**
     * @param first of its features among q, k, v and z
     * @param shares of the open pairs, query after query
     */
    private record Head(
            int first,
            int width,
            ColumnLinear wQ,
            ColumnLinear wK,
            ColumnLinear wV,
            ColumnLinear wO,
            float[] shares,
            float[] dShares) {}

    /**
     * @param examples side by side
     * @param in what is read, at the positions before the layer
     * @param out what the mixtures are added to, at those after it
     */
    ColumnAttention(ColumnParts parts, Reach.Layer reach, int layer, int examples, Columns in, Columns out) {
        ModelConfig config = parts.parts().config();
        this.examples = examples;
        this.scale = (float) (1 / Math.sqrt(config.dHead()));
        this.in = in;
        this.out = out;
        int[] queries = reach.queries();
        this.queryAt = Arrays.stream(queries).map(p -> column(reach, p)).toArray();
        this.keyAt = new int[queries.length][];
        int pairs = 0;
        for (int query = 0; query < queries.length; query++) {
            keyAt[query] = Arrays.stream(reach.open(query))
                    .map(place -> column(reach, reach.keys()[place]))
                    .toArray();
            pairs += keyAt[query].length;
        }
        IntStream asking = IntStream.range(0, queries.length).filter(query -> keyAt[query].length > 1);
        int[] scored = asking.toArray();
        this.queryColumns = Arrays.stream(scored).map(query -> queryAt[query]).toArray();
        this.keyColumns = Arrays.stream(scored)
                .flatMap(query -> Arrays.stream(keyAt[query]))
                .distinct()
                .toArray();
        this.valueColumns =
                Arrays.stream(keyAt).flatMapToInt(Arrays::stream).distinct().toArray();
        boolean oneWholeHead = config.nHeads() == 1 && config.dHead() == config.dModel();
        int features = config.nHeads() * config.dHead();
        String attn = "blocks." + layer + ".attn.";
        this.heads = new Head[config.nHeads()];
        for (int head = 0; head < heads.length; head++) {
            // b_O is added once, with the first head.
            ColumnLinear wO = ColumnLinear.of(parts, attn + "W_O", head);
            heads[head] = new Head(
                    head * config.dHead(),
                    config.dHead(),
                    ColumnLinear.of(parts, attn + "W_Q", head).with(attn + "b_Q", head),
                    ColumnLinear.of(parts, attn + "W_K", head).with(attn + "b_K", head),
                    ColumnLinear.of(parts, attn + "W_V", head).with(attn + "b_V", head),
                    head == 0 ? wO.with(attn + "b_O", 0) : wO,
                    new float[pairs * examples],
                    new float[pairs * examples]);
        }
        this.valuesAreInput = oneWholeHead
                && config.identity().contains(Identity.W_V)
                && !heads[0].wV().hasBias();
        this.mixturesAreOutput = oneWholeHead
                && config.identity().contains(Identity.W_O)
                && !heads[0].wO().hasBias();
        this.q = Columns.of(features, in.stride());
        this.k = Columns.of(features, in.stride());
        this.v = valuesAreInput ? in : Columns.of(features, in.stride());
        this.z = mixturesAreOutput ? out : Columns.of(features, out.stride());
        this.ones = new float[examples];
        Arrays.fill(ones, 1);
    }

    private int column(Reach.Layer reach, int position) {
        return Arrays.binarySearch(reach.positions(), position) * examples;
    }

    /** The first columns of the queries, before the layer: they stand on these. */
    int[] queryAt() {
        return queryAt;
    }

    /** Adds to {@code out}. */
    void forward() {
        if (!mixturesAreOutput) {
            Arrays.fill(z.values(), 0);
        }
        for (Head head : heads) {
            for (int column : queryColumns) {
                head.wQ.forward(in, 0, column, q, head.first, column, examples, false);
            }
            for (int column : keyColumns) {
                head.wK.forward(in, 0, column, k, head.first, column, examples, false);
            }
            for (int column : valueColumns) {
                if (!valuesAreInput) {
                    head.wV.forward(in, 0, column, v, head.first, column, examples, false);
                }
            }
            int pairAt = 0;
            for (int query = 0; query < keyAt.length; query++) {
                mix(head, query, pairAt);
                pairAt += keyAt[query].length * examples;
            }
            if (!mixturesAreOutput) {
                head.wO.forward(z, head.first, 0, out, 0, 0, out.stride(), true);
            }
        }
    }

    private void mix(Head head, int query, int pairAt) {
        int[] keys = keyAt[query];
        int inQ = head.first * q.stride() + queryAt[query];
        int inZ = head.first * z.stride() + query * examples;
        if (keys.length > 1) {
            for (int i = 0; i < keys.length; i++) {
                ColumnKernels.dots(
                        head.shares,
                        pairAt + i * examples,
                        q.values(),
                        inQ,
                        q.stride(),
                        k.values(),
                        head.first * k.stride() + keys[i],
                        k.stride(),
                        head.width,
                        examples);
            }
            ColumnKernels.softmax(head.shares, pairAt, keys.length, examples, scale);
        }
        for (int i = 0; i < keys.length; i++) {
            ColumnKernels.addScaled(
                    z.values(),
                    inZ,
                    z.stride(),
                    keys.length > 1 ? head.shares : ones,
                    keys.length > 1 ? pairAt + i * examples : 0,
                    v.values(),
                    head.first * v.stride() + keys[i],
                    v.stride(),
                    head.width,
                    examples);
        }
    }

    /** From the gradient of {@code out} adds to that of {@code in}, and to those of the weights. */
    void backward() {
        q.clearGradients();
        k.clearGradients();
        if (!valuesAreInput) {
            v.clearGradients();
        }
        if (!mixturesAreOutput) {
            z.clearGradients();
        }
        for (Head head : heads) {
            if (!mixturesAreOutput) {
                head.wO.backward(z, head.first, 0, out, 0, 0, out.stride());
            }
            int pairAt = 0;
            for (int query = 0; query < keyAt.length; query++) {
                mixBackward(head, query, pairAt);
                pairAt += keyAt[query].length * examples;
            }
            for (int column : queryColumns) {
                head.wQ.backward(in, 0, column, q, head.first, column, examples);
            }
            for (int column : keyColumns) {
                head.wK.backward(in, 0, column, k, head.first, column, examples);
            }
            for (int column : valueColumns) {
                if (!valuesAreInput) {
                    head.wV.backward(in, 0, column, v, head.first, column, examples);
                }
            }
        }
    }

    private void mixBackward(Head head, int query, int pairAt) {
        int[] keys = keyAt[query];
        int inQ = head.first * q.stride() + queryAt[query];
        int inZ = head.first * z.stride() + query * examples;
        boolean scored = keys.length > 1;
        for (int i = 0; i < keys.length; i++) {
            int inV = head.first * v.stride() + keys[i];
            int pair = pairAt + i * examples;
            if (scored) {
                ColumnKernels.dots(
                        head.dShares,
                        pair,
                        z.gradients(),
                        inZ,
                        z.stride(),
                        v.values(),
                        inV,
                        v.stride(),
                        head.width,
                        examples);
            }
            ColumnKernels.addScaled(
                    v.gradients(),
                    inV,
                    v.stride(),
                    scored ? head.shares : ones,
                    scored ? pair : 0,
                    z.gradients(),
                    inZ,
                    z.stride(),
                    head.width,
                    examples);
        }
        if (!scored) {
            return;
        }
        ColumnKernels.softmaxBackward(head.dShares, pairAt, head.shares, pairAt, keys.length, examples, scale);
        for (int i = 0; i < keys.length; i++) {
            int inK = head.first * k.stride() + keys[i];
            int pair = pairAt + i * examples;
            ColumnKernels.addScaled(
                    q.gradients(),
                    inQ,
                    q.stride(),
                    head.dShares,
                    pair,
                    k.values(),
                    inK,
                    k.stride(),
                    head.width,
                    examples);
            ColumnKernels.addScaled(
                    k.gradients(),
                    inK,
                    k.stride(),
                    head.dShares,
                    pair,
                    q.values(),
                    inQ,
                    q.stride(),
                    head.width,
                    examples);
        }
    }
}
