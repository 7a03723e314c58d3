package hooke.view.drawing;

import hooke.view.Palette;
import hooke.view.plot.ParallelPlot;
import hooke.view.plot.ParallelPlot.Dimension;
import hooke.view.plot.Scale;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.List;

/** Parallel coordinates as a picture. */
final class ParallelDrawing {
    static final java.awt.Dimension SIZE = new java.awt.Dimension(1000, 480);

    private static final double TOP = 132;
    private static final double BOTTOM = SIZE.height - 24.0;

    private final ParallelPlot plot;
    private final String address;

    ParallelDrawing(ParallelPlot plot, String address) {
        this.plot = plot;
        this.address = address;
    }

    void draw(Graphics2D g) {
        g.setColor(Color.decode(Palette.LIGHT.paper()));
        g.fillRect(0, 0, SIZE.width, SIZE.height);
        Drawings.title(g, plot.title(), address, 18);
        int alpha = Math.clamp(60 * 255L / Math.max(1, plot.lines().size()), 70, 230);
        g.setStroke(new BasicStroke(1.3f));
        for (ParallelPlot.Line line : plot.lines()) {
            double at = plot.axes().get(plot.colour()).share(line.values().get(plot.colour()));
            int rgb = Double.isNaN(at)
                    ? Palette.rgb(Palette.LIGHT.muted())
                    : at > 1 ? Palette.rgb(Palette.LIGHT.never()) : Palette.mix(Palette.LIGHT.lines(), at);
            g.setColor(new Color(rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255, alpha));
            g.draw(path(line));
        }
        for (int k = 0; k < plot.axes().size(); k++) {
            axis(g, k);
        }
    }

    private double x(int axis) {
        int last = plot.axes().size() - 1;
        return last == 0 ? SIZE.width / 2.0 : 40 + (SIZE.width - 130.0) * axis / last;
    }

    private static double y(Dimension axis, double value) {
        return BOTTOM - axis.share(value) * (BOTTOM - TOP);
    }

    private Path2D path(ParallelPlot.Line line) {
        var path = new Path2D.Double();
        boolean pen = false;
        for (int k = 0; k < plot.axes().size(); k++) {
            double y = y(plot.axes().get(k), line.values().get(k));
            if (Double.isNaN(y)) {
                pen = false;
            } else if (pen) {
                path.lineTo(x(k), y);
            } else {
                path.moveTo(x(k), y);
                pen = true;
            }
        }
        return path;
    }

    private void axis(Graphics2D g, int k) {
        Dimension axis = plot.axes().get(k);
        int axisIndex = k;
        g.setStroke(new BasicStroke(1));
        g.setColor(Color.decode(Palette.LIGHT.muted()));
        g.draw(new Line2D.Double(x(k), TOP, x(k), BOTTOM));
        g.setFont(Drawings.font(Font.BOLD, 12));
        double end = k == 0 ? 0 : k == plot.axes().size() - 1 ? 1 : 0.5;
        double at = k == 0 ? 14 : end == 1 ? SIZE.width - 14 : x(k);
        Drawings.text(g, axis.label(), at, k % 2 == 0 ? TOP - 62 : TOP - 46, end, Palette.LIGHT.ink());
        g.setFont(Drawings.font(Font.PLAIN, 12));
        if (!axis.names().isEmpty()) {
            int skip = (int) Math.ceil(axis.names().size() * 15 / (BOTTOM - TOP));
            for (int i = 0; i < axis.names().size(); i += skip) {
                label(g, axis.names().get(i), x(k), y(axis, i), Palette.LIGHT.muted());
            }
            return;
        }
        List<Ticks.Tick> ticks = axis.low() == axis.high()
                ? List.of(new Ticks.Tick(axis.low(), axis.only()))
                : Ticks.of(axis.log() ? Scale.LOG : Scale.LINEAR, axis.format(), axis.low(), axis.high(), 5);
        for (Ticks.Tick tick : ticks) {
            double y = y(axis, tick.value());
            if (!tick.label().isEmpty() && y <= BOTTOM + 1 && y >= TOP - 1) {
                label(g, tick.label(), x(k), y, Palette.LIGHT.muted());
            }
        }
        if (plot.lines().stream().anyMatch(l -> Double.isInfinite(l.values().get(axisIndex)))) {
            label(g, "not reached", x(k), y(axis, Double.POSITIVE_INFINITY), Palette.LIGHT.never());
        }
    }

    private static void label(Graphics2D g, String text, double x, double y, String colour) {
        double width = g.getFontMetrics().stringWidth(text);
        double left = Math.min(x + 6, SIZE.width - width - 4);
        g.setColor(new Color(255, 255, 255, 190));
        g.fill(new java.awt.geom.Rectangle2D.Double(left - 2, y - 8, width + 4, 16));
        Drawings.text(g, text, left, y + 4, 0, colour);
    }
}
