/**
 * Sweep files: those of our own form, and those of Weights and Biases, which become ours before they are read.
 *
 * <pre>{@code
 * Sweep sweep = Sweeps.read(Path.of("sweep.yaml"), Path.of("experiments"), Sweeps.Options.NONE);
 * sweep.remarks();                                                // what a foreign file says and means nothing here
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.sweep.file;
