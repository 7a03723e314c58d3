package hooke.model;

import hooke.hook.Rows;
import hooke.reach.Reach;
import hooke.reach.States;
import hooke.tensor.Device;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The states that some examples are in at one level, as rows: position after position, one row for each state. Every position of every
 * level is there, so that hooks can look at all of them.
 */
final class Level {
    private final Device device;
    private final States states;
    private final int number;
    private final int[][] tokens;
    /** By position its first row; of one position more, their number. */
    private final int[] starts;
    /** By position and row, an example that is in this state. */
    private final int[][] shownBy;
    /** Each example's row at each position, [example * pos]. */
    private final long[] ofExamples;

    private Level(Device device, States states, int number, int[][] tokens) {
        this.device = device;
        this.states = states;
        this.number = number;
        this.tokens = tokens;
        int positions = tokens[0].length;
        this.starts = new int[positions + 1];
        this.shownBy = new int[positions][];
        this.ofExamples = new long[tokens.length * positions];
        for (int position = 0; position < positions; position++) {
            starts[position + 1] = starts[position] + states.count(number, position);
            shownBy[position] = new int[states.count(number, position)];
            int[] of = states.at(number, position);
            for (int example = 0, next = 0; example < of.length; example++) {
                ofExamples[example * positions + position] = starts[position] + of[example];
                if (of[example] == next) { // states are numbered in the order in which examples show them
                    shownBy[position][next++] = example;
                }
            }
        }
    }

    /** Before the first layer of examples [example][pos], of which every position is read. */
    static Level first(Reach reach, Device device, int[][] tokens) {
        int[] all = IntStream.range(0, tokens[0].length).toArray();
        return new Level(device, States.of(reach, all, tokens), 0, tokens);
    }

    /** Behind the layer. */
    Level next() {
        return new Level(device, states, number + 1, tokens);
    }

    int rows() {
        return starts[starts.length - 1];
    }

    int count(int position) {
        return starts[position + 1] - starts[position];
    }

    /** The rows of one position. */
    Tensor part(Tensor rows, int position) {
        return rows.narrow(0, starts[position], count(position));
    }

    /** The token of each row, before the first layer. */
    Tensor tokens() {
        return eachRow((position, example) -> tokens[example][position]);
    }

    /** The position of each row. */
    Tensor positionOfEach() {
        return eachRow((position, _) -> position);
    }

    int examples() {
        return tokens.length;
    }

    int positions() {
        return shownBy.length;
    }

    /** Rows as an activation whose axes are those of examples and positions, and these. */
    Rows asRows(Tensor rows, long... last) {
        long[] shape = new long[2 + last.length];
        shape[0] = examples();
        shape[1] = positions();
        System.arraycopy(last, 0, shape, 2, last.length);
        return new Rows(rows, ofExamples, shape);
    }

    /** Each example's entries where rows have one for each head, {@code row * heads + head}, [example * head * pos]. */
    long[] ofExamples(int heads) {
        int positions = shownBy.length;
        long[] entries = new long[tokens.length * heads * positions];
        for (int i = 0; i < entries.length; i++) {
            int head = i / positions % heads;
            int example = i / positions / heads;
            entries[i] = ofExamples[example * positions + i % positions] * heads + head;
        }
        return entries;
    }

    /** For each row of this level at a query, that of its examples before the layer at a key; copied only where their order differs. */
    Tensor from(Level before, Tensor rows, int query, int key) {
        Tensor part = before.part(rows, key);
        if (states.partition(before.number, key) == states.partition(number, query)) {
            return part;
        }
        if (before.count(key) == 1) {
            return part.expand(count(query), part.size(1));
        }
        return part.rows(Plan.index(
                device,
                Arrays.stream(shownBy[query])
                        .mapToLong(example -> states.at(before.number, key)[example])
                        .toArray()));
    }

    /** Where such a row and that of the query stand in a table: {@code query row * rows before the layer + key row}. */
    Tensor pairs(Level before, int query, int key) {
        long all = before.rows();
        return Plan.index(
                device,
                Arrays.stream(shownBy[query])
                        .mapToLong(example -> before.row(query, example) * all + before.row(key, example))
                        .toArray());
    }

    private int row(int position, int example) {
        return starts[position] + states.at(number, position)[example];
    }

    private interface OfRow {
        long at(int position, int example);
    }

    private Tensor eachRow(OfRow value) {
        long[] values = new long[rows()];
        for (int position = 0; position < shownBy.length; position++) {
            for (int i = 0; i < shownBy[position].length; i++) {
                values[starts[position] + i] = value.at(position, shownBy[position][i]);
            }
        }
        return Plan.index(device, values);
    }
}
