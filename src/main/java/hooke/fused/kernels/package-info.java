/**
 * Weights in flat arrays and the loops over them, each in plain Java and in vectors.
 *
 * <pre>{@code
 * FlatWeights flat = new FlatWeights(config);
 * flat.read(weights);
 * FlatWeights.Place place = flat.place("blocks.0.mlp.W_in");
 * Mat w = new Mat(flat.values(), place.offset(), place.rowStride());
 * Mat x = Mat.zeros(512, FlatWeights.wide(place.rows()));
 * Mat y = Mat.zeros(512, w.stride());
 * new Products(Kernel.best().smallProduct(), null, null).product(512, place.columns(), place.rows(), x, w, y, false);   // y = x W
 * }</pre>
 *
 * The idea: a matrix is a {@link hooke.fused.kernels.Mat}, a part of an array. {@link hooke.fused.kernels.Kernels} are the loops over
 * rows, {@link hooke.fused.kernels.ColumnKernels} those over examples side by side; {@link hooke.fused.kernels.Products} sends a matrix
 * product to the library or to a loop that is faster for small ones. What few callers need has a file of its own, with its formula and both
 * implementations ({@link hooke.fused.kernels.GatedUnits}, {@link hooke.fused.kernels.RootMeanSquare}); what every pass needs it is handed
 * as one object.
 *
 * <p>What is called for one row, one panel or one vector of columns at a time (norms, mixtures, activations while a row is in the cache)
 * takes an array and a place: a Mat made for each row costs a norm of 16 numbers 2 of 20 ns, where one for each product costs nothing that
 * can be measured.
 */
@org.jspecify.annotations.NullMarked
package hooke.fused.kernels;
