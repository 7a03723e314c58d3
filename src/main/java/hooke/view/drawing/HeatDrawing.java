package hooke.view.drawing;

import hooke.Decimals;
import hooke.view.Palette;
import hooke.view.plot.HeatMap;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Paint;
import java.awt.geom.Rectangle2D;
import java.util.Arrays;
import java.util.List;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.annotations.XYLineAnnotation;
import org.jfree.chart.annotations.XYTextAnnotation;
import org.jfree.chart.axis.AxisLocation;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTickUnit;
import org.jfree.chart.axis.SymbolAxis;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.PaintScale;
import org.jfree.chart.renderer.xy.XYBlockRenderer;
import org.jfree.chart.title.PaintScaleLegend;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.data.xy.DefaultXYZDataset;

/** A heat map as a picture: rows downwards, values in the cells where they fit, a stroke through cells without a value. */
final class HeatDrawing {
    private final HeatMap map;
    private final String address;

    HeatDrawing(HeatMap map, String address) {
        this.map = map;
        this.address = address;
    }

    /** Room for square cells, the labels and the colour bar. */
    static Dimension size(HeatMap map) {
        double cell = cell(map);
        int label = map.rows().stream().mapToInt(String::length).max().orElse(0) * 8;
        return new Dimension(
                Math.max(360, (int) (map.columns().size() * cell) + label + 170),
                (int) (map.rows().size() * cell) + 150);
    }

    private static double cell(HeatMap map) {
        return Math.clamp(
                600.0 / Math.max(1, Math.max(map.rows().size(), map.columns().size())), 2, 56);
    }

    void draw(Graphics2D g) {
        int n = map.rows().size() * map.columns().size();
        double[][] cells = new double[3][n];
        var scale =
                new Colours(map.low(), map.high(), map.diverges() ? Palette.LIGHT.diverging() : Palette.LIGHT.heat());
        var renderer = new XYBlockRenderer();
        renderer.setPaintScale(scale);
        var data = new DefaultXYZDataset();
        var plot = new XYPlot(data, axis(map.columnAxis(), map.columns()), axis(map.rowAxis(), map.rows()), renderer);
        int filled = 0;
        for (int row = 0; row < map.rows().size(); row++) {
            for (int column = 0; column < map.columns().size(); column++) {
                double value = map.values()[row][column];
                if (Double.isNaN(value)) {
                    renderer.addAnnotation(stroke(row, column), Layer.BACKGROUND);
                    continue;
                }
                cells[0][filled] = column;
                cells[1][filled] = row;
                cells[2][filled++] = value;
                if (cell(map) >= 32) {
                    plot.addAnnotation(label(row, column, value, scale));
                }
            }
        }
        for (int i = 0; i < 3; i++) {
            cells[i] = Arrays.copyOf(cells[i], filled);
        }
        data.addSeries(map.title(), cells);
        plot.getRangeAxis().setInverted(true);
        plot.setDomainAxisLocation(AxisLocation.TOP_OR_LEFT);
        JFreeChart chart = Drawings.chart(plot, map.title(), address);
        plot.setDomainGridlinesVisible(false);
        plot.setRangeGridlinesVisible(false);
        chart.addSubtitle(bar(scale));
        Dimension size = size(map);
        chart.draw(g, new Rectangle2D.Double(0, 0, size.width, size.height));
    }

    private static SymbolAxis axis(String name, List<String> labels) {
        var axis = new SymbolAxis(name, labels.toArray(String[]::new));
        axis.setRange(-0.5, Math.max(1, labels.size()) - 0.5);
        axis.setGridBandsVisible(false);
        axis.setAxisLineVisible(false);
        axis.setTickMarksVisible(false);
        axis.setLabelFont(Drawings.font(Font.PLAIN, 12));
        axis.setTickLabelFont(Drawings.font(Font.PLAIN, 12));
        axis.setLabelPaint(Color.decode(Palette.LIGHT.muted()));
        axis.setTickLabelPaint(Color.decode(Palette.LIGHT.ink()));
        return axis;
    }

    private static XYLineAnnotation stroke(int row, int column) {
        return new XYLineAnnotation(
                column - 0.5,
                row + 0.5,
                column + 0.5,
                row - 0.5,
                new BasicStroke(1),
                Color.decode(Palette.LIGHT.line()));
    }

    private XYTextAnnotation label(int row, int column, double value, Colours scale) {
        var label = new XYTextAnnotation(Decimals.format(map.high() > 10 ? "%,.0f" : "%.2f", value), column, row);
        int rgb = scale.rgb(value);
        double light = (rgb >> 16 & 255) * 0.3 + (rgb >> 8 & 255) * 0.59 + (rgb & 255) * 0.11;
        label.setPaint(light < 140 ? Color.WHITE : Color.decode(Palette.LIGHT.ink()));
        label.setFont(Drawings.font(Font.PLAIN, 12));
        return label;
    }

    private static PaintScaleLegend bar(Colours scale) {
        var axis = new NumberAxis();
        axis.setTickLabelFont(Drawings.font(Font.PLAIN, 11));
        axis.setTickLabelPaint(Color.decode(Palette.LIGHT.muted()));
        axis.setAxisLineVisible(false);
        axis.setTickUnit(new NumberTickUnit((scale.high() - scale.low()) / 4));
        var bar = new PaintScaleLegend(scale, axis);
        bar.setPosition(RectangleEdge.RIGHT);
        bar.setMargin(new RectangleInsets(50, 14, 10, 0));
        bar.setStripWidth(12);
        bar.setStripOutlineVisible(false);
        bar.setSubdivisionCount(64);
        return bar;
    }

    /** A ramp between two values. */
    private record Colours(double low, double high, List<String> ramp) implements PaintScale {
        int rgb(double value) {
            return Palette.mix(ramp, (value - low) / (high - low));
        }

        @Override
        public double getLowerBound() {
            return low;
        }

        @Override
        public double getUpperBound() {
            return high;
        }

        @Override
        public Paint getPaint(double value) {
            return new Color(rgb(value));
        }
    }
}
