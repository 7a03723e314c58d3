/**
 * What lies beside the database: the folder of a run, its checkpoints, and the lock of whoever trains it.
 *
 * <pre>{@code
 * Optional<String> fault = checkpoint.weights().fault();                  // its SHA-256 is the recorded one, or a sentence
 * }</pre>
 *
 * A file gets its name once it is whole and synced, and exists for others once the database knows it. The lock is the operating system's, so
 * that death frees it.
 */
@org.jspecify.annotations.NullMarked
package hooke.store.files;
