/**
 * What need not be computed, found before anything is: positions that nothing reads, and examples that are in the same state.
 *
 * <pre>{@code
 * int[] read = {2};                                       // the positions of the answers
 * Reach reach = Reach.of(config, read, tokens[0].length); // queries and keys of each layer that can matter to what is read
 * States states = States.of(reach, read, tokens);         // which examples have the same residual stream where
 * }</pre>
 *
 * Both are exact, whatever the weights: {@code model} takes its passes from them, {@code fused} its rows. {@link hooke.reach.Tiles} cuts
 * what a sparse mask leaves open into small dense pieces. This room uses {@code config}.
 */
@org.jspecify.annotations.NullMarked
package hooke.reach;
