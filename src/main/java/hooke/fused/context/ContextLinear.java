package hooke.fused.context;

import java.util.List;

/** A linear map of rows, {@code y = x W' + b} with W [out, in], and what training needs of it. */
final class ContextLinear {
    /**
     * Numbers of a piece of W whose gradient is one task. Larger pieces of fewer rows at a time multiply faster than smaller ones of more:
     * of W [256, 1024] one piece at 82 GFLOP/s, four of [64, 1024] at 63 (oneDNN, AVX2).
     */
    private static final int BLOCK = 1 << 18;

    private final ContextParts parts;
    private final int out;
    private final int in;
    private final int weight;
    private final int bias;
    private final boolean trains;

    /**
     * @param weight where W begins
     * @param bias where b begins; negative where there is none
     * @param trains whether the gradient of W is asked for
     */
    ContextLinear(ContextParts parts, int out, int in, int weight, int bias, boolean trains) {
        this.parts = parts;
        this.out = out;
        this.in = in;
        this.weight = weight;
        this.bias = bias;
        this.trains = trains;
    }

    /** @param biasName of a bias that the model may lack */
    static ContextLinear of(ContextParts parts, int out, int in, String weightName, String biasName) {
        ContextWeights weights = parts.weights();
        var place = weights.place(weightName);
        int bias = weights.has(biasName) ? weights.place(biasName).offset() : -1;
        return new ContextLinear(parts, out, in, place.offset(), bias, place.trains());
    }

    int out() {
        return out;
    }

    int in() {
        return in;
    }

    TileSums sums(int tiles) {
        return new TileSums(bias < 0 ? 0 : tiles, out);
    }

    /** {@code y = x W' + keep y} of rows, without b. */
    void forward(FactorRows x, int row, int rows, float keep, float[] y, int yAt, int yStride) {
        parts.products()
                .forward(
                        rows,
                        out,
                        in,
                        x.at(row, 0),
                        x.stride(),
                        parts.weights().factor(weight),
                        in,
                        keep,
                        y,
                        yAt,
                        yStride);
    }

    /** Adds b to rows. */
    void addBias(float[] y, int yAt, int yStride, int rows) {
        if (bias >= 0) {
            parts.kernels().addToRows(y, yAt, yStride, rows, parts.weights().values(), bias, TileSums.wide(out));
        }
    }

    /** {@code dx = dy W + keep dx}. */
    void backward(FactorRows dy, int row, int rows, float keep, float[] dx, int dxAt, int dxStride) {
        parts.products()
                .backward(
                        rows,
                        out,
                        in,
                        dy.at(row, 0),
                        dy.stride(),
                        parts.weights().factor(weight),
                        in,
                        keep,
                        dx,
                        dxAt,
                        dxStride);
    }

    /** Takes the rows dy of a tile for the gradient of b. */
    void sum(TileSums sums, int tile, float[] dy, int dyAt, int dyStride, int rows) {
        if (bias >= 0) {
            sums.addRows(tile, dy, dyAt, dyStride, rows, parts.kernels());
        }
    }

    /** Adds what {@link #sum} took to the gradient of b. */
    void add(TileSums sums) {
        if (bias >= 0) {
            sums.moveTo(parts.weights().gradients(), bias, parts.kernels());
        }
    }

    /** Lists what adds {@code dy' x} over so many rows to the gradient of W, piece by piece. */
    void gradient(FactorRows dy, FactorRows x, int rows, List<Runnable> tasks) {
        if (!trains) {
            return;
        }
        int step = Math.max(16, BLOCK / in / 16 * 16);
        for (int first = 0; first < out; first += step) {
            int from = first;
            int count = Math.min(step, out - first);
            tasks.add(() -> parts.products()
                    .gradient(
                            rows,
                            count,
                            in,
                            dy.at(0, from),
                            dy.stride(),
                            x.at(0, 0),
                            x.stride(),
                            parts.weights().gradients(),
                            weight + from * in,
                            in));
        }
    }

    /** Where b lies, for who adds it itself; {@code values} has zeros there if the map has none. */
    int biasOr(int zeros) {
        return bias < 0 ? zeros : bias;
    }

    boolean hasBias() {
        return bias >= 0;
    }
}
