/**
 * The decoder transformer: embedding, attention, MLP, norm, unembedding, and the weights they read.
 *
 * <pre>{@code
 * Weights weights = Weights.draw(config, DType.F32, Device.CPU, rng);
 * Transformer model = new Transformer(weights);
 * Tensor logits = model.forward(tokens, Hooks.NONE);    // [batch, pos, d_vocab_out]
 * }</pre>
 *
 * Start with {@link hooke.model.Transformer#forward}, then a block, two lines. What nobody reads is not computed: a {@link
 * hooke.model.Plan} keeps the positions that {@link hooke.reach.Reach} finds. How queries mix values is a choice of its own inside attention:
 * over few keys, over many, or, where values are only looked at, by the states that examples share. This room uses {@code config}, {@code
 * tensor}, {@code reach} and {@code hook}.
 */
@org.jspecify.annotations.NullMarked
package hooke.model;
