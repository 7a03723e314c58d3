package hooke.view.drawing;

import hooke.view.PageNumbers;
import hooke.view.Palette;
import hooke.view.plot.Curve;
import hooke.view.plot.CurvePlot;
import hooke.view.plot.Pen;
import hooke.view.plot.Scale;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.awt.geom.RoundRectangle2D;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jfree.chart.ChartRenderingInfo;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.DefaultXYDataset;

/** A curve plot as a picture: thinned lines, a legend, the markers as flags above. */
final class CurveDrawing {
    static final Dimension SIZE = new Dimension(900, 500);

    /** Columns that a curve is thinned to: as fine as the sharpest picture shows. */
    private static final int COLUMNS = SIZE.width * 3;

    private static final int LANE = 18;
    private static final Font FLAG = Drawings.font(Font.PLAIN, 11);

    private final CurvePlot plot;
    private final String address;
    private final Scale xScale;
    private final Scale yScale;

    CurveDrawing(CurvePlot plot, String address) {
        this.plot = plot;
        this.address = address;
        this.xScale = plot.x().scales().getFirst();
        this.yScale = plot.y().scales().getFirst();
    }

    void draw(Graphics2D g) {
        double[] x = xPlaces();
        double[] y = yPlaces();
        var renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setDrawSeriesLineAsPath(true);
        var data = new DefaultXYDataset();
        for (int i = 0; i < plot.curves().size(); i++) {
            Curve curve = plot.curves().get(i);
            data.addSeries(curve.name(), points(curve, x, y));
            Pen pen = plot.pens().get(i);
            renderer.setSeriesPaint(i, colour(pen));
            renderer.setSeriesStroke(i, stroke(pen));
            renderer.setSeriesShape(i, new Ellipse2D.Double(-2.5, -2.5, 5, 5));
            renderer.setSeriesShapesVisible(i, curve.x().length < 100);
        }
        renderer.setLegendLine(new Line2D.Double(-10, 0, 10, 0));
        var xy = new XYPlot(data, new ScaledAxis(plot.x(), x[0], x[1]), new ScaledAxis(plot.y(), y[0], y[1]), renderer);
        JFreeChart chart = Drawings.chart(xy, plot.title(), address);
        chart.addSubtitle(legend(xy));
        // where the flags will stand is known only after the axes are laid out; a first guess of the plot's sides gives
        // their lanes
        g.setFont(FLAG);
        int lanes = flags(g.getFontMetrics(), x, 70, SIZE.width - 40).stream()
                .mapToInt(f -> f.lane + 1)
                .max()
                .orElse(0);
        xy.setInsets(new RectangleInsets(6 + LANE * lanes, 0, 0, 0));
        var info = new ChartRenderingInfo();
        chart.draw(g, new Rectangle2D.Double(0, 0, SIZE.width, SIZE.height), info);
        Rectangle2D area = info.getPlotInfo().getDataArea();
        g.setFont(FLAG);
        drawFlags(g, flags(g.getFontMetrics(), x, area.getMinX(), area.getMaxX()), area);
    }

    private static Color colour(Pen pen) {
        return Color.decode(Palette.LIGHT.curves().get(pen.colour()));
    }

    private static BasicStroke stroke(Pen pen) {
        return pen.dash() == 0
                ? new BasicStroke(1.6f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
                : new BasicStroke(1.6f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, pen.pattern(), 0);
    }

    private static LegendTitle legend(XYPlot xy) {
        var legend = new LegendTitle(xy);
        legend.setPosition(RectangleEdge.TOP);
        legend.setHorizontalAlignment(HorizontalAlignment.LEFT);
        legend.setItemFont(Drawings.font(Font.PLAIN, 12));
        legend.setItemPaint(Color.decode(Palette.LIGHT.ink()));
        legend.setFrame(BlockBorder.NONE);
        legend.setMargin(2, 0, 2, 0);
        return legend;
    }

    private double[] xPlaces() {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        for (Curve curve : plot.curves()) {
            if (curve.x().length > 0) {
                low = Math.min(low, curve.x()[0]);
                high = Math.max(high, curve.x()[curve.x().length - 1]);
            }
        }
        if (low > high) {
            return new double[] {0, 1};
        }
        double from = xScale.place(low);
        double to = xScale.place(high);
        double air = low == high ? 0.5 : (to - from) * 0.006; // so that the dots of the first and last point are whole
        return new double[] {from - air, to + air};
    }

    /** The axis' own range, or what fits all points, with a little air: the rule of {@code yPlaces} in draw.js. */
    private double[] yPlaces() {
        double low = Double.POSITIVE_INFINITY;
        double high = Double.NEGATIVE_INFINITY;
        boolean linear = yScale == Scale.LINEAR;
        if (!plot.y().range().isEmpty() && (linear || plot.y().range().get(0) > 0)) {
            low = plot.y().range().get(0);
            high = plot.y().range().get(1);
        } else {
            for (Curve curve : plot.curves()) {
                for (double v : curve.y()) {
                    if (Double.isFinite(v) && (linear || v > 0)) {
                        low = Math.min(low, v);
                        high = Math.max(high, v);
                    }
                }
            }
        }
        if (low > high) {
            low = linear ? 0 : 0.1;
            high = 1;
        } else if (low == high) {
            double around = low == 0 ? 1 : Math.abs(low);
            low = linear ? low - around * 0.1 : low / 2;
            high = linear ? high + around * 0.1 : high * 2;
        }
        boolean fromZero = linear && low >= 0 && low < 0.3 * high;
        double bottom = yScale.place(fromZero ? 0 : low);
        double top = yScale.place(high);
        double air = (top - bottom) * 0.04;
        return new double[] {fromZero && plot.y().range().isEmpty() ? bottom : bottom - air, top + air};
    }

    /** Places of the points to draw; what a logarithm cannot show lies on the lower edge, what is not finite is a gap. */
    private double[][] points(Curve curve, double[] x, double[] y) {
        int[] columns = new int[curve.x().length];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = (int) ((xScale.place(curve.x()[i]) - x[0]) / (x[1] - x[0]) * COLUMNS);
        }
        int[] kept = Thinning.thin(columns, curve.y());
        double[][] points = new double[2][kept.length];
        for (int k = 0; k < kept.length; k++) {
            double value = curve.y()[kept[k]];
            points[0][k] = xScale.place(curve.x()[kept[k]]);
            points[1][k] = Double.isFinite(value) ? Math.max(y[0], yScale.place(value)) : Double.NaN;
        }
        return points;
    }

    /** A label over one marker, or over several of one kind that would touch. */
    private record Flag(String text, CurvePlot.Marker first, List<Double> lines, double left, double width, int lane) {
        CurvePlot.Tone tone() {
            return first.tone();
        }

        /** The curve's own colour, or that of what happened. */
        Color ink() {
            return first.pen().map(CurveDrawing::colour).orElseGet(() -> CurveDrawing.ink(first.tone()));
        }

        boolean touches(double otherLeft, double otherWidth) {
            return left + width + 4 > otherLeft && otherLeft + otherWidth + 4 > left;
        }
    }

    /** Milestones first, which gives them the lowest lanes. */
    private List<Flag> flags(FontMetrics metrics, double[] x, double minX, double maxX) {
        record Group(CurvePlot.Marker first, List<Double> lines) {}
        var groups = new ArrayList<Group>();
        for (CurvePlot.Marker marker : plot.markers().stream()
                .sorted(Comparator.comparingDouble(CurvePlot.Marker::x))
                .toList()) {
            double at = minX + (xScale.place(marker.x()) - x[0]) / (x[1] - x[0]) * (maxX - minX);
            groups.stream()
                    .filter(group -> group.first().label().equals(marker.label())
                            && group.first().pen().equals(marker.pen())
                            && at - group.lines().getLast() < 60)
                    .findFirst()
                    .orElseGet(() -> {
                        var group = new Group(marker, new ArrayList<>());
                        groups.add(group);
                        return group;
                    })
                    .lines()
                    .add(at);
        }
        groups.sort(Comparator.comparing(group -> group.first().tone() == CurvePlot.Tone.QUIET));
        var flags = new ArrayList<Flag>();
        for (Group group : groups) {
            String text = group.first().label()
                    + (group.lines().size() > 1
                            ? " ×" + group.lines().size()
                            : " " + PageNumbers.decimals(group.first().x(), 1));
            double width = metrics.stringWidth(text) + 12;
            double left = Math.max(minX, Math.min(group.lines().getFirst() - 1, maxX - width));
            int lane = 0;
            while (taken(flags, lane, left, width)) {
                lane++;
            }
            flags.add(new Flag(text, group.first(), group.lines(), left, width, lane));
        }
        return flags;
    }

    private static boolean taken(List<Flag> flags, int lane, double left, double width) {
        return flags.stream().anyMatch(f -> f.lane() == lane && f.touches(left, width));
    }

    private static void drawFlags(Graphics2D g, List<Flag> flags, Rectangle2D area) {
        for (Flag flag : flags) {
            g.setColor(flag.ink());
            float[] dash = flag.tone() == CurvePlot.Tone.QUIET ? new float[] {2, 4} : new float[] {5, 3};
            g.setStroke(new BasicStroke(1, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 10, dash, 0));
            for (double at : flag.lines()) {
                g.draw(new Line2D.Double(at, top(flag, area) + 8, at, area.getMaxY()));
            }
        }
        FontMetrics metrics = g.getFontMetrics(FLAG);
        for (Flag flag : flags) {
            boolean quiet = flag.tone() == CurvePlot.Tone.QUIET;
            double top = top(flag, area);
            g.setColor(quiet ? Color.decode(Palette.LIGHT.line()) : flag.ink());
            g.fill(new RoundRectangle2D.Double(flag.left(), top, flag.width(), LANE - 2, 6, 6));
            g.setColor(Color.decode(quiet ? Palette.LIGHT.ink() : Palette.LIGHT.paper()));
            double baseline = top + (LANE - 2 + metrics.getAscent() - metrics.getDescent()) / 2.0;
            g.drawString(flag.text(), (float) (flag.left() + 6), (float) baseline);
        }
    }

    private static double top(Flag flag, Rectangle2D area) {
        return area.getMinY() - LANE * (flag.lane() + 1);
    }

    private static Color ink(CurvePlot.Tone tone) {
        return Color.decode(
                switch (tone) {
                    case MILESTONE -> Palette.LIGHT.ink();
                    case QUIET -> Palette.LIGHT.muted();
                    case ALARM -> Palette.LIGHT.alarm();
                });
    }
}
