package hooke.fused.context;

import hooke.fused.kernels.QueriesAlongLanes;

/** Attention of one head over one sequence. Belongs to one thread, which uses it for one head after the other. */
sealed interface OneHead permits HeadAttention, NarrowAttention {
    /** Writes the head's part of z, and the logarithm of the sum of every query. */
    void forward(HeadAttention.Place place, FactorRows z, float[] logSums);

    /** Puts the gradients of the head's queries, keys and values in their places in qkv, given that of z. */
    void backward(HeadAttention.Place place, FactorRows z, FactorRows gradientOfZ, float[] logSums);

    /** @param keysAtOnce of a tile, where it computes in tiles */
    static OneHead of(ContextParts parts, int keysAtOnce) {
        var config = parts.config();
        boolean narrow = config.dHead() == NarrowAttention.WIDTH
                && QueriesAlongLanes.fit(parts.kernel())
                && parts.bf16() == null
                && parts.rotation() == null
                && !config.attention().chooses();
        return narrow
                ? new NarrowAttention(config.nCtx())
                : new HeadAttention(
                        config.attention(),
                        config.nCtx(),
                        config.dHead(),
                        keysAtOnce,
                        parts.products(),
                        parts.rotation(),
                        parts.kernel(),
                        parts.bf16());
    }
}
