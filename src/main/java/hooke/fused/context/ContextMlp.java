package hooke.fused.context;

import hooke.config.ModelConfig;

/**
 * The MLP of one layer over a tile of rows: {@code f(x W_in' + b_in) W_out' + b_out}. What the neurons read is kept; what they apply is
 * computed again on the way back.
 */
final class ContextMlp {
    private final ContextParts parts;
    private final Activated activated;
    private final ContextLinear into;
    private final ContextLinear out;
    private final int width;
    private final float[] zeros;

    ContextMlp(ContextParts parts, String block, float[] zeros) {
        ModelConfig config = parts.config();
        this.parts = parts;
        this.activated = new Activated(config.actFn(), parts.kernel());
        this.into = ContextLinear.of(parts, config.dMlp(), config.dModel(), block + "mlp.W_in", block + "mlp.b_in");
        this.out = ContextLinear.of(parts, config.dModel(), config.dMlp(), block + "mlp.W_out", block + "mlp.b_out");
        this.width = TileSums.wide(config.dMlp());
        this.zeros = zeros;
    }

    ContextLinear into() {
        return into;
    }

    ContextLinear out() {
        return out;
    }

    /** Adds what the MLP makes of the desk's stream to y; keeps what the neurons read, without b, in u. */
    void forward(Desk desk, FactorRows u, int row, int rows, float[] y, int yAt, int yStride) {
        float[] pre = u.open(desk.one);
        int at = u.place(row, 0);
        into.forward(desk.stream, 0, rows, 0, pre, at, u.stride());
        float[] post = desk.neurons.open(desk.two);
        System.arraycopy(pre, at, post, 0, rows * u.stride());
        u.close(desk.one, row, rows);
        activate(post, 0, desk.three, u.stride(), rows);
        desk.neurons.close(desk.two, 0, rows);
        out.forward(desk.neurons, 0, rows, 1, y, yAt, yStride);
        out.addBias(y, yAt, yStride, rows);
    }

    private void activate(float[] x, int at, float[] slope, int stride, int rows) {
        float[] biases = into.hasBias() ? parts.weights().values() : zeros;
        activated.apply(x, at, slope, 0, stride, rows, biases, into.biasOr(0), width);
    }

    /**
     * Given the gradient dy of what it added, turns u into the gradient of what the neurons read, keeps what they had applied in post,
     * and leaves {@code dx}, the gradient of the stream that it read.
     */
    void backward(
            Desk desk,
            FactorRows u,
            FactorRows post,
            FactorRows dy,
            int row,
            int rows,
            float[] dx,
            int dxStride,
            TileSums sums,
            int tile) {
        float[] applied = post.open(desk.two);
        int appliedAt = post.place(row, 0);
        float[] pre = u.read(desk.one, row, rows);
        int at = u.place(row, 0);
        System.arraycopy(pre, at, applied, appliedAt, rows * u.stride());
        activate(applied, appliedAt, desk.three, u.stride(), rows);
        post.close(desk.two, row, rows);
        out.backward(dy, row, rows, 0, pre, at, u.stride());
        parts.kernels().timesRows(pre, at, u.stride(), desk.three, 0, u.stride(), rows, width);
        into.sum(sums, tile, pre, at, u.stride(), rows);
        u.close(desk.one, row, rows);
        into.backward(u, row, rows, 0, dx, 0, dxStride);
    }
}
