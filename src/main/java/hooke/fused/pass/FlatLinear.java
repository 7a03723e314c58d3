package hooke.fused.pass;

import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Mat;

/**
 * A linear map {@code y = x W + b} of rows, with W [rows, columns] and b among the weights.
 *
 * @param w where W lies; b is as long as its stride
 * @param dW where the pass gathers its gradient, if it trains
 * @param bias where b lies, or {@link #NONE}
 */
public record FlatLinear(
        Parts parts, Mat w, Mat dW, int rows, int columns, boolean trains, int bias, boolean biasTrains) {
    /** Of a bias that is zero and stays so. */
    public static final int NONE = -1;

    /** A weight with its bias; the heads of W_Q, W_K and W_V side by side, those of W_O below each other. */
    public static FlatLinear of(Parts parts, String weight, String biasName) {
        FlatWeights weights = parts.weights();
        FlatWeights.Place w = weights.place(weight);
        FlatWeights.Place b = weights.place(biasName);
        boolean none = !b.trains() && weights.isZero(biasName);
        boolean below = weight.endsWith("W_O");
        return new FlatLinear(
                parts,
                new Mat(parts.values(), w.offset(), w.rowStride()),
                new Mat(parts.gradients(), w.offset(), w.rowStride()),
                below ? w.heads() * w.headStride() / w.rowStride() : w.rows(),
                w.heads() > 1 && !below ? w.rowStride() : w.columns(),
                w.trains(),
                none ? NONE : b.offset(),
                b.trains());
    }

    public boolean hasBias() {
        return bias != NONE;
    }

    /** {@code y = x W + b} or {@code y += x W + b}. */
    public void forward(Mat x, int count, Mat y, boolean add) {
        multiply(x, count, y, add);
        addBias(y, count);
    }

    /** {@code y = x W} or {@code y += x W}. */
    public void multiply(Mat x, int count, Mat y, boolean add) {
        if (count > 0) {
            parts.products().product(count, columns, rows, x, w, y, add);
        }
    }

    /** {@code y += b}, if there is one. */
    public void addBias(Mat y, int count) {
        if (hasBias()) {
            parts.kernels().addToRows(y.array(), y.offset(), y.stride(), count, parts.values(), bias, w.stride());
        }
    }

    /** Backward of {@link #forward}: adds to dx and to the gradients of W and b. */
    public void backward(Mat x, Mat dx, int count, Mat dy) {
        multiplyTransposed(dy, count, dx, true);
        addGradients(x, count, dy);
    }

    /** {@code dx = dy W'} or {@code dx += dy W'}. */
    public void multiplyTransposed(Mat dy, int count, Mat dx, boolean add) {
        if (count > 0) {
            parts.products().productByTransposed(count, rows, columns, dy, w, dx, add);
        }
    }

    /** Adds to the gradients of W and b, as far as they train. */
    public void addGradients(Mat x, int count, Mat dy) {
        addGradient(x, count, dy);
        addBiasGradient(dy, count);
    }

    /** Adds to the gradient of W, if it trains. */
    public void addGradient(Mat x, int count, Mat dy) {
        if (trains && count > 0) {
            parts.products().addTransposedProduct(rows, columns, count, x, dy, dW);
        }
    }

    /** Adds to the gradient of b, if it trains. */
    public void addBiasGradient(Mat dy, int count) {
        if (biasTrains) {
            parts.kernels().addRows(parts.gradients(), bias, dy.array(), dy.offset(), dy.stride(), count, w.stride());
        }
    }
}
