package hooke.cli.terminal;

import hooke.store.series.Series;
import java.util.Arrays;

/** A curve as one line of text: eight heights, steps from left to right. */
public final class Sparkline {
    private static final String HEIGHTS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /**
     * Of so many characters at most; each shows the mean of the points in its stretch of steps. Shares are drawn from 0 to 1, so that two
     * lines can be compared; other values that all are positive and differ a hundredfold by their logarithms.
     */
    public static String of(Series series, int width) {
        double[] values = finite(series.values());
        if (values.length == 0) {
            return "";
        }
        boolean share = series.isShare();
        double least = share ? 0 : Arrays.stream(values).min().orElseThrow();
        double greatest = share ? 1 : Arrays.stream(values).max().orElseThrow();
        boolean logarithmic = least > 0 && greatest / least >= 100;
        double[] cells = cells(series, Math.min(width, series.size()), logarithmic);
        double low = logarithmic ? Math.log(least) : least;
        double high = logarithmic ? Math.log(greatest) : greatest;
        var line = new StringBuilder();
        for (double cell : cells) {
            double height = high > low ? (cell - low) / (high - low) : 0.5;
            line.append(Double.isNaN(cell) ? ' ' : HEIGHTS.charAt((int) Math.clamp(height * 8, 0, 7)));
        }
        return line.toString();
    }

    private static double[] finite(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite).toArray();
    }

    /** Mean of each cell; a cell without points repeats the one before, and one with none but NaN is NaN. */
    private static double[] cells(Series series, int width, boolean logarithmic) {
        double[] sums = new double[width];
        int[] counts = new int[width];
        boolean[] seen = new boolean[width];
        long first = series.steps()[0];
        double span = Math.max(1, series.steps()[series.size() - 1] - first);
        for (int i = 0; i < series.size(); i++) {
            int cell = (int) Math.min(width - 1, (series.steps()[i] - first) / span * width);
            seen[cell] = true;
            if (Double.isFinite(series.values()[i])) {
                sums[cell] += logarithmic ? Math.log(series.values()[i]) : series.values()[i];
                counts[cell]++;
            }
        }
        double[] cells = new double[width];
        for (int c = 0; c < width; c++) {
            cells[c] = seen[c] || c == 0 ? sums[c] / counts[c] : cells[c - 1];
        }
        return cells;
    }
}
