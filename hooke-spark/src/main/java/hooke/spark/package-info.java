/**
 * A workplace on Apache Spark: the runs of a sweep are tasks of its executors.
 *
 * <pre>{@code
 * try (Workplace spark = Workplaces.open(asked).orElseThrow()) {           // --on spark://HOST:PORT or local[2]
 *     new Scheduler(store, provenance, spark, () -> false, watcher).train(sweep);
 * }
 * }</pre>
 *
 * An executor trains a run in a process and a store of its own ({@link hooke.spark.Slot}), and exchanges checkpoints and finished runs with
 * the user's store through a shared place ({@link hooke.spark.Exchange}); the driver hears how far it is through Spark's own messages
 * ({@link hooke.spark.Post}). Retrying is the scheduler's: it knows which run broke and how often, and tells the user; a task of Spark is
 * tried once.
 */
@org.jspecify.annotations.NullMarked
package hooke.spark;
