/**
 * Plots for print: each kind of {@link hooke.view.plot.Plot} drawn as the page's scripts draw it, as SVG or PNG.
 *
 * <pre>{@code
 * new Picture(plot, "quick-grok/0").writeSvg(Path.of("loss.svg"));
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hooke.view.drawing;
