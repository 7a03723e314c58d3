/**
 * The loop: batches in, updates, evaluations and checkpoints out, and an outcome at the end.
 *
 * <pre>{@code
 * try (var training = Training.begin(experiment)) {
 *     Trainer.Result result = Trainer.train(training, new Recording());
 *     training.model().forward(tokens, Hooks.NONE);
 * }
 * }</pre>
 *
 * Everything that chance decides comes from the experiment's seeds, and the only state is the weights, the optimizer's moments and the
 * number of updates. What computes is an {@link hooke.train.Engine}, which differentiates a batch and updates by its gradients: libtorch,
 * the reference, or {@code fused}. This room uses {@code config}, {@code tensor}, {@code task}, {@code hook}, {@code model}, {@code fused} and {@code store}.
 */
@org.jspecify.annotations.NullMarked
package hooke.train;
