package hooke.fused.rows;

import hooke.config.ModelConfig;
import hooke.config.ModelConfig.Identity;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Mat;
import hooke.fused.pass.FlatLinear;
import hooke.fused.pass.Parts;
import hooke.fused.rows.RowAttention.Route;
import hooke.reach.States;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What attention needs of the rows before its layer, made once for each of them: queries, keys, values, and where linear maps are taken
 * before the mixture ({@link Route}) the table of mapped values, [row, head, tableWidth]. Beside each lies its gradient.
 *
 * <p>Queries, keys and values have the heads side by side. All have spare rows behind those of the layer, for {@link
 * RowAttention#backward}.
 */
final class AttentionTables {
    private final Parts parts;
    private final StateRows rows;
    private final int layer;
    private final Route route;
    private final FlatLinear wQ;
    private final FlatLinear wK;
    private final FlatLinear wV;
    private final FlatLinear wO;
    private final boolean valuesAreInput;
    private final boolean tableIsValues;
    private final int tableWidth;
    /** Ranges of neighbouring places of which queries, keys, or values are made: [range][from, to). */
    private final int[][] queryPlaces;

    private final int[][] keyPlaces;
    private final int[][] valuePlaces;
    private final int capacity;
    private final int maxOpen;

    private final Mat input;
    private final Mat dInput;
    private final Mat q;
    private final Mat k;
    private final Mat v;
    private final Mat dq;
    private final Mat dk;
    private final Mat dv;
    /** [row, head * tableWidth]. */
    private final Mat table;

    private final Mat dTable;
    private final @Nullable ScoreTable[] scores;

    /** @param tableWidth of a row of mapped values; not read with {@link Route#VALUES} */
    AttentionTables(
            Parts parts, StateRows rows, States states, int layer, Route route, int tableWidth, Mat input, Mat dInput) {
        this.parts = parts;
        this.input = input;
        this.dInput = dInput;
        this.rows = rows;
        this.layer = layer;
        this.route = route;
        ModelConfig config = parts.config();
        String attn = "blocks." + layer + ".attn.";
        this.wQ = FlatLinear.of(parts, attn + "W_Q", attn + "b_Q");
        this.wK = FlatLinear.of(parts, attn + "W_K", attn + "b_K");
        this.wV = FlatLinear.of(parts, attn + "W_V", attn + "b_V");
        this.wO = FlatLinear.of(parts, attn + "W_O", attn + "b_O");
        boolean oneWholeHead = config.nHeads() == 1 && config.dHead() == config.dModel();
        this.valuesAreInput = oneWholeHead && config.identity().contains(Identity.W_V) && !wV.hasBias();
        this.tableIsValues = oneWholeHead && config.identity().contains(Identity.W_O) && route == Route.RESIDUAL;
        this.tableWidth = tableWidth;

        int before = states.positions(layer).length;
        boolean[] isQuery = new boolean[before];
        boolean[] isKey = new boolean[before];
        boolean[] isValue = new boolean[before];
        int[] queries = states.layer(layer).queries();
        int most = 0;
        for (int query = 0; query < queries.length; query++) {
            int[] open = rows.openPlaces(layer, query);
            most = Math.max(most, open.length);
            isQuery[states.place(layer, queries[query])] |= open.length > 1;
            for (int place : open) {
                isKey[place] |= open.length > 1;
                isValue[place] = true;
            }
        }
        this.queryPlaces = ranges(isQuery);
        this.keyPlaces = ranges(isKey);
        this.valuePlaces = ranges(isValue);

        this.maxOpen = most;
        this.capacity = rows.capacity(layer);
        int withSpare = capacity + maxOpen;
        int width = parts.headsWidth();
        int scored = keyPlaces.length > 0 ? withSpare : 0;
        this.q = Mat.zeros(scored, width);
        this.dq = Mat.zeros(scored, width);
        this.k = Mat.zeros(scored, width);
        this.dk = Mat.zeros(scored, width);
        this.v = valuesAreInput ? input : Mat.zeros(withSpare, width);
        this.dv = valuesAreInput ? dInput : Mat.zeros(withSpare, width);
        int mapped = route == Route.VALUES ? 0 : withSpare;
        this.table = tableIsValues ? v : table(mapped, config.nHeads() * tableWidth);
        this.dTable = tableIsValues ? dv : table(mapped, config.nHeads() * tableWidth);
        int[] ownPlaces =
                Arrays.stream(queries).map(q -> states.place(layer, q)).toArray();
        this.scores = ScoreTable.of(parts, rows, this, layer, ownPlaces);
    }

    private static Mat table(int rows, int width) {
        return new Mat(new float[FlatWeights.CACHE_LINE + rows * width], FlatWeights.CACHE_LINE, width);
    }

    static int[][] ranges(boolean[] wanted) {
        int[][] ranges = new int[wanted.length][];
        int count = 0;
        for (int place = 0; place < wanted.length; place++) {
            if (wanted[place]) {
                int from = place;
                while (place < wanted.length && wanted[place]) {
                    place++;
                }
                ranges[count++] = new int[] {from, place};
            }
        }
        return Arrays.copyOf(ranges, count);
    }

    int layer() {
        return layer;
    }

    Route route() {
        return route;
    }

    /** The most keys that any query looks at. */
    int maxOpen() {
        return maxOpen;
    }

    FlatLinear output() {
        return wO;
    }

    float[] q() {
        return q.array();
    }

    float[] k() {
        return k.array();
    }

    float[] v() {
        return v.array();
    }

    float[] dq() {
        return dq.array();
    }

    float[] dk() {
        return dk.array();
    }

    float[] dv() {
        return dv.array();
    }

    float[] table() {
        return table.array();
    }

    float[] dTable() {
        return dTable.array();
    }

    /** The scores of a query's pairs, where they are made once for all; null where each is made for itself. */
    @Nullable
    ScoreTable scores(int query) {
        return scores[query];
    }

    int tableWidth() {
        return tableWidth;
    }

    /** Where a row of the table begins. */
    int tableAt(int row, int head) {
        return table.row(row) + head * tableWidth;
    }

    /** The first spare row. */
    int spare() {
        return capacity;
    }

    /** Whether gradients of values and tables are arrays of this layer alone, and so have spare rows. */
    boolean hasSpareRows() {
        return !tableIsValues && !valuesAreInput;
    }

    /** Ranges of places, [from, to), whose rows the layer reads: all that LayerNorm need normalise. */
    int[][] readPlaces() {
        boolean[] read = new boolean[rows.places(layer)];
        for (int[][] ranges : new int[][][] {queryPlaces, valuePlaces}) {
            for (int[] range : ranges) {
                Arrays.fill(read, range[0], range[1], true);
            }
        }
        return ranges(read);
    }

    private int start(int place) {
        return rows.start(layer, place);
    }

    /** {@code output} is W_O, or W_O and the readers together, of so many columns. */
    void forward(Mat output, int columns) {
        project(wQ, queryPlaces, q);
        project(wK, keyPlaces, k);
        if (!valuesAreInput) {
            project(wV, valuePlaces, v);
        }
        for (ScoreTable table : scores) {
            if (table != null) {
                table.forward();
            }
        }
        if (route == Route.VALUES || tableIsValues) {
            return;
        }
        int headWidth = parts.headWidth();
        for (int[] range : valuePlaces) {
            int from = start(range[0]);
            int count = start(range[1]) - from;
            for (int head = 0; head < parts.config().nHeads(); head++) {
                int column = head * headWidth;
                Mat mapped = table.from(from, head * tableWidth);
                parts.products()
                        .product(count, columns, headWidth, v.from(from, column), output.from(column), mapped, false);
            }
        }
    }

    private void project(FlatLinear w, int[][] ranges, Mat output) {
        for (int[] range : ranges) {
            int from = start(range[0]);
            w.forward(input.from(from), start(range[1]) - from, output.from(from), false);
        }
    }

    /** Gradients become zero. */
    void clearGradients() {
        clear(queryPlaces, dq);
        clear(keyPlaces, dk);
        if (!valuesAreInput) {
            clear(valuePlaces, dv);
        }
        if (route != Route.VALUES && !tableIsValues) {
            clear(valuePlaces, dTable);
        }
        for (ScoreTable table : scores) {
            if (table != null) {
                table.clearGradients();
            }
        }
    }

    private void clear(int[][] ranges, Mat rows) {
        for (int[] range : ranges) {
            Arrays.fill(rows.array(), rows.row(start(range[0])), rows.row(start(range[1])), 0);
        }
    }

    /**
     * From the gradients of tables, values, queries and keys to those of the weights, and of the input, which they are added to.
     *
     * @param dOutput the gradient of {@code output}, or null where it is not asked for
     */
    void backward(Mat output, int columns, @Nullable Mat dOutput) {
        if (route != Route.VALUES && !tableIsValues) {
            for (int[] range : valuePlaces) {
                tableBackward(start(range[0]), start(range[1]) - start(range[0]), output, columns, dOutput);
            }
        }
        for (ScoreTable table : scores) {
            if (table != null) {
                table.backward();
            }
        }
        projectBackward(wQ, queryPlaces, dq);
        projectBackward(wK, keyPlaces, dk);
        if (!valuesAreInput) {
            projectBackward(wV, valuePlaces, dv);
        }
    }

    private void tableBackward(int from, int count, Mat output, int columns, @Nullable Mat dOutput) {
        int headWidth = parts.headWidth();
        for (int head = 0; head < parts.config().nHeads(); head++) {
            int column = head * headWidth;
            Mat dMapped = dTable.from(from, head * tableWidth);
            parts.products()
                    .productByTransposed(
                            count, headWidth, columns, dMapped, output.from(column), dv.from(from, column), true);
            if (dOutput != null) {
                parts.products()
                        .addTransposedProduct(
                                headWidth, columns, count, v.from(from, column), dMapped, dOutput.from(column));
            }
        }
    }

    private void projectBackward(FlatLinear w, int[][] ranges, Mat dOutput) {
        for (int[] range : ranges) {
            int from = start(range[0]);
            w.backward(input.from(from), dInput.from(from), start(range[1]) - from, dOutput.from(from));
        }
    }
}
