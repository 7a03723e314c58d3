/**
 * Runs in one file that another store can take in.
 *
 * <pre>{@code
 * Archive.write(Path.of("runs.zip"), store, store.runs(), Archive.Checkpoints.LAST, null, List.of());
 * }</pre>
 *
 * An archive is looked at as a whole before anything is added, and adds all of it or nothing.
 */
@org.jspecify.annotations.NullMarked
package hooke.store.archive;
