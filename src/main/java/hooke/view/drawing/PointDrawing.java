package hooke.view.drawing;

import hooke.view.Palette;
import hooke.view.plot.PointPlot;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/** Points of a plane as a picture. */
final class PointDrawing {
    static final Dimension SIZE = new Dimension(620, 680);

    private static final int SIDE = 540;
    private static final int LEFT = 46;
    private static final int TOP = 80;

    private final PointPlot plot;
    private final String address;

    PointDrawing(PointPlot plot, String address) {
        this.plot = plot;
        this.address = address;
    }

    void draw(Graphics2D g) {
        Drawings.head(g, plot.title(), address);
        g.setColor(Color.decode(Palette.LIGHT.line()));
        g.drawRect(LEFT, TOP, SIDE, SIDE);
        g.drawLine(LEFT, TOP + SIDE / 2, LEFT + SIDE, TOP + SIDE / 2);
        g.drawLine(LEFT + SIDE / 2, TOP, LEFT + SIDE / 2, TOP + SIDE);
        Color ink = Color.decode(Palette.LIGHT.curves().getFirst());
        g.setColor(new Color(ink.getRed(), ink.getGreen(), ink.getBlue(), 90));
        g.setStroke(new BasicStroke(1));
        var path = new Path2D.Double();
        for (int place = 0; place < plot.path().size(); place++) {
            double[] point = plot.points()[plot.path().get(place)];
            if (place == 0) {
                path.moveTo(x(point), y(point));
            } else {
                path.lineTo(x(point), y(point));
            }
        }
        if (!plot.path().isEmpty()) {
            path.closePath();
            g.draw(path);
        }
        for (int i = 0; i < plot.points().length; i++) {
            double[] point = plot.points()[i];
            g.setColor(colour(plot.kind().isEmpty() ? 0 : plot.kind().get(i)));
            g.fill(new Ellipse2D.Double(x(point) - 3, y(point) - 3, 6, 6));
        }
        labels(g);
    }

    private static Color colour(int kind) {
        return Color.decode(Palette.LIGHT.curves().get(kind));
    }

    /** As many as do not cover each other. */
    private void labels(Graphics2D g) {
        g.setFont(Drawings.font(Font.PLAIN, 11));
        FontMetrics metrics = g.getFontMetrics();
        g.setColor(Color.decode(Palette.LIGHT.ink()));
        List<Rectangle2D> taken = new ArrayList<>();
        for (int i = 0; i < plot.labels().size(); i++) {
            double[] point = plot.points()[i];
            String label = plot.labels().get(i);
            var room = new Rectangle2D.Double(x(point) + 5, y(point) - 14, metrics.stringWidth(label), 11);
            if (taken.stream().noneMatch(room::intersects)) {
                taken.add(room);
                g.drawString(label, (float) room.x, (float) y(point) - 4);
            }
        }
        int left = LEFT + 8;
        for (int k = 0; k < plot.kinds().size(); k++) {
            g.setColor(colour(k));
            g.fill(new Ellipse2D.Double(left, TOP + 9, 6, 6));
            g.drawString(plot.kinds().get(k), left + 11, TOP + 16);
            left += 28 + metrics.stringWidth(plot.kinds().get(k));
        }
        g.setColor(Color.decode(Palette.LIGHT.muted()));
        g.drawString(plot.xLabel(), LEFT + (SIDE - metrics.stringWidth(plot.xLabel())) / 2, TOP + SIDE + 22);
        g.rotate(-Math.PI / 2);
        g.drawString(plot.yLabel(), -(TOP + (SIDE + metrics.stringWidth(plot.yLabel())) / 2), LEFT - 12);
        g.rotate(Math.PI / 2);
    }

    private double x(double[] point) {
        return LEFT + SIDE * (0.5 + point[0] / plot.reach() / 2.3);
    }

    private double y(double[] point) {
        return TOP + SIDE * (0.5 - point[1] / plot.reach() / 2.3);
    }
}
