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
}
