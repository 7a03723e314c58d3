package hooke.fused.decode;

import hooke.config.ModelConfig;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Keys and values of the positions of one sequence so far, in panels that products read from front to back: keys in blocks of positions,
 * [head][block][d_head][pos], values in parts of a row, [head][part][pos][column], filled up; and the keys' own scores where they have some,
 * [head][pos].
 */
final class KeyValues {
    /** Positions of a block. */
    static final int BLOCK = PackedMatrix.PANEL;

    private final int heads;
    /** By layer. */
    private final int[] dHeads;

    private final boolean scored;
    private final float[][] keys;
    private final float[][] values;
    private final float[][] scores;
    private int capacity;
    private int length;

    KeyValues(ModelConfig model) {
        int layers = model.nLayers();
        this.heads = model.nHeads();
        this.dHeads = IntStream.range(0, layers)
                .map(layer -> model.block(layer).dHead())
                .toArray();
        this.scored = model.attention().scoresKeys();
        this.keys = new float[layers][0];
        this.values = new float[layers][0];
        this.scores = new float[layers][0];
    }

    private int parts(int layer) {
        return PackedMatrix.wide(dHeads[layer]) / PackedMatrix.PANEL;
    }

    /** Positions that are known. */
    int length() {
        return length;
    }

    int capacity() {
        return capacity;
    }

    /** Makes room for so many positions. */
    void reserve(int positions) {
        if (positions <= capacity) {
            return;
        }
        int wanted = (positions + BLOCK - 1) / BLOCK * BLOCK; // There is room for whole blocks.
        for (int layer = 0; layer < keys.length; layer++) {
            keys[layer] = grown(keys[layer], heads, dHeads[layer], wanted);
            values[layer] = grown(values[layer], heads * parts(layer), PackedMatrix.PANEL, wanted);
            scores[layer] = scored ? grown(scores[layer], heads, 1, wanted) : scores[layer];
        }
        capacity = wanted;
    }

    private float[] grown(float[] old, int count, int each, int wanted) {
        float[] grown = new float[count * wanted * each];
        for (int i = 0; i < count; i++) {
            System.arraycopy(old, i * capacity * each, grown, i * wanted * each, capacity * each);
        }
        return grown;
    }

    /** All positions up to one are known now. */
    void grownTo(int positions) {
        length = positions;
    }

    /** Forgets everything, and keeps the room. */
    void clear() {
        for (int layer = 0; layer < keys.length; layer++) {
            Arrays.fill(keys[layer], 0);
            Arrays.fill(values[layer], 0);
        }
        length = 0;
    }

    /** Takes over key and value of one position in one layer, the heads side by side. */
    void put(int layer, int position, float[] k, int kAt, float[] v, int vAt) {
        float[] ks = keys[layer];
        float[] vs = values[layer];
        int dHead = dHeads[layer];
        for (int head = 0; head < heads; head++) {
            int column = keyBlock(layer, head, position / BLOCK) + position % BLOCK;
            for (int i = 0; i < dHead; i++) {
                ks[column + i * BLOCK] = k[kAt + head * dHead + i];
            }
            for (int part = 0; part < parts(layer); part++) {
                int from = part * PackedMatrix.PANEL;
                int count = Math.min(PackedMatrix.PANEL, dHead - from);
                System.arraycopy(v, vAt + head * dHead + from, vs, valueAt(layer, head, part, position), count);
            }
        }
    }

    /** Takes over a key's own score for one head. */
    void putScore(int layer, int head, int position, float score) {
        scores[layer][head * capacity + position] = score;
    }

    float score(int layer, int head, int position) {
        return scores[layer][head * capacity + position];
    }

    float[] keys(int layer) {
        return keys[layer];
    }

    float[] values(int layer) {
        return values[layer];
    }

    /** Where a block of keys begins. */
    int keyBlock(int layer, int head, int block) {
        return (head * (capacity / BLOCK) + block) * BLOCK * dHeads[layer];
    }

    /** Where a part of a value begins. */
    int valueAt(int layer, int head, int part, int position) {
        return ((head * parts(layer) + part) * capacity + position) * PackedMatrix.PANEL;
    }
}
