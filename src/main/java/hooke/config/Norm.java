package hooke.config;

import hooke.Check;

/** Whether and where the residual stream is normalised. */
public sealed interface Norm {
    record None() implements Norm {}

    /** LayerNorm with gain and bias in every block, and before the unembedding (TransformerLens' {@code LN}). */
    record LayerNorm(double eps, Placement placement) implements Norm {
        public LayerNorm {
            Check.that(
                    eps >= Float.MIN_NORMAL && eps < 1,
                    "model.norm.eps (%s) must be at least %s and less than 1: float32 takes what is smaller for 0",
                    eps,
                    TrainConfig.SMALLEST);
        }
    }

    enum Placement {
        /** Before attention and MLP read the stream: {@code x + attn(ln1(x))}, as in GPT-2. */
        PRE,
        /** After they have written to it: {@code ln1(x + attn(x))}, as in Vaswani et al. 2017 (arXiv 1706.03762) and BERT. */
        POST
    }

    /** Whether the stream is normalised where it is read. */
    default boolean isPre() {
        return this instanceof LayerNorm layerNorm && layerNorm.placement() == Placement.PRE;
    }

    /** Whether the stream is normalised where it was written to. */
    default boolean isPost() {
        return this instanceof LayerNorm layerNorm && layerNorm.placement() == Placement.POST;
    }
}
