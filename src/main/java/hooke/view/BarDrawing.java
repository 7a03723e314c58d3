package hooke.view;

import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;

/** A bar plot as a picture. */
final class BarDrawing {
    static final Dimension SIZE = new Dimension(900, 420);

    private static final int LEFT = 70;
    private static final int TOP = 84;
    private static final int BOTTOM = 46;
    private static final int RIGHT = 20;

    private final BarPlot plot;
    private final String address;

    BarDrawing(BarPlot plot, String address) {
        this.plot = plot;
        this.address = address;
    }

    void draw(Graphics2D g) {
        Drawings.head(g, plot.title(), address);
        int width = SIZE.width - LEFT - RIGHT;
        int height = SIZE.height - TOP - BOTTOM;
        boolean both = plot.groups().size() == 2;
        double zero = both ? TOP + height / 2.0 : TOP + height;
        double unit = (both ? height / 2.0 : height) / (plot.highest() == 0 ? 1 : plot.highest() * 1.05);
        double slot = (double) width / plot.names().size();
        g.setFont(Drawings.font(Font.PLAIN, 12));
        grid(g, zero, unit, width, both);
        for (int group = 0; group < plot.groups().size(); group++) {
            double[] values = plot.groups().get(group).values();
            for (int i = 0; i < values.length; i++) {
                double tall = Double.isFinite(values[i]) ? values[i] * unit : 0;
                int colour = plot.colour(i);
                g.setColor(Color.decode(
                        colour < 0
                                ? Palette.LIGHT.muted()
                                : Palette.LIGHT.curves().get(colour)));
                double gap = Math.min(2, slot / 5);
                g.fill(new Rectangle2D.Double(
                        LEFT + i * slot + gap / 2, group == 0 ? zero - tall : zero, slot - gap, tall));
            }
        }
        labels(g, slot, zero, width, height);
    }

    private void grid(Graphics2D g, double zero, double unit, int width, boolean both) {
        FontMetrics metrics = g.getFontMetrics();
        for (Ticks.Tick tick :
                Ticks.of(Scale.LINEAR, plot.y().format(), 0, plot.highest() == 0 ? 1 : plot.highest(), both ? 3 : 6)) {
            for (int sign = -1; sign <= (both ? 1 : -1); sign += 2) {
                double y = zero + sign * tick.value() * unit;
                g.setColor(Color.decode(Palette.LIGHT.line()));
                g.draw(new Line2D.Double(LEFT, y, LEFT + width, y));
                g.setColor(Color.decode(Palette.LIGHT.muted()));
                g.drawString(tick.label(), LEFT - 8 - metrics.stringWidth(tick.label()), (float)
                        (y + metrics.getAscent() / 2.0 - 1));
            }
        }
    }

    private void labels(Graphics2D g, double slot, double zero, int width, int height) {
        FontMetrics metrics = g.getFontMetrics();
        g.setColor(Color.decode(Palette.LIGHT.muted()));
        g.draw(new Line2D.Double(LEFT, zero, LEFT + width, zero));
        int stride = stride(slot, metrics);
        for (int i = 0; i < plot.names().size(); i++) {
            boolean marked = plot.marked().contains(i);
            if (!marked && (i % stride != 0 || nearMarked(i, stride))) {
                continue;
            }
            g.setColor(Color.decode(marked ? Palette.LIGHT.ink() : Palette.LIGHT.muted()));
            String name = plot.names().get(i);
            g.drawString(name, (float) (LEFT + (i + 0.5) * slot - metrics.stringWidth(name) / 2.0), TOP + height + 16);
        }
        g.setColor(Color.decode(Palette.LIGHT.muted()));
        g.drawString(plot.xLabel(), LEFT + width / 2 - metrics.stringWidth(plot.xLabel()) / 2, SIZE.height - 10);
        g.setColor(Color.decode(Palette.LIGHT.ink()));
        for (int group = 0; group < plot.groups().size(); group++) {
            String name = plot.groups().get(group).name() + (group == 0 ? " ↑" : " ↓");
            g.drawString(name, LEFT + width - metrics.stringWidth(name), group == 0 ? TOP - 6 : TOP + height - 6);
        }
    }

    private int stride(double slot, FontMetrics metrics) {
        int widest = plot.names().stream().mapToInt(metrics::stringWidth).max().orElse(1) + 8;
        return Math.max(1, (int) Math.ceil(widest / slot));
    }

    private boolean nearMarked(int i, int stride) {
        return plot.marked().stream().anyMatch(m -> Math.abs(m - i) < stride);
    }
}
