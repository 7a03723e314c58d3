package hooke.config;

import hooke.Check;

/** How the initial weights are drawn. */
public sealed interface Init {
    /**
     * TransformerLens' {@code init_mode: gpt2}: every matrix normal with standard deviation {@code 0.8 / sqrt(d_model)}, biases 0,
     * LayerNorm gains 1.
     *
     * @param order in which the four attention matrices of a layer are drawn: it decides which bits a seed gives
     */
    record Gpt2(AttentionOrder order) implements Init {}

    /**
     * What PyTorch's own modules draw: embeddings standard normal, the packed query, key and value projection of
     * {@code nn.MultiheadAttention} uniform by Glorot's rule, every other linear map and its bias uniform within
     * {@code 1 / sqrt(inputs)} ({@code nn.Linear}), attention biases 0, LayerNorm gains 1.
     */
    record Pytorch() implements Init {}

    /**
     * What x-transformers draws: the token embedding normal with deviation {@code sqrt(2 / d_model)} ({@code kaiming_normal_}), every
     * linear map and its bias uniform within {@code 1 / sqrt(inputs)} ({@code nn.Linear}), norm gains 1.
     */
    record XTransformers() implements Init {}

    // The four below draw the embedding and the weight of every linear map, the packed projection of queries, keys and
    // values being
    // one; biases and the position table are 0, norm gains 1. The bits are those of a program that makes all its
    // nn.Embedding and
    // nn.Linear and then draws them anew, in the same order.

    /** Normal with this standard deviation ({@code nn.init.normal_}), as in GPT-2. */
    record Normal(double std) implements Init {
        public Normal {
            Check.that(
                    std >= Float.MIN_NORMAL && std <= 1e6, "model.init.std (%s) must be more than 0, at most 1e6", std);
        }
    }

    /** Normal with variance {@code 2 / (inputs + outputs)} ({@code nn.init.xavier_normal_}). */
    record Xavier() implements Init {}

    /** Normal with variance {@code 2 / inputs} ({@code nn.init.kaiming_normal_}). */
    record Kaiming() implements Init {}

    /** Uniform within {@code 1 / sqrt(d_model)}. */
    record Uniform() implements Init {}

    enum AttentionOrder {
        /** TransformerLens since 2.0: W_Q, W_O, W_K, W_V. */
        Q_O_K_V,
        /** TransformerLens before: W_Q, W_K, W_V, W_O. */
        Q_K_V_O
    }
}
