/**
 * Where a model looks: one example's patterns, and their means over many.
 *
 * <pre>{@code
 * MeanAttention mean = MeanAttention.of(opened, examples, new int[] {3, 4}, new int[] {0, 1});
 * double leak = mean.heads().getFirst().leak();                           // attention from those positions to these
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.lens.attention;
