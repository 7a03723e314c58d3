package hooke.reach;

import java.nio.IntBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which examples have the same residual stream where, in every layer, for ever: before the first layer those with the same token at a
 * position, after a layer those that had the same own state and the same states at all open keys. What is in the same state need be
 * computed once, with whatever weights. With a causal mask this finds shared prefixes; behind a bottleneck it finds that thousands of
 * examples are one.
 *
 * <p>Levels count residual streams: level 0 is the embedding, level {@code l + 1} what layer {@code l} leaves.
 */
public final class States {
    private final List<Reach.Layer> layers;
    private final int[] read;
    /** By level, place of the position among the level's, and example. */
    private final int[][][] numbers;

    private final int[][] counts;
    /** By level and place, the number of its partition: places that tell the same examples apart have the same. */
    private final int[][] partitions;

    private final Map<IntBuffer, Integer> known = new HashMap<>();

    private States(List<Reach.Layer> layers, int[] read) {
        this.layers = layers;
        this.read = read;
        this.numbers = new int[layers.size() + 1][][];
        this.counts = new int[layers.size() + 1][];
        this.partitions = new int[layers.size() + 1][];
    }

    /**
     * @param read positions that are read at the end, ascending
     * @param tokens of all examples, [example][pos]
     */
    public static States of(Reach reach, int[] read, int[][] tokens) {
        var states = new States(reach.layers(), read);
        int[] positions = states.positions(0);
        states.begin(0);
        for (int place = 0; place < positions.length; place++) {
            int[] column = new int[tokens.length];
            for (int example = 0; example < tokens.length; example++) {
                column[example] = tokens[example][positions[place]];
            }
            states.keep(0, place, number(column, new int[tokens.length]));
        }
        for (int level = 0; level < reach.layers().size(); level++) {
            states.afterLayer(level);
        }
        return states;
    }

    private void begin(int level) {
        numbers[level] = new int[positions(level).length][];
        counts[level] = new int[positions(level).length];
        partitions[level] = new int[positions(level).length];
    }

    private void afterLayer(int level) {
        Reach.Layer layer = layers.get(level);
        begin(level + 1);
        for (int query = 0; query < layer.queries().length; query++) {
            int[] state = numbers[level][place(level, layer.queries()[query])];
            for (int key : layer.open(query)) {
                state = number(state, numbers[level][place(level, layer.keys()[key])]);
            }
            keep(level + 1, query, state);
        }
    }

    /** Numbers the different pairs, in the order in which examples show them. */
    private static int[] number(int[] first, int[] second) {
        int[] numbered = new int[first.length];
        // A hash table of plain numbers: one of objects takes several times as long, and every cached pass does this.
        int slots = Integer.highestOneBit(Math.max(1, first.length)) << 2;
        long[] pairs = new long[slots];
        int[] numberOf = new int[slots]; // one more than the number; 0 where the slot is free
        int next = 0;
        for (int example = 0; example < first.length; example++) {
            long pair = (long) first[example] << 32 | second[example];
            int slot = (int) ((pair * 0x9E3779B97F4A7C15L) >>> 32) & slots - 1;
            while (numberOf[slot] != 0 && pairs[slot] != pair) {
                slot = slot + 1 & slots - 1;
            }
            if (numberOf[slot] == 0) {
                pairs[slot] = pair;
                numberOf[slot] = ++next;
            }
            numbered[example] = numberOf[slot] - 1;
        }
        return numbered;
    }

    /** Equal partitions have equal numbers, since numbers are given in the order of the examples. */
    private void keep(int level, int place, int[] numbered) {
        int next = known.size();
        Integer old = known.putIfAbsent(IntBuffer.wrap(numbered), next);
        partitions[level][place] = old == null ? next : old;
        numbers[level][place] = numbered;
        counts[level][place] = Arrays.stream(numbered).max().orElse(-1) + 1;
    }

    /** The number of a place's partition of the examples; there are {@link #partitions()}. */
    public int partition(int level, int place) {
        return partitions[level][place];
    }

    public int partitions() {
        return known.size();
    }

    /** Levels are one more than layers. */
    public int levels() {
        return numbers.length;
    }

    public Reach.Layer layer(int number) {
        return layers.get(number);
    }

    /** The positions at which a level must be known, ascending. */
    public int[] positions(int level) {
        return level < layers.size() ? layers.get(level).positions() : read;
    }

    /** The place of a position among a level's. */
    public int place(int level, int position) {
        return Arrays.binarySearch(positions(level), position);
    }

    /** The state of each example at a place of a level, counted from 0. */
    public int[] at(int level, int place) {
        return numbers[level][place];
    }

    /** How many states all examples have there. */
    public int count(int level, int place) {
        return counts[level][place];
    }
}
