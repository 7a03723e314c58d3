package hooke.fused.decode;

import java.util.Arrays;

/**
 * Keys and values of the positions of one sequence so far. Keys lie in blocks of positions, [head][block][d_head][pos], so that
 * a query's scores with a block are one product; values as [head][pos][d_head], filled up.
 */
final class KeyValues {
    /** Positions of a block. */
    static final int BLOCK = PackedMatrix.PANEL;

    private final int heads;
    private final int dHead;
    private final int width;
    private final float[][] keys;
    private final float[][] values;
    private int capacity;
    private int length;

    /** @param width of a row of values: d_head, filled up to whole vectors */
    KeyValues(int layers, int heads, int dHead, int width) {
        this.heads = heads;
        this.dHead = dHead;
        this.width = width;
        this.keys = new float[layers][0];
        this.values = new float[layers][0];
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
        int wanted = (positions + BLOCK - 1) / BLOCK * BLOCK;
        for (int layer = 0; layer < keys.length; layer++) {
            keys[layer] = grown(keys[layer], dHead, wanted);
            values[layer] = grown(values[layer], width, wanted);
        }
        capacity = wanted;
    }

    private float[] grown(float[] old, int each, int wanted) {
        float[] grown = new float[heads * wanted * each];
        for (int head = 0; head < heads; head++) {
            System.arraycopy(old, head * capacity * each, grown, head * wanted * each, capacity * each);
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
        for (int head = 0; head < heads; head++) {
            int column = keyBlock(head, position / BLOCK) + position % BLOCK;
            for (int i = 0; i < dHead; i++) {
                ks[column + i * BLOCK] = k[kAt + head * dHead + i];
            }
            System.arraycopy(v, vAt + head * dHead, vs, valueAt(head, position), dHead);
        }
    }

    float[] keys(int layer) {
        return keys[layer];
    }

    float[] values(int layer) {
        return values[layer];
    }

    /** Where a block of keys begins. */
    int keyBlock(int head, int block) {
        return (head * (capacity / BLOCK) + block) * BLOCK * dHead;
    }

    /** Where a value begins. */
    int valueAt(int head, int position) {
        return (head * capacity + position) * width;
    }
}
