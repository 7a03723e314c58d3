/**
 * What both kinds of pass share: what one is, what it works with, and where each map lies among the weights.
 *
 * <pre>{@code
 * pass.tally().clear();
 * pass.run(numbers, 0, numbers.length, 1.0 / numbers.length);
 * double loss = pass.tally().loss() / numbers.length;
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.fused.pass;
