/**
 * Looking into a trained model: what it attends to, at any checkpoint.
 *
 * <pre>{@code
 * try (var scope = new Scope()) {
 *     var opened = OpenedModel.of(store.read(run), checkpoint);
 *     List<AttentionPattern> patterns = AttentionPattern.of(opened, tokens);
 * }
 * }</pre>
 *
 * This room uses {@code config}, {@code tensor}, {@code task}, {@code hook}, {@code model} and {@code store}.
 */
@org.jspecify.annotations.NullMarked
package hooke.lens;
