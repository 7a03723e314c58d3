package hooke.fused.columns;

import hooke.fused.kernels.ColumnKernels;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.pass.FlatLinear;

/**
 * A linear map of columns, {@code y = W' x + b}; of W_Q, W_K, W_V and W_O the part of one head.
 *
 * @param at where W begins
 * @param in how many features x has
 * @param out how many y has
 * @param inStride from number to number of W by x's features
 * @param outStride likewise by y's
 * @param bias where b begins, or {@link FlatLinear#NONE}
 */
record ColumnLinear(
        ColumnParts parts,
        int at,
        int in,
        int out,
        int inStride,
        int outStride,
        boolean trains,
        int bias,
        boolean biasTrains) {

    /** A weight [in, out] of which x reads the rows. */
    static ColumnLinear of(ColumnParts parts, String weight, int head) {
        FlatWeights.Place w = parts.parts().weights().place(weight);
        return new ColumnLinear(
                parts, w.at(head, 0), w.rows(), w.columns(), w.rowStride(), 1, w.trains(), FlatLinear.NONE, false);
    }

    /** The same matrix read the other way: x has its columns' features. */
    ColumnLinear transposed() {
        return new ColumnLinear(parts, at, out, in, outStride, inStride, trains, bias, biasTrains);
    }

    /** With a bias, unless it is zero and stays so. */
    ColumnLinear with(String biasName, int head) {
        FlatWeights.Place b = parts.parts().weights().place(biasName);
        boolean none = !b.trains() && parts.parts().weights().isZero(biasName);
        return new ColumnLinear(
                parts, at, in, out, inStride, outStride, trains, none ? FlatLinear.NONE : b.at(head, 0), b.trains());
    }

    boolean hasBias() {
        return bias != FlatLinear.NONE;
    }

    /** Of the columns from this one on: features of y from {@code feature} on are made, or added to. */
    void forward(Columns x, int xFeature, int xColumn, Columns y, int feature, int column, int count, boolean add) {
        int yAt = feature * y.stride() + column;
        parts.product()
                .product(
                        out,
                        count,
                        in,
                        parts.values(),
                        at,
                        outStride,
                        inStride,
                        x.values(),
                        xFeature * x.stride() + xColumn,
                        x.stride(),
                        y.values(),
                        yAt,
                        y.stride(),
                        add);
        if (hasBias()) {
            for (int j = 0; j < out; j++) {
                ColumnKernels.addNumber(y.values(), yAt + j * y.stride(), parts.values()[bias + j], count);
            }
        }
    }

    /** Adds to the gradients of x, W and b. */
    void backward(Columns x, int xFeature, int xColumn, Columns y, int feature, int column, int count) {
        int xAt = xFeature * x.stride() + xColumn;
        int yAt = feature * y.stride() + column;
        parts.product()
                .product(
                        in,
                        count,
                        out,
                        parts.values(),
                        at,
                        inStride,
                        outStride,
                        y.gradients(),
                        yAt,
                        y.stride(),
                        x.gradients(),
                        xAt,
                        x.stride(),
                        true);
        if (trains) {
            parts.outer()
                    .add(
                            parts.gradients(),
                            at,
                            inStride,
                            outStride,
                            x.values(),
                            xAt,
                            x.stride(),
                            in,
                            y.gradients(),
                            yAt,
                            y.stride(),
                            out,
                            count);
        }
        if (biasTrains) {
            ColumnKernels.addSums(parts.gradients(), bias, y.gradients(), yAt, y.stride(), out, count);
        }
    }
}
