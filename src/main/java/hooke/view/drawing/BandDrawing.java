package hooke.view.drawing;

import hooke.view.Palette;
import hooke.view.plot.BandPlot;
import hooke.view.plot.Scale;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** A band plot as a picture: bands, lines or steps, marks of censored runs, and the numbers at risk below the axis. */
final class BandDrawing {
    private static final int WIDTH = 900;
    private static final int HEIGHT = 500;
    private static final int ROW = 17;
    private static final Font SMALL = Drawings.font(Font.PLAIN, 12);

    private final BandPlot plot;
    private final String address;
    private final Scale x;
    private final double[] xRange;

    BandDrawing(BandPlot plot, String address) {
        this.plot = plot;
        this.address = address;
        this.x = plot.x().scales().getFirst();
        double last = plot.ribbons().stream()
                .filter(r -> r.x().length > 0)
                .mapToDouble(r -> r.x()[r.x().length - 1])
                .max()
                .orElse(1);
        this.xRange = new double[] {x.place(0), x.place(Math.max(last, 1e-9))};
    }

    static Dimension size(BandPlot plot) {
        return new Dimension(WIDTH, HEIGHT + atRisk(plot));
    }

    private static int atRisk(BandPlot plot) {
        long rows = plot.ribbons().stream().filter(r -> r.until().length > 0).count();
        return rows == 0 ? 0 : (int) (rows + 1) * ROW + 6;
    }

    void draw(Graphics2D g) {
        Dimension size = size(plot);
        g.setColor(Color.decode(Palette.LIGHT.paper()));
        g.fillRect(0, 0, size.width, size.height);
        Drawings.title(g, plot.title(), address, 18);
        double legendBottom = legend(g, 62);
        var area = new Rectangle2D.Double(78, legendBottom + 12, WIDTH - 108, HEIGHT - legendBottom - 68);
        axes(g, area);
        g.setClip(new Rectangle2D.Double(area.x - 2, area.y - 3, area.width + 4, area.height + 6));
        for (int i = 0; i < plot.ribbons().size(); i++) {
            if (plot.ribbons().get(i).low().length > 0) {
                band(g, plot.ribbons().get(i), colour(plot.ribbons().get(i).group()), area);
            }
        }
        for (int i = plot.ribbons().size() - 1; i >= 0; i--) {
            line(g, plot.ribbons().get(i), colour(plot.ribbons().get(i).group()), area);
        }
        g.setClip(null);
        if (atRisk(plot) > 0) {
            risk(g, area);
        }
    }

    private Color colour(int group) {
        return Color.decode(plot.colours(Palette.LIGHT).get(group));
    }

    /** Names beside short lines, on as many rows as they need; returns the lower end. */
    private double legend(Graphics2D g, double top) {
        g.setFont(SMALL);
        FontMetrics metrics = g.getFontMetrics();
        double left = 18;
        double y = top;
        for (int i = 0; i < plot.groups().size(); i++) {
            String name = plot.groups().get(i);
            double width = metrics.stringWidth(name) + 44;
            if (left + width > WIDTH - 18 && left > 18) {
                left = 18;
                y += 18;
            }
            g.setColor(colour(i));
            g.setStroke(new BasicStroke(2.5f));
            g.draw(new Line2D.Double(left, y, left + 20, y));
            g.setColor(Color.decode(Palette.LIGHT.ink()));
            g.drawString(name, (float) left + 26, (float) y + 4);
            left += width;
        }
        return y + 6;
    }

    private double px(double value, Rectangle2D area) {
        return area.getX() + (x.place(value) - xRange[0]) / (xRange[1] - xRange[0]) * area.getWidth();
    }

    /** Band plots show shares: the axis' own range, from below. */
    private double py(double value, Rectangle2D area) {
        List<Double> range = plot.y().range();
        double low = range.isEmpty() ? 0 : range.get(0);
        double high = range.isEmpty() ? 1 : range.get(1);
        return area.getMaxY() - (value - low) / (high - low) * area.getHeight();
    }

    private List<Ticks.Tick> xTicks() {
        return Ticks.of(x, plot.x().format(), x.value(xRange[0]), x.value(xRange[1]), 9);
    }

    private void axes(Graphics2D g, Rectangle2D area) {
        g.setFont(SMALL);
        g.setStroke(new BasicStroke(1));
        List<Double> range = plot.y().range();
        double high = range.isEmpty() ? 1 : range.get(1);
        for (Ticks.Tick tick : Ticks.of(Scale.LINEAR, plot.y().format(), range.isEmpty() ? 0 : range.get(0), high, 7)) {
            double y = py(tick.value(), area);
            g.setColor(Color.decode(Palette.LIGHT.line()));
            g.draw(new Line2D.Double(area.getX(), y, area.getMaxX(), y));
            Drawings.text(g, tick.label(), area.getX() - 8, y + 4, 1, Palette.LIGHT.muted());
        }
        for (Ticks.Tick tick : xTicks()) {
            double at = px(tick.value(), area);
            boolean labelled = !tick.label().isEmpty();
            g.setColor(Color.decode(Palette.LIGHT.line()));
            g.draw(new Line2D.Double(
                    at, labelled ? area.getY() : area.getMaxY(), at, area.getMaxY() + (labelled ? 5 : 3)));
            Drawings.text(g, tick.label(), at, area.getMaxY() + 18, 0.5, Palette.LIGHT.muted());
        }
        Drawings.text(g, plot.x().label(), area.getCenterX(), area.getMaxY() + 36, 0.5, Palette.LIGHT.muted());
        var turned = (Graphics2D) g.create();
        turned.rotate(-Math.PI / 2, 22, area.getCenterY());
        Drawings.text(turned, plot.y().label(), 22, area.getCenterY(), 0.5, Palette.LIGHT.muted());
        turned.dispose();
        g.setColor(Color.decode(Palette.LIGHT.muted()));
        g.draw(new Line2D.Double(area.getX(), area.getMaxY(), area.getMaxX(), area.getMaxY()));
    }

    private void band(Graphics2D g, BandPlot.Ribbon ribbon, Color colour, Rectangle2D area) {
        g.setColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 40));
        int n = ribbon.x().length;
        int i = 0;
        while (i < n) {
            int begin = i;
            while (i < n && Double.isFinite(ribbon.low()[i]) && Double.isFinite(ribbon.high()[i])) {
                i++;
            }
            if (i > begin) {
                var path = new Path2D.Double();
                edge(path, ribbon, ribbon.high(), begin, i, area);
                for (int k = i - 1; k >= begin; k--) {
                    path.lineTo(px(ribbon.x()[k], area), py(ribbon.low()[k], area));
                    if (plot.stepwise() && k > begin) {
                        path.lineTo(px(ribbon.x()[k], area), py(ribbon.low()[k - 1], area));
                    }
                }
                path.closePath();
                g.fill(path);
            }
            i++;
        }
    }

    private void edge(Path2D path, BandPlot.Ribbon ribbon, double[] y, int begin, int end, Rectangle2D area) {
        for (int k = begin; k < end; k++) {
            double at = px(ribbon.x()[k], area);
            if (k == begin) {
                path.moveTo(at, py(y[k], area));
            } else {
                if (plot.stepwise()) {
                    path.lineTo(at, py(y[k - 1], area));
                }
                path.lineTo(at, py(y[k], area));
            }
        }
    }

    private void line(Graphics2D g, BandPlot.Ribbon ribbon, Color colour, Rectangle2D area) {
        g.setColor(colour);
        g.setStroke(new BasicStroke(plot.isCrowded() ? 1.1f : 1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND));
        int n = ribbon.x().length;
        int i = 0;
        while (i < n) {
            int begin = i;
            while (i < n && Double.isFinite(ribbon.y()[i])) {
                i++;
            }
            if (i > begin) {
                var path = new Path2D.Double();
                edge(path, ribbon, ribbon.y(), begin, i, area);
                g.draw(path);
            }
            i++;
        }
        for (double at : ribbon.censored()) {
            int k = 0;
            while (k + 1 < n && ribbon.x()[k + 1] <= at) {
                k++;
            }
            double y = py(ribbon.y()[k], area);
            g.draw(new Line2D.Double(px(at, area), y - 4, px(at, area), y + 4));
        }
    }

    private void risk(Graphics2D g, Rectangle2D area) {
        double y = area.getMaxY() + 58;
        Drawings.text(g, "runs at risk", area.getX(), y, 0, Palette.LIGHT.muted());
        for (int i = 0; i < plot.ribbons().size(); i++) {
            y += ROW;
            g.setColor(colour(plot.ribbons().get(i).group()));
            g.fill(new Rectangle2D.Double(area.getX() - 16, y - 6, 9, 3));
            for (Ticks.Tick tick : xTicks()) {
                if (!tick.label().isEmpty()) {
                    int left = 0;
                    for (double until : plot.ribbons().get(i).until()) {
                        left += until >= tick.value() ? 1 : 0;
                    }
                    double at = Math.max(px(tick.value(), area), area.getX() + 8);
                    Drawings.text(g, String.valueOf(left), at, y, 0.5, Palette.LIGHT.ink());
                }
            }
        }
    }
}
