package hooke.fused.rows;

import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Products;
import hooke.fused.pass.FlatLinear;
import hooke.fused.pass.Parts;
import hooke.reach.States;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The tail of a model without norms, with every linear map that reads the last residual stream taken before the attention's mixture.
 *
 * <p>Without norm the last layer is {@code m = x + b_O + sum p v W_O}, its neurons {@code a = act(m W_in + b_in)}, its logits {@code
 * m W_U + a (W_out W_U) + b}. Both readings of m are linear, so a row {@code [m W_in | m W_U]} is a mixture of table rows {@code v W_O
 * [W_in | W_U]} and of its own {@code (x + b_O) [W_in | W_U]}: m itself, and what the MLP writes to the stream, are never computed. For
 * all of a x b mod 113 that leaves one product of 12,769 rows out of four: 1.5 GFLOP of 3.8.
 */
final class ReadersTail implements Tail {
    private final Parts parts;
    private final StateRows rows;
    private final States states;
    private final int layer;
    private final AttentionTables tables;
    private final RowAttention attention;
    private final FlatLinear output;
    private final FlatLinear unembed;
    private final @Nullable FlatLinear in;
    private final Readers readers;
    /** Columns of a row: neurons, then classes. */
    private final int neurons;

    private final int classes;
    private final int width;
    private final float[] x;
    private final float[] dx;

    /** {@code x + b_O} of the rows on which the last rows stand, and what is read from it. */
    private final float[] own;

    private final float[] dOwn;
    private final float[] base;
    private final float[] dBase;
    private final float[] g;
    private final float[] dg;
    private final float[] slope;
    private final int[][] queryPlaces;

    ReadersTail(Parts parts, Readers readers, StateRows rows, States states, int tile, float[] x, float[] dx) {
        this.parts = parts;
        this.rows = rows;
        this.states = states;
        this.layer = parts.config().nLayers() - 1;
        this.x = x;
        this.dx = dx;
        this.readers = readers;
        this.in = readers.in();
        this.unembed = readers.unembed();
        this.neurons = readers.neurons();
        this.classes = readers.classes();
        this.width = readers.width();
        this.tables = new AttentionTables(parts, rows, states, layer, RowAttention.Route.READERS, width, x, dx);
        this.attention = new RowAttention(parts, rows, tables, tile);
        this.output = tables.output();
        int before = rows.capacity(layer);
        this.own = output.hasBias() ? new float[before * parts.width()] : x;
        this.dOwn = output.hasBias() ? new float[before * parts.width()] : dx;
        this.base = new float[before * width];
        this.dBase = new float[before * width];
        this.g = new float[tile * width];
        this.dg = new float[tile * width];
        this.slope = new float[tile * neurons];
        this.queryPlaces = AttentionTables.ranges(queryPlaces());
    }

    private boolean[] queryPlaces() {
        boolean[] isQuery = new boolean[rows.places(layer)];
        for (int query : states.layer(layer).queries()) {
            isQuery[states.place(layer, query)] = true;
        }
        return isQuery;
    }

    @Override
    public void forwardBefore() {
        readers.forward();
        tables.forward(x, readers.composed(), 0, width, width);
        for (int[] range : queryPlaces) {
            readOwn(rows.start(layer, range[0]), rows.start(layer, range[1]));
        }
    }

    private void readOwn(int from, int to) {
        int stride = parts.width();
        int at = from * stride;
        int count = to - from;
        float[] w = parts.values();
        if (output.hasBias()) {
            System.arraycopy(x, at, own, at, count * stride);
            parts.kernels().addToRows(own, at, stride, count, w, output.bias(), stride);
        }
        int inner = parts.config().dModel();
        if (in != null) {
            parts.products()
                    .product(
                            count,
                            in.columns(),
                            inner,
                            own,
                            at,
                            stride,
                            w,
                            in.at(),
                            in.stride(),
                            base,
                            from * width,
                            width,
                            false);
        }
        parts.products()
                .product(
                        count,
                        unembed.columns(),
                        inner,
                        own,
                        at,
                        stride,
                        w,
                        unembed.at(),
                        classes,
                        base,
                        from * width + neurons,
                        width,
                        false);
    }

    @Override
    public void clearGradients() {
        tables.clearGradients();
        readers.clearGradients();
        Arrays.fill(dx, 0, rows.count(layer) * parts.width(), 0);
        for (int[] range : queryPlaces) {
            Arrays.fill(dBase, rows.start(layer, range[0]) * width, rows.start(layer, range[1]) * width, 0);
        }
    }

    @Override
    public void tile(int from, int to, RowLoss loss, float weight) {
        int count = to - from;
        attention.forward(from, to, from, base, g, width);
        if (in != null) {
            RowMlp.activate(parts, parts.config().actFn(), g, 0, width, slope, 0, count, in);
            parts.products()
                    .product(
                            count,
                            unembed.columns(),
                            in.columns(),
                            g,
                            0,
                            width,
                            readers.fromNeurons(),
                            0,
                            classes,
                            g,
                            neurons,
                            width,
                            true);
        }
        if (readers.hasBias()) {
            parts.kernels().addToRows(g, neurons, width, count, readers.bias(), 0, classes);
        }
        for (int row = 0; row < count; row++) {
            loss.row(g, row * width + neurons, classes, rows, from + row, weight);
        }
        if (weight != 0) {
            backward(from, to);
        }
    }

    private void backward(int from, int to) {
        int count = to - from;
        Kernels kernels = parts.kernels();
        for (int row = 0; row < count; row++) {
            System.arraycopy(g, row * width + neurons, dg, row * width + neurons, classes);
        }
        if (in != null) {
            Products products = parts.products();
            products.productByTransposed(
                    count,
                    in.columns(),
                    unembed.columns(),
                    g,
                    neurons,
                    width,
                    readers.fromNeurons(),
                    0,
                    classes,
                    dg,
                    0,
                    width,
                    false);
            products.addTransposedProduct(
                    in.columns(),
                    unembed.columns(),
                    count,
                    g,
                    0,
                    width,
                    g,
                    neurons,
                    width,
                    readers.dFromNeurons(),
                    0,
                    classes);
            RowMlp.activateBackward(parts, parts.config().actFn(), dg, 0, width, g, 0, width, slope, 0, count, neurons);
            if (in.biasTrains()) {
                kernels.addRows(parts.gradients(), in.bias(), dg, 0, width, count, neurons);
            }
        }
        if (readers.hasBias()) {
            kernels.addRows(readers.dBias(), 0, dg, neurons, width, count, classes);
        }
        rows.addToOwn(kernels, layer, from, to, dg, 0, dBase, width);
        attention.backward(from, to, from, dg, width);
    }

    @Override
    public void backwardBefore() {
        tables.backward(x, dx, readers.composed(), 0, width, width, readers.dComposed(), true);
        readers.backward();
        for (int[] range : queryPlaces) {
            ownBackward(rows.start(layer, range[0]), rows.start(layer, range[1]));
        }
    }

    private void ownBackward(int from, int to) {
        int stride = parts.width();
        int at = from * stride;
        int count = to - from;
        if (output.hasBias()) {
            Arrays.fill(dOwn, at, at + count * stride, 0);
        }
        if (in != null) {
            readBackward(in, from, count, 0);
        }
        readBackward(unembed, from, count, neurons);
        if (output.hasBias()) {
            parts.kernels().add(dx, at, dOwn, at, count * stride);
            if (output.biasTrains()) {
                parts.kernels().addRows(parts.gradients(), output.bias(), dOwn, at, stride, count, stride);
            }
        }
    }

    private void readBackward(FlatLinear reader, int from, int count, int column) {
        int stride = parts.width();
        int at = from * stride;
        int baseAt = from * width + column;
        parts.products()
                .productByTransposed(
                        count,
                        reader.rows(),
                        reader.columns(),
                        dBase,
                        baseAt,
                        width,
                        parts.values(),
                        reader.at(),
                        reader.stride(),
                        dOwn,
                        at,
                        stride,
                        true);
        if (reader.trains()) {
            parts.products()
                    .addTransposedProduct(
                            reader.rows(),
                            reader.columns(),
                            count,
                            own,
                            at,
                            stride,
                            dBase,
                            baseAt,
                            width,
                            parts.gradients(),
                            reader.at(),
                            reader.stride());
        }
    }
}
