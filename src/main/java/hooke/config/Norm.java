package hooke.config;

import hooke.Check;
import hooke.config.form.Since;

/** Whether and where the residual stream is normalised, and what else the norm does to it. */
public sealed interface Norm {
    record None() implements Norm {}

    /**
     * LayerNorm with a gain in every block, and before the unembedding (TransformerLens' {@code LN}).
     *
     * @param bias whether it adds a bias behind the gain
     */
    record LayerNorm(
            double eps,
            Placement placement,
            @Since(release = "0.1.0", before = "true") boolean bias) implements Norm {
        public LayerNorm {
            checkEps(eps);
        }
    }

    private static void checkEps(double eps) {
        Check.that(
                eps >= Float.MIN_NORMAL && eps < 1,
                "model.norm.eps (%s) must be at least %s and less than 1: float32 takes what is smaller for 0",
                eps,
                TrainConfig.SMALLEST);
    }

    /**
     * {@code x / sqrt(mean(x^2) + eps)} times a gain: LayerNorm without the mean taken off and without a bias (Zhang and Sennrich 2019,
     * arXiv 1910.07467; TransformerLens' {@code RMS}).
     */
    record RmsNorm(double eps, Placement placement) implements Norm {
        public RmsNorm {
            checkEps(eps);
        }
    }

    enum Placement {
        /** Before attention and MLP read the stream: {@code x + attn(ln1(x))}, as in GPT-2. */
        PRE,
        /** After they have written to it: {@code ln1(x + attn(x))}, as in Vaswani et al. 2017 (arXiv 1706.03762) and BERT. */
        POST;

        private boolean isPre() {
            return switch (this) {
                case PRE -> true;
                case POST -> false;
            };
        }
    }

    /** Whether there is one. */
    default boolean normalises() {
        return switch (this) {
            case None() -> false;
            case LayerNorm _, RmsNorm _ -> true;
        };
    }

    /** Whether the stream is normalised where it is read. */
    default boolean isPre() {
        return switch (this) {
            case None() -> false;
            case LayerNorm layerNorm -> layerNorm.placement().isPre();
            case RmsNorm rmsNorm -> rmsNorm.placement().isPre();
        };
    }

    /** Whether the stream is normalised where it was written to. */
    default boolean isPost() {
        return normalises() && !isPre();
    }

    /** Whether what is normalised is multiplied by a trained gain, {@code ln1.w}. */
    default boolean hasGain() {
        return switch (this) {
            case None() -> false;
            case LayerNorm _, RmsNorm _ -> true;
        };
    }

    /** Whether a trained bias is added to it, {@code ln1.b}. */
    default boolean hasBias() {
        return switch (this) {
            case None(), RmsNorm _ -> false;
            case LayerNorm layerNorm -> layerNorm.bias();
        };
    }
}
