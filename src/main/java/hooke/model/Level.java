package hooke.model;

import hooke.tensor.Tensor;
import java.util.Arrays;

/**
 * The states that some examples are in at one level, as rows: position after position, one row for each state. Every position of every
 * level is there, so that hooks can look at all of them.
 */
final class Level {
    private final Plan plan;
    private final States states;
    private final int number;
    private final int[][] tokens;
    /** By position its first row; of one position more, their number. */
    private final int[] starts;
    /** By position and row, an example that is in this state. */
    private final int[][] shownBy;

    private Level(Plan plan, States states, int number, int[][] tokens) {
        this.plan = plan;
        this.states = states;
        this.number = number;
        this.tokens = tokens;
        int positions = tokens[0].length;
        this.starts = new int[positions + 1];
        this.shownBy = new int[positions][];
        for (int position = 0; position < positions; position++) {
            starts[position + 1] = starts[position] + states.count(number, position);
            shownBy[position] = new int[states.count(number, position)];
            int[] of = states.at(number, position);
            for (int example = 0, next = 0; next < shownBy[position].length; example++) {
                if (of[example] == next) { // states are numbered in the order in which examples show them
                    shownBy[position][next++] = example;
                }
            }
        }
    }

    /** Before the first layer of examples [example][pos], by a plan of every position. */
    static Level first(Plan plan, int[][] tokens) {
        return new Level(plan, States.of(plan.reach(), plan.read(), tokens), 0, tokens);
    }

    /** Behind the layer. */
    Level next() {
        return new Level(plan, states, number + 1, tokens);
    }

    int rows() {
        return starts[starts.length - 1];
    }

    int start(int position) {
        return starts[position];
    }

    int count(int position) {
        return starts[position + 1] - starts[position];
    }

    /** The token of each row, before the first layer. */
    Tensor tokens() {
        return eachRow((position, example) -> tokens[example][position]);
    }

    /** The position of each row. */
    Tensor positions() {
        return eachRow((position, _) -> position);
    }

    /** Each example's row at each position, [example * pos]. */
    Tensor ofExamples() {
        int positions = shownBy.length;
        long[] rows = new long[tokens.length * positions];
        for (int position = 0; position < positions; position++) {
            int[] of = states.at(number, position);
            for (int example = 0; example < of.length; example++) {
                rows[example * positions + position] = starts[position] + of[example];
            }
        }
        return plan.index(rows);
    }

    /** The row before the layer on which each row of this level stands. */
    Tensor own(Level before) {
        return eachRow((position, example) -> before.row(position, example));
    }

    /** The rows before the layer at a key's position that belong to the rows of a query's. */
    Tensor keys(Level before, int query, int key) {
        return plan.index(Arrays.stream(shownBy[query])
                .mapToLong(example -> before.row(key, example))
                .toArray());
    }

    /** The same with the row of the query itself: {@code query row * rows before the layer + key row}. */
    Tensor pairs(Level before, int query, int key) {
        long all = before.rows();
        return plan.index(Arrays.stream(shownBy[query])
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
        return plan.index(values);
    }
}
