/**
 * The training of what a sweep has not done yet: worker processes, the order of the runs, what gives up early, and how long it will take.
 *
 * <pre>{@code
 * new Crew(store.folder(), provenance, command, 4, () -> false, watcher).train(sweep, jobs, IO::println);
 * }</pre>
 *
 * A worker owns the run that it trains by an operating-system lock on its folder; {@link hooke.sweep.work.Crew} starts another where one
 * dies. Nothing that a worker says decides a result: results are read from the store.
 */
@org.jspecify.annotations.NullMarked
package hooke.sweep.work;
