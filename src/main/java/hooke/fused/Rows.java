package hooke.fused;

import hooke.model.Reach;

/**
 * The rows that some examples need, one for each state that any of them is in: at every level, position after position, in the order in
 * which the examples show them. Made anew for each batch, in arrays that are kept.
 */
final class Rows {
    private final States states;
    private final int[][] tokens;
    private final int[][] classes;
    private final int[][][] open;
    private final int[] read;

    /** By level and place: the row of each state, valid where the stamp is the batch's. */
    private final int[][][] rowOf;

    private final int[][][] stamps;
    private int stamp;

    private final int[][] starts;
    private final int[][] shownBy;
    private final int[][] own;
    private final int[][][] keys;
    private final int[] token;
    private final int[] position;
    private final int[] targetStart;
    private final int[] target;
    private final int most;
    private int examples;

    /**
     * @param tokens of all examples, [example][pos]
     * @param classes of all examples' answers, [example][answer]
     * @param most examples of one batch
     */
    Rows(States states, int[][] tokens, int[][] classes, int most) {
        this.states = states;
        this.tokens = tokens;
        this.classes = classes;
        this.most = most;
        int levels = states.levels();
        this.read = states.positions(levels - 1);
        this.rowOf = new int[levels][][];
        this.stamps = new int[levels][][];
        this.starts = new int[levels][];
        this.shownBy = new int[levels][];
        this.own = new int[levels - 1][];
        this.keys = new int[levels - 1][][];
        this.open = new int[levels - 1][][];
        for (int level = 0; level < levels; level++) {
            int places = states.positions(level).length;
            rowOf[level] = new int[places][];
            stamps[level] = new int[places][];
            starts[level] = new int[places + 1];
            for (int place = 0; place < places; place++) {
                rowOf[level][place] = new int[states.count(level, place)];
                stamps[level][place] = new int[states.count(level, place)];
            }
            shownBy[level] = new int[most(level)];
            if (level > 0) {
                makeLayer(level - 1);
            }
        }
        this.token = new int[shownBy[0].length];
        this.position = new int[shownBy[0].length];
        this.targetStart = new int[shownBy[levels - 1].length + 1];
        this.target = new int[most * read.length];
    }

    private void makeLayer(int layer) {
        Reach.Layer reach = states.layer(layer);
        own[layer] = new int[shownBy[layer + 1].length];
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

    /** Rows that a level has at most. */
    private int most(int level) {
        int sum = 0;
        for (int place = 0; place < states.positions(level).length; place++) {
            sum += mostRows(level, place);
        }
        return sum;
    }

    /** Makes the rows of these examples. */
    void set(int[] batch, int from, int to) {
        stamp++;
        examples = to - from;
        for (int level = 0; level < starts.length; level++) {
            int row = 0;
            for (int place = 0; place < rowOf[level].length; place++) {
                starts[level][place] = row;
                row = show(level, place, batch, from, to, row);
            }
            starts[level][rowOf[level].length] = row;
            if (level == 0) {
                embed();
            } else {
                connect(level - 1);
            }
        }
        aim(batch, from, to);
    }

    private int show(int level, int place, int[] batch, int from, int to, int first) {
        int[] state = states.at(level, place);
        int[] rows = rowOf[level][place];
        int[] seen = stamps[level][place];
        int[] shown = shownBy[level];
        int row = first;
        for (int i = from; i < to; i++) {
            int number = state[batch[i]];
            if (seen[number] != stamp) {
                seen[number] = stamp;
                rows[number] = row;
                shown[row++] = batch[i];
            }
        }
        return row;
    }

    private void embed() {
        int[] positions = states.positions(0);
        for (int place = 0; place < positions.length; place++) {
            for (int row = starts[0][place]; row < starts[0][place + 1]; row++) {
                token[row] = tokens[shownBy[0][row]][positions[place]];
                position[row] = positions[place];
            }
        }
    }

    private void connect(int layer) {
        int[] queries = states.layer(layer).queries();
        for (int query = 0; query < queries.length; query++) {
            int place = states.place(layer, queries[query]);
            int[] keyPlaces = open[layer][query];
            int first = starts[layer + 1][query];
            for (int row = first; row < starts[layer + 1][query + 1]; row++) {
                int example = shownBy[layer + 1][row];
                own[layer][row] = row(layer, place, example);
                int at = (row - first) * keyPlaces.length;
                for (int i = 0; i < keyPlaces.length; i++) {
                    keys[layer][query][at + i] = row(layer, keyPlaces[i], example);
                }
            }
        }
    }

    private int row(int level, int place, int example) {
        return rowOf[level][place][states.at(level, place)[example]];
    }

    /** Sorts the right classes by the row that must answer them. */
    private void aim(int[] batch, int from, int to) {
        int last = starts.length - 1;
        int rows = count(last);
        java.util.Arrays.fill(targetStart, 0, rows + 1, 0);
        for (int place = 0; place < read.length; place++) {
            for (int i = from; i < to; i++) {
                targetStart[row(last, place, batch[i]) + 1]++;
            }
        }
        for (int row = 0; row < rows; row++) {
            targetStart[row + 1] += targetStart[row];
        }
        for (int place = 0; place < read.length; place++) {
            for (int i = from; i < to; i++) {
                target[targetStart[row(last, place, batch[i])]++] = classes[batch[i]][place];
            }
        }
        for (int row = rows; row > 0; row--) {
            targetStart[row] = targetStart[row - 1];
        }
        targetStart[0] = 0;
    }

    /** Answers that all examples give together. */
    int answers() {
        return examples * read.length;
    }

    /** Positions at which a level is known. */
    int places(int level) {
        return rowOf[level].length;
    }

    /** Rows of a level. */
    int count(int level) {
        return starts[level][rowOf[level].length];
    }

    /** The most that it can have. */
    int capacity(int level) {
        return shownBy[level].length;
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
}
