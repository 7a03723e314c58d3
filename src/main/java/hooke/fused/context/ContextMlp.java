package hooke.fused.context;

import hooke.config.ModelConfig;
import hooke.fused.kernels.Bf16;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The MLP of one layer over a tile of rows: {@code f(x W_in' + b_in) W_out' + b_out}, or, with a gate, {@code (f(x W_gate') (x W_in' +
 * b_in)) W_out' + b_out}. What the neurons read is kept; what they make of it is computed again on the way back.
 */
final class ContextMlp {
    private final ContextParts parts;
    private final Activated activated;
    private final @Nullable ContextLinear gate;
    private final ContextLinear into;
    private final ContextLinear out;
    private final int width;
    private final float[] zeros;

    /**
     * What neurons read, before the bias and before the activation; on the way back its gradient.
     *
     * @param gate of what opens them; null where nothing does
     */
    record Read(FactorRows linear, @Nullable FactorRows gate) {
        static Read of(ModelConfig config, int rows, @Nullable Bf16 bf16) {
            int count = config.attnOnly() ? 0 : rows;
            int width = Math.max(1, config.dMlp());
            return new Read(
                    FactorRows.of(count, width, bf16), config.gatedMlp() ? FactorRows.of(count, width, bf16) : null);
        }
    }

    ContextMlp(ContextParts parts, String block, float[] zeros) {
        ModelConfig config = parts.config();
        String mlp = block + "mlp.";
        int neurons = config.dMlp();
        this.parts = parts;
        this.activated = new Activated(config.actFn(), parts.kernel());
        this.gate = config.gatedMlp()
                ? ContextLinear.of(parts, neurons, config.dModel(), mlp + "W_gate", mlp + "b_gate")
                : null;
        this.into = ContextLinear.of(parts, neurons, config.dModel(), mlp + "W_in", mlp + "b_in");
        this.out = ContextLinear.of(parts, config.dModel(), neurons, mlp + "W_out", mlp + "b_out");
        this.width = TileSums.wide(neurons);
        this.zeros = zeros;
    }

    ContextLinear into() {
        return into;
    }

    ContextLinear out() {
        return out;
    }

    /** Adds what the MLP makes of the desk's stream to y, and keeps what the neurons read. */
    void forward(Desk desk, Read read, int row, int rows, float[] y, int yAt, int yStride) {
        float[] post = desk.neurons.open(desk.two);
        int stride = desk.neurons.stride();
        if (gate == null || read.gate() == null) {
            float[] pre = project(into, desk, read.linear(), row, rows);
            activate(into, pre, read.linear().place(row, 0), post, 0, desk.three, 0, stride, rows);
            read.linear().close(desk.one, row, rows);
        } else {
            float[] opening = project(gate, desk, read.gate(), row, rows);
            activate(gate, opening, read.gate().place(row, 0), post, 0, desk.three, 0, stride, rows);
            read.gate().close(desk.one, row, rows);
            float[] pre = project(into, desk, read.linear(), row, rows);
            System.arraycopy(pre, read.linear().place(row, 0), desk.three, 0, rows * stride);
            read.linear().close(desk.one, row, rows);
            into.addBias(desk.three, 0, stride, rows);
            parts.kernels().timesRows(post, 0, stride, desk.three, 0, stride, rows, width);
        }
        desk.neurons.close(desk.two, 0, rows);
        out.forward(desk.neurons, 0, rows, 1, y, yAt, yStride);
        out.addBias(y, yAt, yStride, rows);
    }

    /** What neurons read of the desk's stream, to be closed. */
    private static float[] project(ContextLinear map, Desk desk, FactorRows kept, int row, int rows) {
        float[] pre = kept.open(desk.one);
        map.forward(desk.stream, 0, rows, 0, pre, kept.place(row, 0), kept.stride());
        return pre;
    }

    /**
     * What the activation makes of rows, row by row, so that what is copied is still in the innermost cache.
     *
     * @param slopeStride 0 where nobody asks for slopes
     */
    private void activate(
            ContextLinear map,
            float[] x,
            int xAt,
            float[] y,
            int yAt,
            float[] slope,
            int slopeStride,
            int stride,
            int rows) {
        for (int r = 0; r < rows; r++) {
            activate(map, x, xAt + r * stride, y, yAt + r * stride, slope, r * slopeStride, stride);
        }
    }

    /** Activates one row; its slope may take the place of the row itself. */
    private void activate(
            ContextLinear map, float[] x, int xAt, float[] y, int yAt, float[] slope, int slopeAt, int stride) {
        float[] biases = map.hasBias() ? parts.weights().values() : zeros;
        System.arraycopy(x, xAt, y, yAt, stride);
        activated.apply(y, yAt, slope, slopeAt, stride, 1, biases, map.biasOr(0), width);
    }

    /**
     * Given the gradient dy of what it added, turns what was read into its gradient, keeps what the neurons had made of it in post, and
     * leaves {@code dx}, the gradient of the stream that it read.
     */
    void backward(
            Desk desk,
            Read read,
            FactorRows post,
            FactorRows dy,
            int row,
            int rows,
            float[] dx,
            int dxStride,
            TileSums sums,
            int tile) {
        FactorRows linear = read.linear();
        float[] made = post.open(desk.two);
        int at = post.place(row, 0);
        int stride = post.stride();
        if (gate == null || read.gate() == null) {
            float[] u = linear.read(desk.one, row, rows);
            float[] gradient = desk.neurons.open(desk.three); // Whose rows are filled up with zeros.
            out.backward(dy, row, rows, 0, gradient, 0, stride);
            for (int r = 0; r < rows; r++) { // What was read becomes the slope there, and then the gradient.
                int to = at + r * stride;
                activate(into, u, to, made, to, u, to, stride);
                parts.kernels().timesRows(u, to, stride, gradient, r * stride, stride, 1, width);
            }
            post.close(desk.two, row, rows);
            into.sum(sums, tile, u, at, stride, rows);
            linear.close(desk.one, row, rows);
        } else {
            throughGate(desk, linear, read.gate(), gate, post, made, dy, row, rows, sums, tile);
            gate.backward(read.gate(), row, rows, 0, dx, 0, dxStride);
        }
        into.backward(linear, row, rows, gate == null ? 0 : 1, dx, 0, dxStride);
    }

    /** With v the linear part and f the activated one, {@code dv = d f(u)} and {@code du = d v f'(u)}. */
    private void throughGate(
            Desk desk,
            FactorRows linear,
            FactorRows opening,
            ContextLinear gateMap,
            FactorRows post,
            float[] made,
            FactorRows dy,
            int row,
            int rows,
            TileSums sums,
            int tile) {
        int at = post.place(row, 0);
        int stride = post.stride();
        int size = rows * stride;
        var kernels = parts.kernels();
        float[] f = desk.five();
        float[] d = desk.six();
        activate(gateMap, opening.read(desk.one, row, rows), at, f, 0, desk.three, stride, stride, rows);
        float[] v = linear.read(desk.one, row, rows);
        into.addBias(v, at, stride, rows);
        System.arraycopy(v, at, made, at, size);
        kernels.timesRows(made, at, stride, f, 0, stride, rows, width);
        kernels.timesRows(desk.three, 0, stride, v, at, stride, rows, width); // v f'(u)
        post.close(desk.two, row, rows);
        out.backward(dy, row, rows, 0, d, 0, stride);
        System.arraycopy(d, 0, v, at, size);
        kernels.timesRows(v, at, stride, f, 0, stride, rows, width);
        into.sum(sums, tile, v, at, stride, rows);
        linear.close(desk.one, row, rows);
        float[] u = opening.open(desk.one);
        System.arraycopy(d, 0, u, at, size);
        kernels.timesRows(u, at, stride, desk.three, 0, stride, rows, width);
        opening.close(desk.one, row, rows);
    }

    /** Lists what adds the gradients of the matrices. */
    void gradients(FactorRows dy, FactorRows post, Read read, FactorRows stream, int rows, List<Runnable> tasks) {
        out.gradient(dy, post, rows, tasks);
        into.gradient(read.linear(), stream, rows, tasks);
        if (gate != null && read.gate() != null) {
            gate.gradient(read.gate(), stream, rows, tasks);
        }
    }
}
