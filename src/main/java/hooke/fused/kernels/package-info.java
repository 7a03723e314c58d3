/**
 * Weights in flat arrays and the loops over them, each in plain Java and in vectors.
 *
 * <pre>{@code
 * Kernel kernel = Kernel.best();
 * FlatWeights flat = new FlatWeights(config);
 * flat.read(weights);
 * Products products = new Products(kernel.smallProduct(), null, null);
 * kernel.kernels().add(flat.gradients(), 0, flat.gradients(), 0, flat.trainable());
 * }</pre>
 *
 * The idea: {@link hooke.fused.kernels.Kernels} are the loops over rows, {@link hooke.fused.kernels.ColumnKernels} those over examples
 * side by side; {@link hooke.fused.kernels.Products} sends a matrix product to the library or to a loop that is faster for small ones.
 */
@org.jspecify.annotations.NullMarked
package hooke.fused.kernels;
