/**
 * Sweep files: those of our own form, and those of Weights and Biases, which become ours before they are read.
 *
 * <pre>{@code
 * Sweep sweep = Sweeps.read(Path.of("sweep.yaml"), Path.of("experiments"), Sweeps.Options.NONE);
 * sweep.remarks();                                                // what a foreign file says and means nothing here
 * }</pre>
 *
 * The binder of experiments binds the keys of a sweep ({@link hooke.sweep.file.SweepKeys}, with their defaults in {@code sweep.yaml}). It
 * leaves {@code cells}, {@code grid} and {@code random} as they are written: below them stand paths of an experiment's settings, whose
 * values are bound with each cell. A foreign file is turned into ours before any of it is bound, key by key, since what one of its keys
 * means depends on others.
 */
@org.jspecify.annotations.NullMarked
package hooke.sweep.file;
