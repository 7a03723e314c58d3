/**
 * Runs in the files of Weights &amp; Biases, written by its own package in offline mode: the format is nobody else's to write.
 *
 * <pre>{@code
 * Path run = new WandbExport("python3").write(tracked, folder);          // for `wandb sync`
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.track.wandb;
