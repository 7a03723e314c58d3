package hooke.fused.pass;

import hooke.config.ModelConfig;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.Products;

/**
 * What every stage of a pass works with.
 *
 * @param gradients the pass's own, at the places of the weights that train
 * @param zeros instead of a bias that there is not, or of what a sum starts from
 */
public record Parts(
        ModelConfig config, FlatWeights weights, float[] gradients, Kernels kernels, Products products, float[] zeros) {

    public static Parts of(
            ModelConfig config, FlatWeights weights, float[] gradients, Kernels kernels, Products products) {
        int widest = FlatWeights.wide(Math.max(config.dMlp(), Math.max(config.dModel(), config.dHead())));
        return new Parts(config, weights, gradients, kernels, products, new float[widest]);
    }

    public float[] values() {
        return weights.values();
    }

    /** Width of a row of the residual stream. */
    public int width() {
        return FlatWeights.wide(config.dModel());
    }

    public int headWidth() {
        return FlatWeights.wide(config.dHead());
    }

    /** Width of a row of queries, keys or values: the heads side by side. */
    public int headsWidth() {
        return config.nHeads() * headWidth();
    }

    public int mlpWidth() {
        return FlatWeights.wide(config.dMlp());
    }

    public int vocabWidth() {
        return FlatWeights.wide(config.dVocabOut());
    }

    /** {@code out = in W + b}, rows of in by the first {@code inner} of their numbers. */
    public void linear(
            FlatLinear w,
            float[] in,
            int inAt,
            int inStride,
            int rows,
            float[] out,
            int outAt,
            int outStride,
            boolean add) {
        if (rows == 0) {
            return;
        }
        products.product(
                rows,
                w.columns(),
                w.rows(),
                in,
                inAt,
                inStride,
                values(),
                w.at(),
                w.stride(),
                out,
                outAt,
                outStride,
                add);
        if (w.hasBias()) {
            kernels.addToRows(out, outAt, outStride, rows, values(), w.bias(), w.stride());
        }
    }

    /** Backward of {@link #linear}: adds to the gradients of W and b, and to {@code dIn}. */
    public void linearBackward(
            FlatLinear w,
            float[] in,
            int inAt,
            float[] dIn,
            int inStride,
            int rows,
            float[] dOut,
            int outAt,
            int outStride) {
        if (rows == 0) {
            return;
        }
        products.productByTransposed(
                rows,
                w.rows(),
                w.columns(),
                dOut,
                outAt,
                outStride,
                values(),
                w.at(),
                w.stride(),
                dIn,
                inAt,
                inStride,
                true);
        linearGradient(w, in, inAt, inStride, rows, dOut, outAt, outStride);
    }

    /** Adds to the gradients of W and b alone. */
    public void linearGradient(
            FlatLinear w, float[] in, int inAt, int inStride, int rows, float[] dOut, int outAt, int outStride) {
        if (w.trains()) {
            products.addTransposedProduct(
                    w.rows(),
                    w.columns(),
                    rows,
                    in,
                    inAt,
                    inStride,
                    dOut,
                    outAt,
                    outStride,
                    gradients,
                    w.at(),
                    w.stride());
        }
        if (w.biasTrains()) {
            kernels.addRows(gradients, w.bias(), dOut, outAt, outStride, rows, w.stride());
        }
    }
}
