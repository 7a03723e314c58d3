/**
 * Where in a model the answer is, and which component writes it.
 *
 * <pre>{@code
 * LogitLens lens = LogitLens.of(opened, examples);
 * DirectAttribution direct = DirectAttribution.of(opened, examples);
 * }</pre>
 *
 * The key idea: the residual stream is a sum ({@link hooke.lens.logits.ResidualStack}), and the unembedding is linear once the last norm's
 * scale is taken as it is.
 */
@org.jspecify.annotations.NullMarked
package hooke.lens.logits;
