/**
 * What changes weights that lie in plain arrays by their gradients: clipping, gradient filter, optimizer.
 *
 * <pre>{@code
 * try (var model = new ContextModel(config, new ContextModel.Options(2, null, false, false, Kernel.best()), weights)) {
 *     FlatUpdates updates = model.updates(FlatUpdates.Recipe.of(train));
 *     for (long done = 0; done < train.steps(); done++) {
 *         model.clearGradients();
 *         model.differentiate(sequences, 1);
 *         updates.update(done, train.rateFactor(done));
 *     }
 * }
 * }</pre>
 *
 * An optimizer is one {@link hooke.fused.updates.FlatRule}, which sees neighbouring numbers and not the model. Its loops are plain: the
 * JVM makes vectors of them. Nothing may become subnormal, since arithmetic on such numbers is many times slower and the JVM cannot flush
 * them: {@link hooke.fused.updates.FlatRule#flushed}. This chamber uses {@code config}, {@code tensor} and the kernels.
 */
@org.jspecify.annotations.NullMarked
package hooke.fused.updates;
