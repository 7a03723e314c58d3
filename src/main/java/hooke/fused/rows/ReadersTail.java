package hooke.fused.rows;

import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Mat;
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
    private final Mat x;
    private final Mat dx;

    /** {@code x + b_O} of the rows on which the last rows stand, and what is read from it. */
    private final Mat own;

    private final Mat dOwn;
    private final Mat base;
    private final Mat dBase;
    private final Mat g;
    /** The classes of g. */
    private final Mat logits;

    private final Mat dg;
    private final Mat dLogits;
    private final Mat slope;
    private final int[][] queryPlaces;

    ReadersTail(Parts parts, Readers readers, StateRows rows, States states, int tile, Mat x, Mat dx) {
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
        this.own = output.hasBias() ? Mat.zeros(before, parts.width()) : x;
        this.dOwn = output.hasBias() ? Mat.zeros(before, parts.width()) : dx;
        this.base = Mat.zeros(before, width);
        this.dBase = Mat.zeros(before, width);
        this.g = Mat.zeros(tile, width);
        this.logits = g.from(0, neurons);
        this.dg = Mat.zeros(tile, width);
        this.dLogits = dg.from(0, neurons);
        this.slope = Mat.zeros(tile, neurons);
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
        tables.forward(readers.composed(), width);
        for (int[] range : queryPlaces) {
            readOwn(rows.start(layer, range[0]), rows.start(layer, range[1]));
        }
    }

    private void readOwn(int from, int to) {
        int count = to - from;
        if (output.hasBias()) {
            System.arraycopy(x.array(), x.row(from), own.array(), own.row(from), count * x.stride());
            output.addBias(own.from(from), count);
        }
        if (in != null) {
            in.multiply(own.from(from), count, base.from(from), false);
        }
        unembed.multiply(own.from(from), count, base.from(from, neurons), false);
    }

    private static void clear(Mat rows, int from, int to) {
        Arrays.fill(rows.array(), rows.row(from), rows.row(to), 0);
    }

    @Override
    public void clearGradients() {
        tables.clearGradients();
        readers.clearGradients();
        clear(dx, 0, rows.count(layer));
        for (int[] range : queryPlaces) {
            clear(dBase, rows.start(layer, range[0]), rows.start(layer, range[1]));
        }
    }

    @Override
    public void tile(int from, int to, RowLoss loss, float weight) {
        int count = to - from;
        attention.forward(from, to, from, base, g);
        if (in != null) {
            RowMlp.activate(in, parts.config().actFn(), g, slope, count);
            parts.products().product(count, unembed.columns(), in.columns(), g, readers.fromNeurons(), logits, true);
        }
        if (readers.hasBias()) {
            parts.kernels().addToRows(logits.array(), logits.offset(), width, count, readers.bias(), 0, classes);
        }
        for (int row = 0; row < count; row++) {
            loss.row(logits.array(), logits.row(row), classes, rows, from + row, weight);
        }
        if (weight != 0) {
            backward(from, to);
        }
    }

    private void backward(int from, int to) {
        int count = to - from;
        Kernels kernels = parts.kernels();
        for (int row = 0; row < count; row++) {
            System.arraycopy(logits.array(), logits.row(row), dLogits.array(), dLogits.row(row), classes);
        }
        if (in != null) {
            Mat made = readers.fromNeurons();
            parts.products().productByTransposed(count, in.columns(), unembed.columns(), logits, made, dg, false);
            parts.products()
                    .addTransposedProduct(in.columns(), unembed.columns(), count, g, logits, readers.dFromNeurons());
            RowMlp.activateBackward(in, parts.config().actFn(), dg, g, slope, count);
            in.addBiasGradient(dg, count);
        }
        if (readers.hasBias()) {
            kernels.addRows(readers.dBias(), 0, dLogits.array(), dLogits.offset(), width, count, classes);
        }
        rows.addToOwn(kernels, layer, from, to, dg, dBase);
        attention.backward(from, to, from, dg);
    }

    @Override
    public void backwardBefore() {
        tables.backward(readers.composed(), width, readers.dComposed());
        readers.backward();
        for (int[] range : queryPlaces) {
            ownBackward(rows.start(layer, range[0]), rows.start(layer, range[1]));
        }
    }

    private void ownBackward(int from, int to) {
        int count = to - from;
        if (output.hasBias()) {
            clear(dOwn, from, to);
        }
        if (in != null) {
            readBackward(in, from, count, dBase.from(from));
        }
        readBackward(unembed, from, count, dBase.from(from, neurons));
        if (output.hasBias()) {
            parts.kernels().add(dx.array(), dx.row(from), dOwn.array(), dOwn.row(from), count * dx.stride());
            output.addBiasGradient(dOwn.from(from), count);
        }
    }

    private void readBackward(FlatLinear reader, int from, int count, Mat dRead) {
        reader.multiplyTransposed(dRead, count, dOwn.from(from), true);
        reader.addGradient(own.from(from), count, dRead);
    }
}
