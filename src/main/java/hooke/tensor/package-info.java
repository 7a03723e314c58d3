/**
 * Tensors with a lifetime, random streams and files of tensors: the only room that knows libtorch.
 *
 * <pre>{@code
 * try (var scope = new Scope()) {
 *     Tensor weights = Tensor.zeros(DType.F32, 3, 4);
 *     Rng.stream(0, "weights").normal(weights, 0, 0.02);
 *     float[] values = weights.times(weights).sum(1).toFloats();   // [3]
 * }   // every tensor made inside is freed here
 * }</pre>
 *
 * A tensor belongs to the innermost {@link hooke.tensor.Scope} that its thread had open when it was made. It is freed with it, or moved
 * out by {@link hooke.tensor.Tensor#keepIn}. Nothing waits for the garbage collector. This room uses no other.
 */
@org.jspecify.annotations.NullMarked
package hooke.tensor;
