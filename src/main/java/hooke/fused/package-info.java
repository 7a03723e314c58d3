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
 * training, which; a pass of chamber {@code rows} computes each of them once. Models so narrow that a row would not fill a vector are the
 * other way round: a pass of {@code columns} computes every example for itself, with the examples side by side. Both share what lies in
 * {@code pass}; weights, loops and products lie in {@code kernels}. Start with {@link hooke.fused.pass.Pass#run}.
 *
 * <p>Sequences of any length are another matter: {@code context} trains on them, {@code decode} writes them. All change their weights by
 * {@code updates}. The room lies below {@code train}, whose engines wrap it, and knows nothing of runs, steps or evaluation. This room uses
 * {@code config}, {@code tensor}, {@code task} and {@code reach}.
 */
@org.jspecify.annotations.NullMarked
package hooke.fused;
