package hooke.fused;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tail of a model without norms, with every linear map that reads the last residual stream taken before the attention's mixture.
 *
 * <p>Without norm the last layer is {@code m = x + b_O + sum p v W_O}, its neurons {@code a = act(m W_in + b_in)}, its logits {@code
 * m W_U + a (W_out W_U) + b}. Both readings of m are linear, so a row {@code [m W_in | m W_U]} is a mixture of table rows {@code v W_O
 * [W_in | W_U]} and of its own {@code (x + b_O) [W_in | W_U]}: m itself, and what the MLP writes to the stream, are never computed. For
 * all of a x b mod 113 that leaves one product of 12,769 rows out of four: 1.5 GFLOP of 3.8.
 *
 * <p>The composed matrices are made once a pass; their gradients go back to the weights by the product rule, {@code C = A B} gives
 * {@code dA = dC B'} and {@code dB = A' dC}.
 */
final class ReadersTail implements Tail {
    private final Parts parts;
    private final Rows rows;
    private final States states;
    private final int layer;
    private final Attention attention;
    private final Linear output;
    private final Linear unembed;
    private final @Nullable Linear in;
    private final @Nullable Linear out;
    /** Columns of a row: neurons, then classes. */
    private final int neurons;

    private final int classes;
    private final int width;
    private final float[] x;
    private final float[] dx;

    /** {@code W_O [W_in | W_U]}, [head * d_head, width]. */
    private final float[] composed;

    private final float[] dComposed;
    /** {@code W_out W_U}, [neuron, classes]. */
    private final float[] fromNeurons;

    private final float[] dFromNeurons;
    private final List<Composed> composedOf;
    /** {@code b_U + b_out W_U}. */
    private final float[] bias;

    private final float[] dBias;
    /** {@code x + b_O} of the rows on which the last rows stand, and what is read from it. */
    private final float[] own;

    private final float[] dOwn;
    private final float[] base;
    private final float[] dBase;
    private final float[] g;
    private final float[] dg;
    private final float[] slope;
    private final int[][] queryPlaces;

    ReadersTail(Parts parts, Rows rows, States states, int tile, float[] x, float[] dx) {
        this.parts = parts;
        this.rows = rows;
        this.states = states;
        this.layer = parts.config().nLayers() - 1;
        this.x = x;
        this.dx = dx;
        FlatWeights weights = parts.weights();
        String mlp = "blocks." + layer + ".mlp.";
        boolean hasMlp = !parts.config().attnOnly();
        this.in = hasMlp ? Linear.of(weights, mlp + "W_in", mlp + "b_in") : null;
        this.out = hasMlp ? Linear.of(weights, mlp + "W_out", mlp + "b_out") : null;
        this.unembed = Linear.of(weights, "unembed.W_U", "unembed.b_U");
        this.neurons = hasMlp ? parts.mlpWidth() : 0;
        this.classes = parts.vocabWidth();
        this.width = neurons + classes;
        this.attention = new Attention(parts, rows, states, layer, Attention.Route.READERS, width, tile, x, dx);
        this.output = attention.output();
        this.composed = new float[parts.headsWidth() * width];
        this.dComposed = new float[composed.length];
        this.fromNeurons = new float[neurons * classes];
        this.dFromNeurons = new float[fromNeurons.length];
        this.composedOf = new ArrayList<>();
        if (in != null && out != null) {
            composedOf.add(new Composed(parts, output, in, composed, dComposed, 0, width));
            composedOf.add(new Composed(parts, out, unembed, fromNeurons, dFromNeurons, 0, classes));
        }
        composedOf.add(new Composed(parts, output, unembed, composed, dComposed, neurons, width));
        this.bias = new float[classes];
        this.dBias = new float[classes];
        int before = rows.capacity(layer);
        this.own = output.hasBias() ? new float[before * parts.width()] : x;
        this.dOwn = output.hasBias() ? new float[before * parts.width()] : dx;
        this.base = new float[before * width];
        this.dBase = new float[before * width];
        this.g = new float[tile * width];
        this.dg = new float[tile * width];
        this.slope = new float[tile * neurons];
        this.queryPlaces = Attention.ranges(queryPlaces());
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
        composedOf.forEach(Composed::forward);
        float[] w = parts.values();
        int inner = parts.config().dModel();
        Arrays.fill(bias, 0);
        if (unembed.hasBias()) {
            parts.kernels().add(bias, 0, w, unembed.bias(), classes);
        }
        if (out != null && out.hasBias()) {
            parts.products()
                    .product(
                            1,
                            unembed.columns(),
                            inner,
                            w,
                            out.bias(),
                            inner,
                            w,
                            unembed.at(),
                            classes,
                            bias,
                            0,
                            classes,
                            true);
        }
        attention.forwardTables(x, composed, 0, width, width);
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
        attention.clearGradients();
        Arrays.fill(dx, 0, rows.count(layer) * parts.width(), 0);
        Arrays.fill(dComposed, 0);
        Arrays.fill(dFromNeurons, 0);
        Arrays.fill(dBias, 0);
        for (int[] range : queryPlaces) {
            Arrays.fill(dBase, rows.start(layer, range[0]) * width, rows.start(layer, range[1]) * width, 0);
        }
    }

    @Override
    public void tile(int from, int to, Loss loss, float weight) {
        int count = to - from;
        for (int row = from; row < to; row++) {
            System.arraycopy(base, rows.own(layer, row) * width, g, (row - from) * width, width);
        }
        mix(from, to, false);
        if (in != null) {
            Mlp.activate(parts, parts.config().actFn(), g, 0, width, slope, 0, count, in);
            parts.products()
                    .product(
                            count,
                            unembed.columns(),
                            in.columns(),
                            g,
                            0,
                            width,
                            fromNeurons,
                            0,
                            classes,
                            g,
                            neurons,
                            width,
                            true);
        }
        parts.kernels().addToRows(g, neurons, width, count, bias, 0, classes);
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
                    fromNeurons,
                    0,
                    classes,
                    dg,
                    0,
                    width,
                    false);
            products.addTransposedProduct(
                    in.columns(), unembed.columns(), count, g, 0, width, g, neurons, width, dFromNeurons, 0, classes);
            Mlp.activateBackward(parts, parts.config().actFn(), dg, 0, width, g, 0, width, slope, 0, count, neurons);
            if (in.biasTrains()) {
                kernels.addRows(parts.gradients(), in.bias(), dg, 0, width, count, neurons);
            }
        }
        kernels.addRows(dBias, 0, dg, neurons, width, count, classes);
        parts.addToOwn(rows, layer, from, to, dg, 0, dBase, width);
        mix(from, to, true);
    }

    private void mix(int from, int to, boolean back) {
        for (int query = 0; query < rows.places(layer + 1); query++) {
            int start = Math.max(from, rows.start(layer + 1, query));
            int end = Math.min(to, rows.start(layer + 1, query + 1));
            if (start < end && back) {
                attention.backward(query, start, end, from, dg, width);
            } else if (start < end) {
                attention.forward(query, start, end, from, g, width);
            }
        }
    }

    @Override
    public void backwardBefore() {
        attention.backwardTables(x, dx, composed, 0, width, width, dComposed, true);
        composedOf.forEach(Composed::backward);
        if (out != null) {
            biasBackward(out);
        }
        if (unembed.biasTrains()) {
            parts.kernels().add(parts.gradients(), unembed.bias(), dBias, 0, classes);
        }
        for (int[] range : queryPlaces) {
            ownBackward(rows.start(layer, range[0]), rows.start(layer, range[1]));
        }
    }

    private void biasBackward(Linear out) {
        float[] w = parts.values();
        if (out.biasTrains()) {
            parts.products()
                    .productByTransposed(
                            1,
                            out.columns(),
                            unembed.columns(),
                            dBias,
                            0,
                            classes,
                            w,
                            unembed.at(),
                            classes,
                            parts.gradients(),
                            out.bias(),
                            out.stride(),
                            true);
        }
        if (out.hasBias() && unembed.trains()) {
            parts.products()
                    .addTransposedProduct(
                            out.columns(),
                            unembed.columns(),
                            1,
                            w,
                            out.bias(),
                            out.stride(),
                            dBias,
                            0,
                            classes,
                            parts.gradients(),
                            unembed.at(),
                            classes);
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

    private void readBackward(Linear reader, int from, int count, int column) {
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
