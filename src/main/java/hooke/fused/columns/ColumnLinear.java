package hooke.fused.columns;

import hooke.fused.kernels.ColumnKernels;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Mat;
import hooke.fused.pass.FlatLinear;

/**
 * A linear map of columns, {@code y = W' x + b}; of W_Q, W_K, W_V and W_O the part of one head.
 *
 * @param w where W lies, and {@code dW} its gradient
 * @param in how many features x has
 * @param out how many y has
 * @param turned whether W's rows are y's features, and not x's
 * @param bias where b begins, or {@link FlatLinear#NONE}
 */
record ColumnLinear(
        ColumnParts parts,
        Mat w,
        Mat dW,
        int in,
        int out,
        boolean turned,
        boolean trains,
        int bias,
        boolean biasTrains) {

    /** A weight [in, out] of which x reads the rows. */
    static ColumnLinear of(ColumnParts parts, String weight, int head) {
        FlatWeights.Place place = parts.parts().weights().place(weight);
        Mat w = new Mat(parts.values(), place.at(head, 0), place.rowStride());
        Mat dW = new Mat(parts.gradients(), w.offset(), w.stride());
        return new ColumnLinear(
                parts, w, dW, place.rows(), place.columns(), false, place.trains(), FlatLinear.NONE, false);
    }

    /** The same matrix read the other way: x has its columns' features. */
    ColumnLinear transposed() {
        return new ColumnLinear(parts, w, dW, out, in, !turned, trains, bias, biasTrains);
    }

    /** With a bias, unless it is zero and stays so. */
    ColumnLinear with(String biasName, int head) {
        FlatWeights.Place b = parts.parts().weights().place(biasName);
        boolean none = !b.trains() && parts.parts().weights().isZero(biasName);
        return new ColumnLinear(
                parts, w, dW, in, out, turned, trains, none ? FlatLinear.NONE : b.at(head, 0), b.trains());
    }

    boolean hasBias() {
        return bias != FlatLinear.NONE;
    }

    /** Of the columns from this one on: features of y from {@code feature} on are made, or added to. */
    void forward(Columns x, int xFeature, int xColumn, Columns y, int feature, int column, int count, boolean add) {
        Mat to = y.values(feature, column);
        parts.product().product(out, count, in, w, !turned, x.values(xFeature, xColumn), to, add);
        if (hasBias()) {
            for (int j = 0; j < out; j++) {
                ColumnKernels.addNumber(to.array(), to.row(j), parts.values()[bias + j], count);
            }
        }
    }

    /** Adds to the gradients of x, W and b. */
    void backward(Columns x, int xFeature, int xColumn, Columns y, int feature, int column, int count) {
        Mat dy = y.gradients(feature, column);
        parts.product().product(in, count, out, w, turned, dy, x.gradients(xFeature, xColumn), true);
        if (trains) {
            parts.outer().add(dW, turned, x.values(xFeature, xColumn), in, dy, out, count);
        }
        if (biasTrains) {
            ColumnKernels.addSums(parts.gradients(), bias, dy.array(), dy.offset(), dy.stride(), out, count);
        }
    }
}
