package hooke.fused.decode;

import hooke.config.ModelConfig;
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
        copy(old, capacity * each, grown, wanted * each, count, capacity * each);
        return grown;
    }

    /** Copies the beginning of each of so many parts, which lie so far apart. */
    private static void copy(float[] from, int fromApart, float[] to, int toApart, int parts, int length) {
        for (int i = 0; i < parts; i++) {
            System.arraycopy(from, i * fromApart, to, i * toApart, length);
        }
    }

    /** Begins as another sequence of this model begins. */
    void begin(KeyValues other, int positions) {
        reserve(positions);
        int blocks = (positions + BLOCK - 1) / BLOCK * BLOCK;
        int theirs = other.capacity;
        for (int layer = 0; layer < keys.length; layer++) {
            int d = dHeads[layer];
            copy(other.keys[layer], theirs * d, keys[layer], capacity * d, heads, blocks * d);
            int panel = PackedMatrix.PANEL;
            int parts = heads * parts(layer);
            copy(other.values[layer], theirs * panel, values[layer], capacity * panel, parts, positions * panel);
            if (scored) {
                copy(other.scores[layer], theirs, scores[layer], capacity, heads, positions);
            }
        }
        length = positions;
    }

    /** All positions up to one are known now. */
    void grownTo(int positions) {
        length = positions;
    }

    /** Forgets all positions and keeps the room: what stands there is written before it is read again. */
    void forget() {
        length = 0;
    }

    /** Takes over key and value of one position for one head of a layer. */
    void put(int layer, int head, int position, float[] from, int kAt, int vAt) {
        float[] ks = keys[layer];
        int dHead = dHeads[layer];
        int column = keyBlock(layer, head, position / BLOCK) + position % BLOCK;
        for (int i = 0; i < dHead; i++) {
            ks[column + i * BLOCK] = from[kAt + i];
        }
        for (int part = 0; part < parts(layer); part++) {
            int first = part * PackedMatrix.PANEL;
            int count = Math.min(PackedMatrix.PANEL, dHead - first);
            System.arraycopy(from, vAt + first, values[layer], valueAt(layer, head, part, position), count);
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
