package hooke.text;

import java.util.Arrays;

/** A number for each of some pairs of tokens, found without making an object. */
final class PairTable {
    static final int NONE = -1;

    private long[] pairs = new long[16];
    private int[] values = new int[16];
    private int size;

    PairTable() {
        Arrays.fill(values, NONE);
    }

    /** The last number that is put for a pair counts. */
    void put(long pair, int value) {
        int place = place(pair);
        size += values[place] == NONE ? 1 : 0;
        pairs[place] = pair;
        values[place] = value;
        if (size > values.length / 2) {
            grow();
        }
    }

    /** {@link #NONE} for a pair that has none. */
    int get(long pair) {
        return values[place(pair)];
    }

    /** Where a pair is, or would be. */
    private int place(long pair) {
        int place = (int) (pair * 0x9E3779B97F4A7C15L >>> 40) & pairs.length - 1;
        while (values[place] != NONE && pairs[place] != pair) {
            place = place + 1 & pairs.length - 1;
        }
        return place;
    }

    private void grow() {
        long[] oldPairs = pairs;
        int[] oldValues = values;
        pairs = new long[2 * oldPairs.length];
        values = new int[pairs.length];
        Arrays.fill(values, NONE);
        for (int i = 0; i < oldPairs.length; i++) {
            if (oldValues[i] != NONE) {
                int place = place(oldPairs[i]);
                pairs[place] = oldPairs[i];
                values[place] = oldValues[i];
            }
        }
    }
}
