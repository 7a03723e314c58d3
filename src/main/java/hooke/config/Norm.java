package hooke.config;

import hooke.Check;

/** Whether the residual stream is normalised before it is read. */
public sealed interface Norm {
    record None() implements Norm {}

    /** LayerNorm with gain and bias before each attention and MLP, and before the unembedding (TransformerLens' {@code LN}). */
    record LayerNorm(double eps) implements Norm {
        public LayerNorm {
            Check.that(eps > 0 && eps < 1, "model.norm.eps (%s) must be more than 0 and less than 1", eps);
        }
    }
}
