/**
 * What people look at. A {@link hooke.view.plot.Plot} is data; a page draws it with its own scripts, zoomable to every point, and
 * {@link hooke.view.drawing.Picture} draws the same for print.
 *
 * <pre>{@code
 * RunReport report = StoredRun.report(reader, List.of());
 * RunPage.of(report).write(Path.of("report.html"));                           // one file, opens by double click
 * for (CurvePlot plot : report.plots()) {
 *     new Picture(plot, report.address()).writeSvg(Path.of(plot.title() + ".svg"));
 * }
 * }</pre>
 *
 * A page is made of parts that every report shares: the shell ({@link hooke.view.page.Page}), text escaped by construction
 * ({@link hooke.view.page.Html}), {@link hooke.view.page.Table}s and figures. Only this room knows HTML. This room uses {@code config},
 * {@code stats}, {@code store}, {@code sweep} and {@code lens}.
 */
@org.jspecify.annotations.NullMarked
package hooke.view;
