package hooke.fused.pass;

import hooke.fused.kernels.FlatWeights;

/**
 * A linear map {@code x W + b} among the weights: where W [rows, columns] and b lie.
 *
 * @param stride of W's rows, and the length of b
 * @param bias where b lies, or {@link #NONE}
 */
public record FlatLinear(int at, int rows, int columns, int stride, boolean trains, int bias, boolean biasTrains) {
    /** Of a bias that is zero and stays so. */
    public static final int NONE = -1;

    /** A weight with its bias; the heads of W_Q, W_K and W_V side by side, those of W_O below each other. */
    public static FlatLinear of(FlatWeights weights, String weight, String biasName) {
        FlatWeights.Place w = weights.place(weight);
        FlatWeights.Place b = weights.place(biasName);
        boolean none = !b.trains() && weights.isZero(biasName);
        boolean below = weight.endsWith("W_O");
        int rows = below ? w.heads() * w.headStride() / w.rowStride() : w.rows();
        int columns = w.heads() > 1 && !below ? w.rowStride() : w.columns();
        return new FlatLinear(
                w.offset(), rows, columns, w.rowStride(), w.trains(), none ? NONE : b.offset(), b.trains());
    }

    public boolean hasBias() {
        return bias != NONE;
    }
}
