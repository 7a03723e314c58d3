/**
 * The ways in which the cells of a sweep differ, and the cells that come of them.
 *
 * <pre>
 * grid:                                   # every combination
 *   model.n_layers: [1, 2]
 * random:                                 # with each of so many draws
 *   samples: 10
 *   train.optimizer.lr: {distribution: log-uniform, min: 1e-4, max: 1e-2}
 * constraints:                            # less what is left out
 *   - model.n_layers == 1 or train.optimizer.lr &lt; 0.001
 * </pre>
 *
 * The key idea: every axis is read before any cell is made, so that what a sweep would train is known, counted and refused as a whole; but
 * for cells that are proposed from results, see {@link hooke.sweep.Bayes}.
 */
@org.jspecify.annotations.NullMarked
package hooke.sweep.axes;
