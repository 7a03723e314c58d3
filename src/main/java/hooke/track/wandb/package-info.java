/**
 * Runs in the files of Weights &amp; Biases, written by its own package in offline mode: the format is nobody else's to write.
 *
 * <pre>{@code
 * List<Path> folders = new WandbExport("python3").write(List.of(tracked), Path.of("tracked"));     // for `wandb sync`
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.track.wandb;
