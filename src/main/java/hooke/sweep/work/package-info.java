/**
 * The training of what a sweep has not done yet: who trains where, the order of the runs, what gives up early, and how long it will take.
 *
 * <pre>{@code
 * try (Workplace four = new Processes(command, 4)) {
 *     new Scheduler(folder, provenance, four, () -> false, watcher).train(sweep);
 * }
 * }</pre>
 *
 * The {@link hooke.sweep.work.Scheduler} decides, a {@link hooke.sweep.work.Workplace} trains: processes of this machine, or a cluster whose
 * module is on the class path. A worker process owns the run that it trains by an operating-system lock on its folder. Nothing that a worker
 * says decides a result: results are read from the store.
 */
@org.jspecify.annotations.NullMarked
package hooke.sweep.work;
