/**
 * A pass for models so narrow that a row would not fill a vector: every example computed for itself, with the examples side by side.
 *
 * <pre>{@code
 * Pass pass = new ColumnPass(parts, Kernel.best().smallProduct(), reach, tokens, answers, 512);
 * pass.run(numbers, 0, numbers.length, 1.0 / numbers.length);
 * double loss = pass.tally().loss() / numbers.length;
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.fused.columns;
