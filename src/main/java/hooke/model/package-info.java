/**
 * The decoder transformer: embedding, attention, MLP, norm, unembedding, and the weights they read.
 *
 * <pre>{@code
 * Weights weights = Weights.draw(config, DType.F32, Device.CPU, rng);
 * Transformer model = new Transformer(weights);
 * Tensor logits = model.forward(tokens, Hooks.NONE);    // [batch, pos, d_vocab_out]
 * }</pre>
 *
 * Start with {@link hooke.model.Transformer#forward}. What nobody reads is not computed: a {@link hooke.model.Plan} walks back from the
 * positions that are read, and finds the rows that many examples share. This room uses {@code config}, {@code tensor} and {@code hook}.
 */
@org.jspecify.annotations.NullMarked
package hooke.model;
