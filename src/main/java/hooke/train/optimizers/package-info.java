/**
 * What changes weights by their gradients with libtorch's operations: the reference for {@code fused.updates}.
 *
 * <pre>{@code
 * Optimizer optimizer = Optimizer.of(train, model.weights());
 * optimizer.update(step);
 * }</pre>
 *
 * An optimizer is one {@link hooke.train.optimizers.Rule}, which sees neighbouring weights of the flat buffer in which all lie; Muon's
 * sees whole matrices. This chamber uses {@code config}, {@code tensor} and {@code model}.
 */
@org.jspecify.annotations.NullMarked
package hooke.train.optimizers;
