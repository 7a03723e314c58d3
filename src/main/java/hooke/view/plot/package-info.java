/**
 * What is to be seen, as data: curves, bands, bars, points, heat maps and axes side by side.
 *
 * <pre>{@code
 * Curve curve = new Curve("loss", new double[] {0, 100, 200}, new double[] {4.7, 1.2, 0.1});
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.view.plot;
