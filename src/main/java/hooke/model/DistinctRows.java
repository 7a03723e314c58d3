package hooke.model;

import java.util.Arrays;

/**
 * The different (token, position) pairs that a set of examples holds. Before the first attention a row of the residual stream depends
 * on nothing else, so that each pair needs to be computed only once: 227 rows instead of 38,307 for all of a x b mod 113.
 */
final class DistinctRows {
    private final int[] tokens;
    private final int[] positions;
    /** By position and token, the number of its row, or -1. */
    private final int[][] rowOf;

    private DistinctRows(int[] tokens, int[] positions, int[][] rowOf) {
        this.tokens = tokens;
        this.positions = positions;
        this.rowOf = rowOf;
    }

    /** Rows are ordered by position, then token, so that the rows of neighbouring positions lie together. */
    static DistinctRows of(int[][] examples, int[] wanted, int dVocab) {
        int[][] rowOf = new int[examples[0].length][dVocab];
        for (int position : wanted) {
            for (int[] example : examples) {
                rowOf[position][example[position]] = 1;
            }
        }
        int[] tokens = new int[wanted.length * dVocab];
        int[] positions = new int[tokens.length];
        int count = 0;
        for (int position = 0; position < rowOf.length; position++) {
            for (int token = 0; token < dVocab; token++) {
                if (rowOf[position][token] == 1) {
                    tokens[count] = token;
                    positions[count] = position;
                    rowOf[position][token] = count++;
                } else {
                    rowOf[position][token] = -1;
                }
            }
        }
        return new DistinctRows(Arrays.copyOf(tokens, count), Arrays.copyOf(positions, count), rowOf);
    }

    int count() {
        return tokens.length;
    }

    int[] tokens() {
        return tokens;
    }

    int[] positions() {
        return positions;
    }

    /** Which rows these examples have at the queries and at the keys of the first layer. */
    SharedRows shared(int[][] examples, Plan plan) {
        Plan.Layer layer = plan.layer(0);
        Range queries = range(layer.queries());
        Range keys = range(layer.keys());
        int q = layer.queries().length;
        int k = layer.keys().length;
        long[] queryRows = new long[examples.length * q];
        long[] keyRows = new long[examples.length * k];
        long[] pairs = new long[examples.length * q * k];
        for (int e = 0; e < examples.length; e++) {
            for (int j = 0; j < k; j++) {
                keyRows[e * k + j] = row(examples[e], layer.keys()[j]) - keys.start();
            }
            for (int i = 0; i < q; i++) {
                long row = row(examples[e], layer.queries()[i]) - queries.start();
                queryRows[e * q + i] = row;
                for (int j = 0; j < k; j++) {
                    pairs[(e * q + i) * k + j] = row * keys.length() + keyRows[e * k + j];
                }
            }
        }
        return new SharedRows(queries, keys, plan.index(queryRows), plan.index(keyRows), plan.index(pairs));
    }

    private int row(int[] example, int position) {
        int row = rowOf[position][example[position]];
        if (row < 0) {
            throw new IllegalArgumentException("token " + example[position] + " at position " + position
                    + " was not among the examples that the plan was made for");
        }
        return row;
    }

    /** The rows of all positions from the first to the last of these. */
    private Range range(int[] at) {
        int start = 0;
        while (positions[start] < at[0]) {
            start++;
        }
        int end = start;
        while (end < positions.length && positions[end] <= at[at.length - 1]) {
            end++;
        }
        return new Range(start, end - start);
    }

    /** Neighbouring rows. */
    record Range(int start, int length) {}
}
