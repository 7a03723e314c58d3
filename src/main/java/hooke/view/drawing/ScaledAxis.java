package hooke.view.drawing;

import hooke.view.Palette;
import hooke.view.plot.Axis;
import hooke.view.plot.Scale;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;
import org.jfree.chart.axis.AxisState;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.axis.NumberTick;
import org.jfree.chart.axis.TickType;
import org.jfree.chart.ui.RectangleEdge;
import org.jfree.chart.ui.RectangleInsets;
import org.jfree.chart.ui.TextAnchor;

/** An axis of a picture over the places of a {@link Scale}, with the ticks that the page has, too. JFreeChart has no logarithm with 0. */
final class ScaledAxis extends NumberAxis {
    private static final long serialVersionUID = 1;

    private final transient Axis axis;
    private final transient Scale scale;

    /** Shows the places from low to high. */
    ScaledAxis(Axis axis, double low, double high) {
        super(axis.label());
        this.axis = axis;
        this.scale = axis.scales().getFirst();
        Color muted = Color.decode(Palette.LIGHT.muted());
        setRange(low, high);
        setLabelFont(Drawings.font(0, 12));
        setTickLabelFont(Drawings.font(0, 12));
        setLabelPaint(muted);
        setTickLabelPaint(muted);
        setAxisLinePaint(muted);
        setAxisLineStroke(new BasicStroke(0.8f));
        setTickMarkPaint(muted);
        setTickLabelInsets(new RectangleInsets(3, 5, 3, 5));
    }

    @Override
    public List<NumberTick> refreshTicks(Graphics2D g, AxisState state, Rectangle2D area, RectangleEdge edge) {
        boolean across = RectangleEdge.isTopOrBottom(edge);
        int room = (int) (across ? area.getWidth() / 75 : area.getHeight() / 45);
        TextAnchor anchor = across ? TextAnchor.TOP_CENTER : TextAnchor.CENTER_RIGHT;
        return Ticks.of(
                        scale,
                        axis.format(),
                        scale.value(getLowerBound()),
                        scale.value(getUpperBound()),
                        Math.max(2, room))
                .stream()
                .map(tick -> new NumberTick(
                        tick.label().isEmpty() ? TickType.MINOR : TickType.MAJOR,
                        scale.place(tick.value()),
                        tick.label(),
                        anchor,
                        anchor,
                        0))
                .toList();
    }
}
