/**
 * Sweeps: many experiments that differ in a few settings, each from several seeds.
 *
 * <pre>{@code
 * Sweep sweep = Sweeps.read(Path.of("experiments/list-copy-grid.yaml"), Path.of("experiments"), Sweeps.Options.NONE);
 * try (Store store = Store.openReadOnly(Path.of("runs"))) {
 *     for (CellResults row : SweepResults.read(store, sweep).cells()) {
 *         row.cell().label();                                     // d128_3L_noLN_Bias_uWV_uWO
 *         row.runs().getFirst().end();                            // when it memorized and grokked; empty while not done
 *     }
 * }
 * }</pre>
 *
 * The row of every table is a {@link hooke.sweep.Cell}, an experiment less its seed; a sweep is a set of runs known by their hashes, so
 * that doing it again does what is missing, and runs that another sweep or {@code hooke run} has done are done here, too. The chambers:
 * {@code axes} (the ways in which cells differ), {@code file} (what sweep files say), {@code work} (the training of what is missing), {@code
 * share} (finished runs on their way between machines) and {@code measures} (what came out, over cells and seeds). This room uses {@code
 * config}, {@code place}, {@code stats}, {@code task}, {@code store} and {@code train}.
 */
@org.jspecify.annotations.NullMarked
package hooke.sweep;
