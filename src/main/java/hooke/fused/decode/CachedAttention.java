package hooke.fused.decode;

import hooke.config.ModelConfig;
import hooke.fused.context.Visible;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.SmallProduct;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Attention of queries of one sequence over its kept keys, {@code softmax(q k / sqrt(d_head)) v}, one head at a time. */
final class CachedAttention {
    /** Queries of one sequence that are taken together. */
    private static final int QUERIES = 12;

    private final int dHead;
    private final float scale;
    /** What each head of each layer sees. */
    private final Visible[][] visible;

    private final Kernels kernels;
    private final SmallProduct product;
    private final int valueWidth;
    private final float[] mixed;
    private float[] scores = new float[0];

    CachedAttention(ModelConfig model, Visible[][] visible, Kernel kernel, int valueWidth) {
        this.dHead = model.dHead();
        this.scale = (float) (1 / Math.sqrt(dHead));
        this.visible = visible;
        this.kernels = kernel.kernels();
        this.product = kernel.smallProduct();
        this.valueWidth = valueWidth;
        this.mixed = new float[QUERIES * valueWidth];
    }

    /** Neighbouring rows of one sequence, so many at a time. */
    static int[][] groups(KeyValues[] sequence, int[] rows) {
        List<int[]> groups = new ArrayList<>();
        for (int from = 0; from < rows.length; ) {
            int to = from + 1;
            while (to < rows.length
                    && to - from < QUERIES
                    && rows[to] == rows[to - 1] + 1
                    && sequence[rows[to]] == sequence[rows[from]]) {
                to++;
            }
            groups.add(Arrays.copyOfRange(rows, from, to));
            from = to;
        }
        return groups.toArray(int[][]::new);
    }

    /** Writes the mixtures of one head for neighbouring rows of one sequence. */
    void mix(
            int layer,
            int head,
            KeyValues sequence,
            int[] rows,
            int[] positions,
            float[] qkv,
            int qkvWidth,
            float[] z,
            int zWidth) {
        Visible seen = visible[layer][head];
        int count = rows.length;
        int first = Integer.MAX_VALUE;
        int end = 0;
        for (int row : rows) {
            first = Math.min(first, seen.from()[positions[row]]);
            end = Math.max(end, seen.to()[positions[row]]);
        }
        int firstBlock = first / KeyValues.BLOCK;
        int start = firstBlock * KeyValues.BLOCK;
        int blocks = (end + KeyValues.BLOCK - 1) / KeyValues.BLOCK - firstBlock;
        int width = blocks * KeyValues.BLOCK;
        if (scores.length < QUERIES * width) {
            scores = new float[QUERIES * width];
        }
        int q = rows[0] * qkvWidth + head * dHead;
        for (int block = 0; block < blocks; block++) {
            product.product(
                    count,
                    KeyValues.BLOCK,
                    dHead,
                    qkv,
                    q,
                    qkvWidth,
                    1,
                    sequence.keys(layer),
                    sequence.keyBlock(head, firstBlock + block),
                    KeyValues.BLOCK,
                    scores,
                    block * KeyValues.BLOCK,
                    width,
                    false);
        }
        for (int i = 0; i < count; i++) {
            softmax(seen, positions[rows[i]], i * width, width, start);
        }
        product.product(
                count,
                valueWidth,
                end - start,
                scores,
                0,
                width,
                1,
                sequence.values(layer),
                sequence.valueAt(head, start),
                valueWidth,
                mixed,
                0,
                valueWidth,
                false);
        for (int i = 0; i < count; i++) {
            System.arraycopy(mixed, i * valueWidth, z, rows[i] * zWidth + head * dHead, dHead);
        }
    }

    /** Of one query's scores, [at, at + width), the first of which is the key at {@code start}; what is closed becomes 0. */
    private void softmax(Visible seen, int query, int at, int width, int start) {
        int from = at + seen.from()[query] - start;
        int to = at + seen.to()[query] - start;
        seen.close(query, scores, from, seen.from()[query], seen.to()[query]);
        float most = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            most = Math.max(most, scores[i]);
        }
        for (int i = from; i < to; i++) {
            scores[i] = (scores[i] - most) * scale;
        }
        Arrays.fill(scores, at, from, Float.NEGATIVE_INFINITY);
        Arrays.fill(scores, to, at + width, Float.NEGATIVE_INFINITY);
        kernels.exp(scores, at, width);
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += scores[i];
        }
        kernels.scale(scores, at, (float) (1 / sum), width);
    }
}
