package hooke.fused;

import hooke.config.ModelConfig;
import hooke.config.ModelConfig.Identity;
import java.util.Arrays;

/**
 * Attention of one layer over rows: queries, keys and values are made once for each row before the layer that needs them; each row
 * after it is a mixture over its own few open keys.
 *
 * <p>The mixture is linear in the values, so it may be taken before or after the linear maps that follow ({@link Route}): the sum over
 * heads and keys of {@code p v W_O} is a mixture of the table {@code v W_O}, which has one row for each value and head, and not one for
 * each example.
 */
final class Attention {
    /** What is mixed. */
    enum Route {
        /** The values; then W_O maps every mixture. */
        VALUES,
        /** The values mapped by W_O, head by head: the mixture is what attention adds to the residual stream. */
        RESIDUAL,
        /** The values mapped by W_O and by all that reads the residual stream afterwards, see {@link Readers}. */
        READERS
    }

    private final Parts parts;
    private final Rows rows;
    private final int layer;
    private final Route route;
    private final Linear wQ;
    private final Linear wK;
    private final Linear wV;
    private final Linear wO;
    private final boolean valuesAreInput;
    private final boolean tableIsValues;
    private final int tableWidth;
    /** Ranges of neighbouring places of which queries, keys, or values are made: [range][from, to). */
    private final int[][] queryPlaces;

    private final int[][] keyPlaces;
    private final int[][] valuePlaces;
    private final int maxOpen;
    private final int capacity;

    private final float[] q;
    private final float[] k;
    private final float[] v;
    private final float[] dq;
    private final float[] dk;
    private final float[] dv;
    private final float[] table;
    private final float[] dTable;
    private final float[] pattern;
    private final int[] places;
    private final int[] targets;
    private final float[] shares;

    /** @param readersWidth of a table row with {@link Route#READERS} */
    Attention(
            Parts parts,
            Rows rows,
            States states,
            int layer,
            Route route,
            int readersWidth,
            int window,
            float[] input,
            float[] dInput) {
        this.parts = parts;
        this.rows = rows;
        this.layer = layer;
        this.route = route;
        ModelConfig config = parts.config();
        String attn = "blocks." + layer + ".attn.";
        this.wQ = Linear.of(parts.weights(), attn + "W_Q", attn + "b_Q");
        this.wK = Linear.of(parts.weights(), attn + "W_K", attn + "b_K");
        this.wV = Linear.of(parts.weights(), attn + "W_V", attn + "b_V");
        this.wO = Linear.of(parts.weights(), attn + "W_O", attn + "b_O");
        boolean oneWholeHead = config.nHeads() == 1 && config.dHead() == config.dModel();
        this.valuesAreInput = oneWholeHead && config.identity().contains(Identity.W_V) && !wV.hasBias();
        this.tableIsValues = oneWholeHead && config.identity().contains(Identity.W_O) && route == Route.RESIDUAL;
        this.tableWidth = route == Route.READERS ? readersWidth : parts.width();

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
        this.maxOpen = most;
        this.queryPlaces = ranges(isQuery);
        this.keyPlaces = ranges(isKey);
        this.valuePlaces = ranges(isValue);

        this.capacity = rows.capacity(layer);
        int size = (capacity + maxOpen) * parts.headsWidth(); // With spare rows, see #backward.
        boolean scores = keyPlaces.length > 0;
        this.q = new float[scores ? size : 0];
        this.dq = new float[scores ? size : 0];
        this.k = new float[scores ? size : 0];
        this.dk = new float[scores ? size : 0];
        this.v = valuesAreInput ? input : new float[size];
        this.dv = valuesAreInput ? dInput : new float[size];
        int tableSize = route == Route.VALUES ? 0 : (capacity + maxOpen) * config.nHeads() * tableWidth;
        this.table = tableIsValues ? v : new float[tableSize];
        this.dTable = tableIsValues ? dv : new float[tableSize];
        int patternWidth = config.nHeads() * maxOpen;
        this.pattern = new float[window * patternWidth + FlatWeights.LANES];
        this.places = new int[patternWidth];
        this.targets = new int[maxOpen];
        this.shares = new float[patternWidth];
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

    Linear output() {
        return wO;
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

    private void project(Linear w, int[][] ranges, float[] input, float[] output) {
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

    /** Queries, keys, values and the table, of all rows before the layer; {@code output} is W_O, or W_O and the readers together. */
    void forwardTables(float[] input, float[] output, int outputAt, int outputStride, int outputColumns) {
        project(wQ, queryPlaces, input, q);
        project(wK, keyPlaces, input, k);
        if (!valuesAreInput) {
            project(wV, valuePlaces, input, v);
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
                                (from * heads + head) * tableWidth,
                                heads * tableWidth,
                                false);
            }
        }
    }

    /** Gradients of queries, keys, values and tables become zero. */
    void clearGradients() {
        clear(queryPlaces, dq, parts.headsWidth());
        clear(keyPlaces, dk, parts.headsWidth());
        if (!valuesAreInput) {
            clear(valuePlaces, dv, parts.headsWidth());
        }
        if (route != Route.VALUES && !tableIsValues) {
            clear(valuePlaces, dTable, parts.config().nHeads() * tableWidth);
        }
    }

    private void clear(int[][] ranges, float[] array, int width) {
        for (int[] range : ranges) {
            Arrays.fill(array, start(range[0]) * width, start(range[1]) * width, 0);
        }
    }

    /** The mixtures of rows after the layer, [from, to), added to rows of y that begin at {@code base}. */
    void forward(int query, int from, int to, int base, float[] y, int yStride) {
        int heads = parts.config().nHeads();
        int headWidth = parts.headWidth();
        int open = rows.open(layer, query);
        int[] keys = rows.keys(layer, query);
        int first = rows.start(layer + 1, query);
        int patternWidth = heads * open;
        if (open == 1) {
            Arrays.fill(pattern, patternAt(from, base), patternAt(from, base) + heads * (to - from), 1);
        } else {
            attend(query, from, to, base);
        }
        for (int row = from; row < to; row++) {
            int key = (row - first) * open;
            int patternAt = patternAt(from, base) + (row - from) * patternWidth;
            int yAt = (row - base) * yStride;
            if (route == Route.VALUES) {
                for (int head = 0; head < heads; head++) {
                    valuePlaces(keys, key, open, head);
                    parts.kernels()
                            .mix(
                                    y,
                                    yAt + head * headWidth,
                                    headWidth,
                                    v,
                                    places,
                                    pattern,
                                    patternAt + head * open,
                                    open);
                }
            } else {
                tablePlaces(keys, key, open);
                parts.kernels().mix(y, yAt, tableWidth, table, places, pattern, patternAt, patternWidth);
            }
        }
    }

    /** Where the patterns of rows from this one on lie, close together, [row, head, open key]. */
    private int patternAt(int from, int base) {
        return (from - base) * parts.config().nHeads() * maxOpen;
    }

    /** Softmax of the scores of these rows' keys: scores, then all exponentials at once, then shares. */
    private void attend(int query, int from, int to, int base) {
        int heads = parts.config().nHeads();
        int headWidth = parts.headWidth();
        int open = rows.open(layer, query);
        int[] keys = rows.keys(layer, query);
        int first = rows.start(layer + 1, query);
        float scale = (float) (1 / Math.sqrt(parts.config().dHead()));
        int start = patternAt(from, base);
        int at = start;
        for (int row = from; row < to; row++) {
            int queryAt = rows.own(layer, row) * parts.headsWidth();
            for (int head = 0; head < heads; head++) {
                valuePlaces(keys, (row - first) * open, open, head);
                parts.kernels().dots(pattern, at, q, queryAt + head * headWidth, headWidth, k, places, open);
                belowLargest(at, open, scale);
                at += open;
            }
        }
        parts.kernels().exp(pattern, start, FlatWeights.wide(at - start));
        for (int i = start; i < at; i += open) {
            shares(i, open);
        }
    }

    private void belowLargest(int at, int open, float scale) {
        float top = Float.NEGATIVE_INFINITY;
        for (int i = at; i < at + open; i++) {
            top = Math.max(top, pattern[i]);
        }
        for (int i = at; i < at + open; i++) {
            pattern[i] = (pattern[i] - top) * scale;
        }
    }

    /** What is below 2^-80 becomes 0: it changes no sum, and its products would be subnormal. */
    private void shares(int at, int open) {
        float sum = 0;
        for (int i = at; i < at + open; i++) {
            sum += pattern[i];
        }
        for (int i = at; i < at + open; i++) {
            float share = pattern[i] / sum;
            pattern[i] = share < 0x1p-80f ? 0 : share;
        }
    }

    private void valuePlaces(int[] keys, int key, int open, int head) {
        for (int i = 0; i < open; i++) {
            places[i] = keys[key + i] * parts.headsWidth() + head * parts.headWidth();
        }
    }

    private void tablePlaces(int[] keys, int key, int open) {
        int heads = parts.config().nHeads();
        int i = 0;
        for (int head = 0; head < heads; head++) {
            for (int j = 0; j < open; j++) {
                places[i++] = (keys[key + j] * heads + head) * tableWidth;
            }
        }
    }

    /**
     * From the gradient of the mixtures to those of tables or values, of queries and of keys. A key or own row that all these rows
     * share is given its gradient by way of a spare row: a long sum of small parts would lose their last digits.
     */
    void backward(int query, int from, int to, int base, float[] dy, int dyStride) {
        int open = rows.open(layer, query);
        int[] keys = rows.keys(layer, query);
        int first = rows.start(layer + 1, query);
        boolean direct = tableIsValues || valuesAreInput;
        int ownTarget = rows.sameOwn(layer, from, to) == to ? capacity : -1;
        for (int j = 0; j < open; j++) {
            targets[j] = !direct && shared(keys, (from - first) * open + j, open, to - from) ? capacity + j : -1;
        }
        for (int row = from; row < to; row++) {
            int key = (row - first) * open;
            int patternAt =
                    patternAt(from, base) + (row - from) * parts.config().nHeads() * open;
            mixBackward(keys, key, open, patternAt, dy, (row - base) * dyStride);
            if (open > 1) {
                int own = rows.own(layer, row);
                attendBackward(own, ownTarget < 0 ? own : ownTarget, keys, key, open, patternAt);
            }
        }
        if (open > 1 && ownTarget >= 0) {
            settle(dq, ownTarget, rows.own(layer, from), parts.headsWidth());
        }
        for (int j = 0; j < open; j++) {
            if (targets[j] >= 0) {
                int key = keys[(from - first) * open + j];
                if (open > 1) {
                    settle(dk, targets[j], key, parts.headsWidth());
                }
                if (route == Route.VALUES) {
                    settle(dv, targets[j], key, parts.headsWidth());
                } else {
                    settle(dTable, targets[j], key, parts.config().nHeads() * tableWidth);
                }
            }
        }
    }

    private static boolean shared(int[] keys, int at, int stride, int count) {
        for (int i = 1; i < count; i++) {
            if (keys[at + i * stride] != keys[at]) {
                return false;
            }
        }
        return count > 1;
    }

    private void settle(float[] array, int spare, int row, int width) {
        parts.kernels().add(array, row * width, array, spare * width, width);
        Arrays.fill(array, spare * width, (spare + 1) * width, 0);
    }

    private int target(int[] keys, int key, int j) {
        return targets[j] < 0 ? keys[key + j] : targets[j];
    }

    private void mixBackward(int[] keys, int key, int open, int patternAt, float[] dy, int dyAt) {
        int heads = parts.config().nHeads();
        int headWidth = parts.headWidth();
        Kernels kernels = parts.kernels();
        if (route != Route.VALUES) {
            if (open > 1) {
                tablePlaces(keys, key, open);
                kernels.dots(shares, 0, dy, dyAt, tableWidth, table, places, heads * open);
            }
            int i = 0;
            for (int head = 0; head < heads; head++) {
                for (int j = 0; j < open; j++) {
                    places[i++] = (target(keys, key, j) * heads + head) * tableWidth;
                }
            }
            kernels.spread(dTable, places, pattern, patternAt, heads * open, dy, dyAt, tableWidth);
            return;
        }
        for (int head = 0; head < heads; head++) {
            int at = dyAt + head * headWidth;
            if (open > 1) {
                valuePlaces(keys, key, open, head);
                kernels.dots(shares, head * open, dy, at, headWidth, v, places, open);
            }
            targetPlaces(keys, key, open, head);
            kernels.spread(dv, places, pattern, patternAt + head * open, open, dy, at, headWidth);
        }
    }

    private void targetPlaces(int[] keys, int key, int open, int head) {
        for (int j = 0; j < open; j++) {
            places[j] = target(keys, key, j) * parts.headsWidth() + head * parts.headWidth();
        }
    }

    private void attendBackward(int own, int ownTarget, int[] keys, int key, int open, int patternAt) {
        int headWidth = parts.headWidth();
        float scale = (float) (1 / Math.sqrt(parts.config().dHead()));
        for (int head = 0; head < parts.config().nHeads(); head++) {
            int at = head * open;
            float mean = 0;
            for (int i = 0; i < open; i++) {
                mean += pattern[patternAt + at + i] * shares[at + i];
            }
            for (int i = 0; i < open; i++) {
                float dScore = pattern[patternAt + at + i] * (shares[at + i] - mean) * scale;
                shares[at + i] = Math.abs(dScore) < 0x1p-100f ? 0 : dScore;
            }
            int column = head * headWidth;
            valuePlaces(keys, key, open, head);
            parts.kernels().mix(dq, ownTarget * parts.headsWidth() + column, headWidth, k, places, shares, at, open);
            targetPlaces(keys, key, open, head);
            parts.kernels().spread(dk, places, shares, at, open, q, own * parts.headsWidth() + column, headWidth);
        }
    }

    /** From the gradients of tables, values, queries and keys to those of the weights, and of the input, which they are added to. */
    void backwardTables(
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
                    int tAt = (from * heads + head) * tableWidth;
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
        projectBackward(wQ, queryPlaces, input, dInput, dq);
        projectBackward(wK, keyPlaces, input, dInput, dk);
        if (!valuesAreInput) {
            projectBackward(wV, valuePlaces, input, dInput, dv);
        }
    }

    private void projectBackward(Linear w, int[][] ranges, float[] input, float[] dInput, float[] dOutput) {
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
