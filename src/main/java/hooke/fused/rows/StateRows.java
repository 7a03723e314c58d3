package hooke.fused.rows;

import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Mat;
import hooke.reach.Reach;
import hooke.reach.States;
import java.util.Arrays;

/**
 * The rows that some examples need, one for each state that any of them is in: at every level, position after position, in the order in
 * which the examples show them. Made anew for each batch, in arrays that are kept.
 *
 * <p>Places that partition the examples alike show them in the same order, so that the work is done once for each partition: list copy
 * through three layers has 15 places, but tells its examples apart in only 4 ways.
 */
public final class StateRows {
    private final States states;
    private final int[][] tokens;
    private final int[][] classes;
    private final int most;
    private final int[] read;
    private final Shown[] shown;
    private final int[][] starts;
    private final int[][][] open;
    private final int[][] own;
    private final int[][][] keys;
    private final int[] token;
    private final int[] position;
    private final int[] targetStart;
    private final int[] target;
    private final int[] last;
    private int examples;

    /** How a batch shows the classes of one partition. */
    private static final class Shown {
        private final int[] numbers;
        /** The rank of each number among those shown, valid where the stamp is the batch's. */
        private final int[] rank;

        private final int[] stamps;
        private final int[] by;
        private int stamp;
        private int count;

        Shown(int[] numbers, int classes, int most) {
            this.numbers = numbers;
            this.rank = new int[classes];
            this.stamps = new int[classes];
            this.by = new int[Math.min(classes, most)];
        }

        void set(int[] batch, int from, int to) {
            stamp++;
            count = 0;
            for (int i = from; i < to; i++) {
                int number = numbers[batch[i]];
                if (stamps[number] != stamp) {
                    stamps[number] = stamp;
                    rank[number] = count;
                    by[count++] = batch[i];
                }
            }
        }

        int rank(int example) {
            return rank[numbers[example]];
        }
    }

    /**
     * @param tokens of all examples, [example][pos]
     * @param classes of all examples' answers, [example][answer]
     * @param most examples of one batch
     */
    StateRows(States states, int[][] tokens, int[][] classes, int most) {
        this.states = states;
        this.tokens = tokens;
        this.classes = classes;
        this.most = most;
        int levels = states.levels();
        this.read = states.positions(levels - 1);
        this.shown = new Shown[states.partitions()];
        this.starts = new int[levels][];
        this.own = new int[levels - 1][];
        this.keys = new int[levels - 1][][];
        this.open = new int[levels - 1][][];
        for (int level = 0; level < levels; level++) {
            int places = states.positions(level).length;
            starts[level] = new int[places + 1];
            for (int place = 0; place < places; place++) {
                int partition = states.partition(level, place);
                if (shown[partition] == null) {
                    shown[partition] = new Shown(states.at(level, place), states.count(level, place), most);
                }
            }
            if (level > 0) {
                makeLayer(level - 1);
            }
        }
        this.token = new int[capacity(0)];
        this.position = new int[capacity(0)];
        this.targetStart = new int[capacity(levels - 1) + 1];
        this.target = new int[most * read.length];
        this.last = new int[most];
    }

    private void makeLayer(int layer) {
        Reach.Layer reach = states.layer(layer);
        own[layer] = new int[capacity(layer + 1)];
        int queries = reach.queries().length;
        keys[layer] = new int[queries][];
        open[layer] = new int[queries][];
        for (int query = 0; query < queries; query++) {
            int[] places = reach.open(query);
            for (int i = 0; i < places.length; i++) {
                places[i] = states.place(layer, reach.keys()[places[i]]);
            }
            open[layer][query] = places;
            keys[layer][query] = new int[mostRows(layer + 1, query) * places.length];
        }
    }

    /** Makes the rows of these examples, unless they are the same as before. */
    void set(int[] batch, int from, int to) {
        if (Arrays.equals(batch, from, to, last, 0, examples)) {
            return;
        }
        examples = to - from;
        System.arraycopy(batch, from, last, 0, examples);
        for (Shown partition : shown) {
            partition.set(batch, from, to);
        }
        for (int level = 0; level < starts.length; level++) {
            for (int place = 0; place < places(level); place++) {
                starts[level][place + 1] = starts[level][place] + shown(level, place).count;
            }
        }
        embed();
        for (int layer = 0; layer < own.length; layer++) {
            connect(layer);
        }
        aim(batch, from, to);
    }

    private Shown shown(int level, int place) {
        return shown[states.partition(level, place)];
    }

    private void embed() {
        int[] positions = states.positions(0);
        for (int place = 0; place < positions.length; place++) {
            int[] by = shown(0, place).by;
            int start = starts[0][place];
            int count = starts[0][place + 1] - start;
            for (int i = 0; i < count; i++) {
                token[start + i] = tokens[by[i]][positions[place]];
                position[start + i] = positions[place];
            }
        }
    }

    private void connect(int layer) {
        int[] queries = states.layer(layer).queries();
        for (int query = 0; query < queries.length; query++) {
            int[] keyPlaces = open[layer][query];
            Shown rows = shown(layer + 1, query);
            point(layer, states.place(layer, queries[query]), rows, own[layer], starts[layer + 1][query], 1);
            for (int i = 0; i < keyPlaces.length; i++) {
                point(layer, keyPlaces[i], rows, keys[layer][query], i, keyPlaces.length);
            }
        }
    }

    /** Which row of a place each of the rows comes from. */
    private void point(int level, int place, Shown rows, int[] to, int at, int stride) {
        int start = starts[level][place];
        Shown from = shown(level, place);
        boolean same = from == rows;
        for (int i = 0; i < rows.count; i++) {
            to[at + i * stride] = start + (same ? i : from.rank(rows.by[i]));
        }
    }

    /** Sorts the right classes by the row that must answer them. */
    private void aim(int[] batch, int from, int to) {
        int level = starts.length - 1;
        int rows = count(level);
        Arrays.fill(targetStart, 0, rows + 1, 0);
        for (int place = 0; place < read.length; place++) {
            Shown partition = shown(level, place);
            for (int i = from; i < to; i++) {
                targetStart[starts[level][place] + partition.rank(batch[i]) + 1]++;
            }
        }
        for (int row = 0; row < rows; row++) {
            targetStart[row + 1] += targetStart[row];
        }
        for (int place = 0; place < read.length; place++) {
            Shown partition = shown(level, place);
            for (int i = from; i < to; i++) {
                target[targetStart[starts[level][place] + partition.rank(batch[i])]++] = classes[batch[i]][place];
            }
        }
        System.arraycopy(targetStart, 0, targetStart, 1, rows);
        targetStart[0] = 0;
    }

    /** Positions at which a level is known. */
    int places(int level) {
        return starts[level].length - 1;
    }

    /** Rows of a level. */
    int count(int level) {
        return starts[level][places(level)];
    }

    /** The most that it can have. */
    int capacity(int level) {
        int sum = 0;
        for (int place = 0; place < states.positions(level).length; place++) {
            sum += mostRows(level, place);
        }
        return sum;
    }

    /** The most that a place of it can have. */
    int mostRows(int level, int place) {
        return Math.min(most, states.count(level, place));
    }

    /** The first row of a place of a level; of one place more, the end. */
    int start(int level, int place) {
        return starts[level][place];
    }

    /** Of a row of level 0. */
    int token(int row) {
        return token[row];
    }

    /** Of a row of level 0. */
    int position(int row) {
        return position[row];
    }

    /** The row before a layer on which a row after it stands. */
    int own(int layer, int row) {
        return own[layer][row];
    }

    /** Where the rows after a layer that stand on the same row as this one end, at most at {@code end}. */
    int sameOwn(int layer, int row, int end) {
        int next = row + 1;
        while (next < end && own[layer][next] == own[layer][row]) {
            next++;
        }
        return next;
    }

    /** How many keys are open to a query, by its place. */
    int open(int layer, int query) {
        return open[layer][query].length;
    }

    /** The places before the layer that are open to a query, by its place. */
    int[] openPlaces(int layer, int query) {
        return open[layer][query];
    }

    /** The rows before a layer to which the query's rows attend, [row of this query * open key]. */
    int[] keys(int layer, int query) {
        return keys[layer][query];
    }

    /** The first of a last row's targets; of one row more, the end. */
    int targetStart(int row) {
        return targetStart[row];
    }

    /** The class of a target. */
    int target(int number) {
        return target[number];
    }

    /** Adds rows after a layer, [from, to), to the rows before it on which they stand. */
    void addToOwn(Kernels kernels, int layer, int from, int to, Mat after, Mat before) {
        int width = before.stride();
        for (int row = from; row < to; ) {
            int next = sameOwn(layer, row, to);
            int own = before.row(own(layer, row));
            kernels.addRows(before.array(), own, after.array(), after.row(row - from), width, next - row, width);
            row = next;
        }
    }
}
