package hooke.fused.rows;

import hooke.config.ModelConfig;
import hooke.config.ModelConfig.Identity;
import hooke.fused.kernels.FlatWeights;
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
    /** Where row 0 of the table begins. */
    private final int tableFirst;
    /** Ranges of neighbouring places of which queries, keys, or values are made: [range][from, to). */
    private final int[][] queryPlaces;

    private final int[][] keyPlaces;
    private final int[][] valuePlaces;
    private final int capacity;
    private final int maxOpen;

    private final float[] q;
    private final float[] k;
    private final float[] v;
    private final float[] dq;
    private final float[] dk;
    private final float[] dv;
    private final float[] table;
    private final float[] dTable;
    private final @Nullable ScoreTable[] scores;

    /** @param tableWidth of a row of mapped values; not read with {@link Route#VALUES} */
    AttentionTables(
            Parts parts,
            StateRows rows,
            States states,
            int layer,
            Route route,
            int tableWidth,
            float[] input,
            float[] dInput) {
        this.parts = parts;
        this.rows = rows;
        this.layer = layer;
        this.route = route;
        ModelConfig config = parts.config();
        String attn = "blocks." + layer + ".attn.";
        this.wQ = FlatLinear.of(parts.weights(), attn + "W_Q", attn + "b_Q");
        this.wK = FlatLinear.of(parts.weights(), attn + "W_K", attn + "b_K");
        this.wV = FlatLinear.of(parts.weights(), attn + "W_V", attn + "b_V");
        this.wO = FlatLinear.of(parts.weights(), attn + "W_O", attn + "b_O");
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
        int size = withSpare * parts.headsWidth();
        int scored = keyPlaces.length > 0 ? size : 0;
        this.q = new float[scored];
        this.dq = new float[scored];
        this.k = new float[scored];
        this.dk = new float[scored];
        this.v = valuesAreInput ? input : new float[size];
        this.dv = valuesAreInput ? dInput : new float[size];
        int tableSize = route == Route.VALUES ? 0 : withSpare * config.nHeads() * tableWidth;
        this.tableFirst = tableIsValues ? 0 : FlatWeights.CACHE_LINE;
        this.table = tableIsValues ? v : new float[tableFirst + tableSize];
        this.dTable = tableIsValues ? dv : new float[tableFirst + tableSize];
        int[] ownPlaces =
                Arrays.stream(queries).map(q -> states.place(layer, q)).toArray();
        this.scores = ScoreTable.of(parts, rows, this, layer, ownPlaces);
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
        return q;
    }

    float[] k() {
        return k;
    }

    float[] v() {
        return v;
    }

    float[] dq() {
        return dq;
    }

    float[] dk() {
        return dk;
    }

    float[] dv() {
        return dv;
    }

    float[] table() {
        return table;
    }

    float[] dTable() {
        return dTable;
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
        return tableFirst + (row * parts.config().nHeads() + head) * tableWidth;
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

    /** {@code output} is W_O, or W_O and the readers together. */
    void forward(float[] input, float[] output, int outputAt, int outputStride, int outputColumns) {
        project(wQ, queryPlaces, input, q);
        project(wK, keyPlaces, input, k);
        if (!valuesAreInput) {
            project(wV, valuePlaces, input, v);
        }
        for (ScoreTable table : scores) {
            if (table != null) {
                table.forward();
            }
        }
        if (route == Route.VALUES || tableIsValues) {
            return;
        }
        int heads = parts.config().nHeads();
        int headWidth = parts.headWidth();
        for (int[] range : valuePlaces) {
            int from = start(range[0]);
            for (int head = 0; head < heads; head++) {
                parts.products()
                        .product(
                                start(range[1]) - from,
                                outputColumns,
                                headWidth,
                                v,
                                from * parts.headsWidth() + head * headWidth,
                                parts.headsWidth(),
                                output,
                                outputAt + head * headWidth * outputStride,
                                outputStride,
                                table,
                                tableAt(from, head),
                                heads * tableWidth,
                                false);
            }
        }
    }

    private void project(FlatLinear w, int[][] ranges, float[] input, float[] output) {
        for (int[] range : ranges) {
            int from = start(range[0]);
            parts.linear(
                    w,
                    input,
                    from * parts.width(),
                    parts.width(),
                    start(range[1]) - from,
                    output,
                    from * parts.headsWidth(),
                    parts.headsWidth(),
                    false);
        }
    }

    /** Gradients become zero. */
    void clearGradients() {
        clear(queryPlaces, dq, parts.headsWidth());
        clear(keyPlaces, dk, parts.headsWidth());
        if (!valuesAreInput) {
            clear(valuePlaces, dv, parts.headsWidth());
        }
        if (route != Route.VALUES && !tableIsValues) {
            for (int[] range : valuePlaces) {
                Arrays.fill(dTable, tableAt(start(range[0]), 0), tableAt(start(range[1]), 0), 0);
            }
        }
        for (ScoreTable table : scores) {
            if (table != null) {
                table.clearGradients();
            }
        }
    }

    private void clear(int[][] ranges, float[] array, int width) {
        for (int[] range : ranges) {
            Arrays.fill(array, start(range[0]) * width, start(range[1]) * width, 0);
        }
    }

    /** From the gradients of tables, values, queries and keys to those of the weights, and of the input, which they are added to. */
    void backward(
            float[] input,
            float[] dInput,
            float[] output,
            int outputAt,
            int outputStride,
            int outputColumns,
            float[] dOutput,
            boolean outputTrains) {
        int heads = parts.config().nHeads();
        int headWidth = parts.headWidth();
        if (route != Route.VALUES && !tableIsValues) {
            for (int[] range : valuePlaces) {
                int from = start(range[0]);
                int count = start(range[1]) - from;
                for (int head = 0; head < heads; head++) {
                    int vAt = from * parts.headsWidth() + head * headWidth;
                    int tAt = tableAt(from, head);
                    int oAt = outputAt + head * headWidth * outputStride;
                    parts.products()
                            .productByTransposed(
                                    count,
                                    headWidth,
                                    outputColumns,
                                    dTable,
                                    tAt,
                                    heads * tableWidth,
                                    output,
                                    oAt,
                                    outputStride,
                                    dv,
                                    vAt,
                                    parts.headsWidth(),
                                    true);
                    if (outputTrains) {
                        parts.products()
                                .addTransposedProduct(
                                        headWidth,
                                        outputColumns,
                                        count,
                                        v,
                                        vAt,
                                        parts.headsWidth(),
                                        dTable,
                                        tAt,
                                        heads * tableWidth,
                                        dOutput,
                                        oAt,
                                        outputStride);
                    }
                }
            }
        }
        for (ScoreTable table : scores) {
            if (table != null) {
                table.backward();
            }
        }
        projectBackward(wQ, queryPlaces, input, dInput, dq);
        projectBackward(wK, keyPlaces, input, dInput, dk);
        if (!valuesAreInput) {
            projectBackward(wV, valuePlaces, input, dInput, dv);
        }
    }

    private void projectBackward(FlatLinear w, int[][] ranges, float[] input, float[] dInput, float[] dOutput) {
        for (int[] range : ranges) {
            int from = start(range[0]);
            parts.linearBackward(
                    w,
                    input,
                    from * parts.width(),
                    dInput,
                    parts.width(),
                    start(range[1]) - from,
                    dOutput,
                    from * parts.headsWidth(),
                    parts.headsWidth());
        }
    }
}
