package hooke.view.drawing;

import hooke.view.Palette;
import hooke.view.plot.BarPlot;
import hooke.view.plot.Scale;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A bar plot as a picture. */
final class BarDrawing {
    static final Dimension SIZE = new Dimension(900, 420);

    private static final int LEFT = 70;
    private static final int TOP = 84;
    private static final int BOTTOM = 46;
    private static final int RIGHT = 20;

    /** Up to so many names each is worth a try. */
    private static final int EVERY = 12;

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
        for (int i : labelled(slot, metrics)) {
            g.setColor(Color.decode(plot.marked().contains(i) ? Palette.LIGHT.ink() : Palette.LIGHT.muted()));
            String name = plot.names().get(i);
            g.drawString(name, (float) (LEFT + (i + 0.5) * slot - metrics.stringWidth(name) / 2.0), TOP + height + 16);
        }
        g.setColor(Color.decode(Palette.LIGHT.muted()));
        g.drawString(plot.xLabel(), LEFT + width / 2 - metrics.stringWidth(plot.xLabel()) / 2, SIZE.height - 10);
        g.setColor(Color.decode(Palette.LIGHT.ink()));
        List<String> arrows = List.of("↑ ", "↓ ");
        String groups = IntStream.range(0, plot.groups().size())
                .mapToObj(group -> arrows.get(group) + plot.groups().get(group).name())
                .collect(Collectors.joining("     "));
        g.drawString(groups, LEFT + width - metrics.stringWidth(groups), TOP - 8);
    }

    /** What stands out is always named; of the others as many as have room, evenly spaced where there are many. */
    private List<Integer> labelled(double slot, FontMetrics metrics) {
        int things = plot.names().size();
        int widest = plot.names().stream().mapToInt(metrics::stringWidth).max().orElse(1) + 8;
        int stride = things <= EVERY ? 1 : Math.max(1, (int) Math.ceil(widest / slot));
        List<Integer> named = new ArrayList<>(plot.marked());
        for (int i = 0; i < things; i += stride) {
            int candidate = i;
            double own = metrics.stringWidth(plot.names().get(i));
            boolean free = named.stream()
                    .allMatch(other -> Math.abs(other - candidate) * slot
                            >= 8 + (metrics.stringWidth(plot.names().get(other)) + own) / 2);
            if (free) {
                named.add(i);
            }
        }
        return named;
    }
}
