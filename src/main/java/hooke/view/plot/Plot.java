package hooke.view.plot;

import hooke.view.drawing.Picture;
import hooke.view.page.Figure;

/**
 * What is to be seen, as data: drawn by the page's scripts ({@link Figure}) and, for print, by {@link Picture}.
 */
public sealed interface Plot permits BandPlot, BarPlot, CurvePlot, HeatMap, ParallelPlot, PointPlot {
    String title();
}
