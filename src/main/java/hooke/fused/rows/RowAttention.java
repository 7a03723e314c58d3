package hooke.fused.rows;

import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Mat;
import hooke.fused.pass.Parts;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Attention of one layer over rows: queries, keys and values are made once for each row before the layer that needs them ({@link
 * AttentionTables}); each row after it is a mixture over its own few open keys.
 *
 * <p>The mixture is linear in the values, so it may be taken before or after the linear maps that follow ({@link Route}): the sum over
 * heads and keys of {@code p v W_O} is a mixture of the table {@code v W_O}, which has one row for each value and head, and not one for
 * each example.
 */
public final class RowAttention {
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
    private final StateRows rows;
    private final int layer;
    private final Route route;
    private final AttentionTables tables;
    private final int maxOpen;
    private final float[] pattern;
    private final int[] places;
    private final int[] targets;
    private final float[] shares;

    /** @param window rows after the layer whose patterns are kept */
    RowAttention(Parts parts, StateRows rows, AttentionTables tables, int window) {
        this.parts = parts;
        this.rows = rows;
        this.layer = tables.layer();
        this.route = tables.route();
        this.tables = tables;
        this.maxOpen = tables.maxOpen();
        int patternWidth = parts.config().nHeads() * maxOpen;
        this.pattern = new float[window * patternWidth + FlatWeights.LANES];
        this.places = new int[patternWidth];
        this.targets = new int[maxOpen];
        this.shares = new float[patternWidth];
    }

    /**
     * The mixtures of rows after the layer, [from, to), as rows of y, which begin with row {@code base}.
     *
     * @param start rows before the layer, as wide as y's, by those on which the rows after it stand: the mixtures are added to them. Not
     *     read with {@link Route#VALUES}
     */
    void forward(int from, int to, int base, Mat start, Mat y) {
        for (int query = 0; query < rows.places(layer + 1); query++) {
            int first = Math.max(from, rows.start(layer + 1, query));
            int end = Math.min(to, rows.start(layer + 1, query + 1));
            if (first < end) {
                forward(query, first, end, base, start, y);
            }
        }
    }

    private void forward(int query, int from, int to, int base, Mat start, Mat y) {
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
            int yAt = y.row(row - base);
            if (route == Route.VALUES) {
                for (int head = 0; head < heads; head++) {
                    valuePlaces(keys, key, open, head);
                    parts.kernels()
                            .mix(
                                    parts.zeros(),
                                    0,
                                    y.array(),
                                    yAt + head * headWidth,
                                    headWidth,
                                    tables.v(),
                                    places,
                                    pattern,
                                    patternAt + head * open,
                                    open);
                }
            } else {
                tablePlaces(keys, key, open);
                parts.kernels()
                        .mix(
                                start.array(),
                                start.row(rows.own(layer, row)),
                                y.array(),
                                yAt,
                                tables.tableWidth(),
                                tables.table(),
                                places,
                                pattern,
                                patternAt,
                                patternWidth);
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
        @Nullable ScoreTable scores = tables.scores(query);
        int start = patternAt(from, base);
        int at = start;
        for (int row = from; row < to; row++) {
            int own = rows.own(layer, row);
            int key = (row - first) * open;
            for (int head = 0; head < heads; head++) {
                if (scores != null) {
                    scores.read(own, head, keys, key, pattern, at);
                } else {
                    valuePlaces(keys, key, open, head);
                    int queryAt = own * parts.headsWidth() + head * headWidth;
                    parts.kernels().dots(pattern, at, tables.q(), queryAt, headWidth, tables.k(), places, open);
                }
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
                places[i++] = tables.tableAt(keys[key + j], head);
            }
        }
    }

    /**
     * From the gradient of the mixtures to those of tables or values, of queries and of keys. A key or own row that all these rows
     * share is given its gradient by way of a spare row: a long sum of small parts would lose their last digits.
     */
    void backward(int from, int to, int base, Mat dy) {
        for (int query = 0; query < rows.places(layer + 1); query++) {
            int first = Math.max(from, rows.start(layer + 1, query));
            int end = Math.min(to, rows.start(layer + 1, query + 1));
            if (first < end) {
                backward(query, first, end, base, dy);
            }
        }
    }

    private void backward(int query, int from, int to, int base, Mat dy) {
        int open = rows.open(layer, query);
        int[] keys = rows.keys(layer, query);
        int first = rows.start(layer + 1, query);
        @Nullable ScoreTable scores = tables.scores(query);
        int spare = tables.spare();
        boolean sameOwn = scores == null && rows.sameOwn(layer, from, to) == to;
        for (int j = 0; j < open; j++) {
            boolean same = tables.hasSpareRows() && shared(keys, (from - first) * open + j, open, to - from);
            targets[j] = same ? spare + j : -1;
        }
        for (int row = from; row < to; row++) {
            int key = (row - first) * open;
            int patternAt =
                    patternAt(from, base) + (row - from) * parts.config().nHeads() * open;
            mixBackward(keys, key, open, patternAt, dy.array(), dy.row(row - base));
            if (open > 1) {
                int own = rows.own(layer, row);
                scoresBackward(open, patternAt);
                for (int head = 0; head < parts.config().nHeads(); head++) {
                    if (scores != null) {
                        scores.add(own, head, keys, key, shares, head * open);
                    } else {
                        attendBackward(head, own, sameOwn ? spare : own, keys, key, open);
                    }
                }
            }
        }
        if (open > 1 && sameOwn) {
            settle(
                    tables.dq(),
                    spare * parts.headsWidth(),
                    rows.own(layer, from) * parts.headsWidth(),
                    parts.headsWidth());
        }
        for (int j = 0; j < open; j++) {
            if (targets[j] >= 0) {
                int key = keys[(from - first) * open + j];
                if (open > 1 && scores == null) {
                    settle(tables.dk(), targets[j] * parts.headsWidth(), key * parts.headsWidth(), parts.headsWidth());
                }
                if (route == Route.VALUES) {
                    settle(tables.dv(), targets[j] * parts.headsWidth(), key * parts.headsWidth(), parts.headsWidth());
                } else {
                    int width = parts.config().nHeads() * tables.tableWidth();
                    settle(tables.dTable(), tables.tableAt(targets[j], 0), tables.tableAt(key, 0), width);
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

    private void settle(float[] array, int spareAt, int at, int width) {
        parts.kernels().add(array, at, array, spareAt, width);
        Arrays.fill(array, spareAt, spareAt + width, 0);
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
                kernels.dots(shares, 0, dy, dyAt, tables.tableWidth(), tables.table(), places, heads * open);
            }
            int i = 0;
            for (int head = 0; head < heads; head++) {
                for (int j = 0; j < open; j++) {
                    places[i++] = tables.tableAt(target(keys, key, j), head);
                }
            }
            kernels.spread(tables.dTable(), places, pattern, patternAt, heads * open, dy, dyAt, tables.tableWidth());
            return;
        }
        for (int head = 0; head < heads; head++) {
            int at = dyAt + head * headWidth;
            if (open > 1) {
                valuePlaces(keys, key, open, head);
                kernels.dots(shares, head * open, dy, at, headWidth, tables.v(), places, open);
            }
            targetPlaces(keys, key, open, head);
            kernels.spread(tables.dv(), places, pattern, patternAt + head * open, open, dy, at, headWidth);
        }
    }

    private void targetPlaces(int[] keys, int key, int open, int head) {
        for (int j = 0; j < open; j++) {
            places[j] = target(keys, key, j) * parts.headsWidth() + head * parts.headWidth();
        }
    }

    /** From the gradients of the shares to those of the scores, in place: {@code ds_i = p_i (dp_i - sum_j p_j dp_j)}, scaled. */
    private void scoresBackward(int open, int patternAt) {
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
        }
    }

    private void attendBackward(int head, int own, int ownTarget, int[] keys, int key, int open) {
        int headWidth = parts.headWidth();
        int column = head * headWidth;
        int at = head * open;
        int dqAt = ownTarget * parts.headsWidth() + column;
        float[] dq = tables.dq();
        valuePlaces(keys, key, open, head);
        parts.kernels().mix(dq, dqAt, dq, dqAt, headWidth, tables.k(), places, shares, at, open);
        targetPlaces(keys, key, open, head);
        parts.kernels()
                .spread(
                        tables.dk(),
                        places,
                        shares,
                        at,
                        open,
                        tables.q(),
                        own * parts.headsWidth() + column,
                        headWidth);
    }
}
