/**
 * Training of tiny transformers on a CPU with forward and backward written out, many times faster than through a tensor library.
 *
 * <pre>{@code
 * try (var model = new FusedModel(config, train, task, weights, batch, Kernel.best(), null)) {
 *     double loss = model.differentiate(numbers).loss();
 *     model.update(step);
 * }
 * }</pre>
 *
 * The idea: over a finite task most rows of most layers are the same for many examples. {@link hooke.reach.States} finds out, before
 * training, which; {@link hooke.fused.Rows} lists the rows of a batch; a {@link hooke.fused.RowPass} sends them through its {@link
 * hooke.fused.Layer}s and the {@link hooke.fused.Tail} and back. Models so narrow that a row would not fill a vector are the other way
 * round: a {@link hooke.fused.ColumnPass} computes every example for itself, with the examples side by side in {@link
 * hooke.fused.Columns}. Weights lie in {@link hooke.fused.FlatWeights}, the loops in {@link hooke.fused.Kernels} and {@link
 * hooke.fused.ColumnKernels}, the products in {@link hooke.fused.Products}. Start with {@link hooke.fused.Pass#run}.
 *
 * <p>This room uses {@code config}, {@code tensor}, {@code task} and {@code model}. It lies below {@code train}, whose engine wraps it,
 * and knows nothing of runs, steps or evaluation.
 */
@org.jspecify.annotations.NullMarked
package hooke.fused;
