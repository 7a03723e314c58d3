package hooke.view.drawing;

import hooke.view.Palette;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.title.TextTitle;
import org.jfree.chart.ui.HorizontalAlignment;
import org.jfree.chart.ui.RectangleInsets;

/** What all pictures look like. */
final class Drawings {
    private Drawings() {}

    static Font font(int style, int size) {
        return new Font(Font.SANS_SERIF, style, size);
    }

    /** The plot under its title and the run's address. */
    static JFreeChart chart(XYPlot plot, String title, String address) {
        plot.setBackgroundPaint(null);
        plot.setOutlineVisible(false);
        plot.setDomainGridlinePaint(Color.decode(Palette.LIGHT.line()));
        plot.setRangeGridlinePaint(Color.decode(Palette.LIGHT.line()));
        plot.setDomainGridlineStroke(new BasicStroke(1));
        plot.setRangeGridlineStroke(new BasicStroke(1));
        plot.setAxisOffset(RectangleInsets.ZERO_INSETS);
        var chart = new JFreeChart(null, JFreeChart.DEFAULT_TITLE_FONT, plot, false);
        chart.setBackgroundPaint(Color.decode(Palette.LIGHT.paper()));
        chart.setPadding(new RectangleInsets(12, 12, 12, 18));
        chart.addSubtitle(title(title, font(Font.BOLD, 17), Palette.LIGHT.ink()));
        chart.addSubtitle(title(address, font(Font.PLAIN, 12), Palette.LIGHT.muted()));
        return chart;
    }

    /** Title and address, as on every picture, for one that JFreeChart does not draw. */
    static void title(Graphics2D g, String title, String address, double left) {
        g.setFont(font(Font.BOLD, 17));
        text(g, title, left, 28, 0, Palette.LIGHT.ink());
        g.setFont(font(Font.PLAIN, 12));
        text(g, address, left, 46, 0, Palette.LIGHT.muted());
    }

    /** @param end which share of the text lies to the left of x: 0 none, 1 all */
    static void text(Graphics2D g, String text, double x, double baseline, double end, String colour) {
        g.setColor(Color.decode(colour));
        g.drawString(text, (float) (x - end * g.getFontMetrics().stringWidth(text)), (float) baseline);
    }

    private static TextTitle title(String text, Font font, String colour) {
        var title = new TextTitle(text, font);
        title.setPaint(Color.decode(colour));
        title.setHorizontalAlignment(HorizontalAlignment.LEFT);
        title.setPadding(new RectangleInsets(1, 2, 2, 2));
        return title;
    }

    /** The title and the run's address, for drawings without JFreeChart. */
    static void head(Graphics2D g, String title, String address) {
        g.setColor(Color.decode(Palette.LIGHT.ink()));
        g.setFont(font(Font.BOLD, 17));
        g.drawString(title, 14, 30);
        g.setColor(Color.decode(Palette.LIGHT.muted()));
        g.setFont(font(Font.PLAIN, 12));
        g.drawString(address, 14, 50);
        g.setStroke(new BasicStroke(1));
    }
}
