/**
 * Training of transformers on sequences of any length, forward and backward written out, on the cores of a CPU.
 *
 * <pre>{@code
 * try (var model = new ContextModel(config, new ContextModel.Options(2, null, false, false, Kernel.best()), weights)) {
 *     FlatUpdates updates = model.updates(FlatUpdates.Recipe.of(train));
 *     model.clearGradients();
 *     double loss = model.differentiate(sequences, 1).loss();
 *     updates.update(step, train.rateFactor(step));
 * }
 * }</pre>
 *
 * The idea: rows of the residual stream are computed tile by tile, so that what one step leaves is in the cache when the next reads it;
 * {@link hooke.fused.context.HeadAttention} takes some queries against the keys that they see at a time, and never makes a matrix of all;
 * {@link hooke.fused.context.ContextLoss} some rows of logits. Products go to a {@link hooke.fused.kernels.Gemm}, oneDNN's where it is, of
 * what lies in {@link hooke.fused.context.FactorRows}, floats or bfloat16, and so in segments where elsewhere it is a {@link
 * hooke.fused.kernels.Mat}. {@link hooke.fused.context.Workers} share tasks that do not see
 * who does them. Start with {@link hooke.fused.context.ContextModel#differentiate}.
 */
@org.jspecify.annotations.NullMarked
package hooke.fused.context;
