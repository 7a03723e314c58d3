package hooke.fused.decode;

import hooke.config.ModelConfig;
import hooke.fused.context.Visible;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Mat;
import hooke.fused.kernels.PanelProduct;
import hooke.fused.kernels.SoftmaxRows;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Attention of queries of one sequence over its kept keys, {@code softmax(q k / sqrt(d_head)) v}, one head at a time. */
final class CachedAttention {
    /** Queries of one sequence that are taken together. */
    private static final int QUERIES = 12;

    private final ChosenShares chosen;
    private final int dHead;
    private final float scale;
    /** What each head of each layer sees. */
    private final Visible[][] visible;

    private final Kernels kernels;
    private final SoftmaxRows softmax;
    private final PanelProduct product;
    private final int valueWidth;
    private final float[] mixed;
    private float[] scores = new float[0];

    /** @param model of the blocks that it is for */
    CachedAttention(ModelConfig model, Visible[][] visible, Kernel kernel) {
        this.chosen = new ChosenShares(model);
        this.dHead = model.dHead();
        this.scale = (float) (1 / Math.sqrt(dHead));
        this.visible = visible;
        this.kernels = kernel.kernels();
        this.softmax = SoftmaxRows.of(kernel);
        this.product = PanelProduct.of(kernel);
        this.valueWidth = PackedMatrix.wide(dHead);
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
    void mix(int layer, int head, KeyValues sequence, int[] rows, int[] positions, Mat qkv, Mat z) {
        Visible seen = visible[layer][head];
        int count = rows.length;
        int first = Integer.MAX_VALUE;
        int end = 0;
        for (int row : rows) {
            first = Math.min(first, seen.from()[positions[row]]);
            end = Math.max(end, seen.to()[positions[row]]);
        }
        int some = KeyValues.BLOCK;
        int start = first / some * some;
        int width = (end - start + some - 1) / some * some; // There is room for it: start is a multiple, too.
        int stride = width + FlatWeights.LANES; // A row's last vector may reach behind its end.
        if (scores.length < QUERIES * stride) {
            scores = new float[QUERIES * stride];
        }
        Mat queries = qkv.from(rows[0], head * dHead);
        score(count, width / KeyValues.BLOCK, queries, stride, sequence, layer, head, start);
        for (int i = 0; i < count; i++) {
            softmax(seen, positions[rows[i]], i * stride, width, start, sequence, layer, head);
        }
        mixValues(count, end - start, stride, sequence, layer, head, start);
        for (int i = 0; i < count; i++) {
            System.arraycopy(mixed, i * valueWidth, z.array(), z.row(rows[i]) + head * dHead, dHead);
        }
    }

    /** Queries by blocks of keys. */
    private void score(
            int count, int blocks, Mat queries, int stride, KeyValues sequence, int layer, int head, int start) {
        float[] keys = sequence.keys(layer);
        int at = sequence.keyBlock(layer, head, start / KeyValues.BLOCK);
        int size = KeyValues.BLOCK * dHead;
        int apart = count == 1 ? blocks / 4 : 0; // All is waiting for memory.
        for (int block = 0; block < apart; block++) {
            product.four(
                    dHead,
                    queries.array(),
                    queries.offset(),
                    keys,
                    at + block * size,
                    apart * size,
                    scores,
                    block * KeyValues.BLOCK,
                    apart * KeyValues.BLOCK,
                    false);
        }
        for (int block = 4 * apart; block < blocks; block++) {
            int to = block * KeyValues.BLOCK;
            product.rows(
                    count,
                    dHead,
                    queries.array(),
                    queries.offset(),
                    queries.stride(),
                    keys,
                    at + block * size,
                    scores,
                    to,
                    stride,
                    false);
        }
    }

    private void mixValues(int count, int keys, int stride, KeyValues sequence, int layer, int head, int start) {
        int panel = PackedMatrix.PANEL;
        float[] values = sequence.values(layer);
        int part = 0;
        if (count == 1) {
            int apart = sequence.capacity() * panel;
            for (; (part + 4) * panel <= valueWidth; part += 4) {
                int at = sequence.valueAt(layer, head, part, start);
                product.four(keys, scores, 0, values, at, apart, mixed, part * panel, panel, false);
            }
        }
        for (; part * panel < valueWidth; part++) {
            int at = sequence.valueAt(layer, head, part, start);
            product.rows(count, keys, scores, 0, stride, values, at, mixed, part * panel, valueWidth, false);
        }
    }

    /** Of one query's scores, [at, at + width), the first of which is the key at {@code start}; what is closed becomes 0. */
    private void softmax(
            Visible seen, int query, int at, int width, int start, KeyValues sequence, int layer, int head) {
        int from = at + seen.from()[query] - start;
        int to = at + seen.to()[query] - start;
        seen.close(query, scores, from, seen.from()[query], seen.to()[query]);
        kernels.scale(scores, at, scale, width);
        chosen.choose(scores, from, to, sequence, layer, head, seen.from()[query]);
        float sum = softmax.exp(scores, from, to, softmax.max(scores, from, to));
        Arrays.fill(scores, at, from, 0);
        Arrays.fill(scores, to, at + width, 0);
        kernels.scale(scores, at, 1 / sum, width);
        chosen.weight(scores, from, to);
    }
}
