/**
 * A pass that computes each state of the residual stream once, however many examples are in it.
 *
 * <pre>{@code
 * States states = States.of(reach, positions, tokens);
 * Pass pass = new RowPass(parts, Readers.of(parts), states, tokens, answers, train.lossDtype(), 512);
 * pass.run(numbers, 0, numbers.length, 1.0 / numbers.length);
 * }</pre>
 *
 * The idea: {@link hooke.fused.rows.StateRows} lists the rows of a batch, the {@link hooke.fused.rows.RowLayer}s and the {@link
 * hooke.fused.rows.Tail} send them forward and back. Where attention's scores repeat, {@link hooke.fused.rows.AttentionTables} hold
 * them; where an MLP reads the last layer, {@link hooke.fused.rows.Readers} multiply its weights into those before.
 */
@org.jspecify.annotations.NullMarked
package hooke.fused.rows;
