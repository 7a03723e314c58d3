/**
 * Series of numbers by step, every point of them: written in pieces while a run trains, packed when it ends.
 *
 * <pre>{@code
 * Series loss = reader.series("train_loss");
 * Series curve = reader.thinned("train_loss", 800);                       // what a picture needs, least and largest kept
 * }</pre>
 *
 * A pyramid of least and largest values lies over each packed series, so that a curve of a million points is drawn by reading a few.
 */
@org.jspecify.annotations.NullMarked
package hooke.store.series;
