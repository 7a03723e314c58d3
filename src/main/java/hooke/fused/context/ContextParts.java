package hooke.fused.context;

import hooke.config.ModelConfig;
import hooke.fused.kernels.Bf16;
import hooke.fused.kernels.Kernel;
import hooke.fused.kernels.Kernels;
import hooke.fused.kernels.PairRotation;
import org.jspecify.annotations.Nullable;

/**
 * What all parts of one model share, or those of its blocks of one width.
 *
 * @param config of the model, or of one all of whose blocks are as these
 * @param bf16 what rounds to bfloat16; null where products are of floats
 * @param rotation what turns queries and keys; null where positions are learned
 */
record ContextParts(
        ModelConfig config,
        ContextWeights weights,
        ContextProducts products,
        Kernel kernel,
        Kernels kernels,
        @Nullable Bf16 bf16,
        @Nullable PairRotation rotation) {
    /** For blocks of another width. */
    ContextParts of(ModelConfig block, @Nullable PairRotation turning) {
        return new ContextParts(block, weights, products, kernel, kernels, bf16, turning);
    }
}
