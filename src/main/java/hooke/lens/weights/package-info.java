/**
 * What a model can do, read off its weights alone, without an example.
 *
 * <pre>{@code
 * try (var scope = new Scope()) {
 *     double copies = new Circuits(model).fullOv(0, 1).copying();         // 1: what the head looks at comes out
 * }
 * }</pre>
 *
 * A head is two matrices of low rank, QK and OV (Elhage et al. 2021): {@link hooke.lens.weights.FactoredMatrix} never multiplies them out.
 * Weights are looked at as they are, or folded and centred by {@link hooke.lens.weights.ProcessedWeights}.
 */
@org.jspecify.annotations.NullMarked
package hooke.lens.weights;
