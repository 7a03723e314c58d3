package hooke.view.plot;

import hooke.Check;
import hooke.config.Mask;
import java.util.List;

/**
 * A matrix in colours: rows downwards, columns across. NaN is a cell without a value (an attention entry that the mask closes).
 *
 * @param rowAxis what the rows are: query
 * @param columnAxis what the columns are: key
 * @param values [row, column]
 * @param low value of the first colour; below 0 it is -high, and colours diverge from 0
 * @param high value of the last colour
 * @param missing what a NaN means, in words: masked
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record HeatMap(
        String title,
        String rowAxis,
        List<String> rows,
        String columnAxis,
        List<String> columns,
        double[][] values,
        double low,
        double high,
        String missing)
        implements Plot {

    public HeatMap {
        rows = List.copyOf(rows);
        columns = List.copyOf(columns);
        Check.that(low < high, "heat map %s needs a range that rises, not %s to %s", title, low, high);
        Check.that(
                low >= 0 || low == -high,
                "heat map %s reaches below 0: its range (%s to %s) must have 0 in its middle",
                title,
                low,
                high);
        Check.that(
                values.length == rows.size(),
                "heat map %s has %s rows for %s labels",
                title,
                values.length,
                rows.size());
        for (double[] row : values) {
            Check.that(
                    row.length == columns.size(),
                    "heat map %s has a row of %s values for %s labels",
                    title,
                    row.length,
                    columns.size());
        }
    }

    /** An attention pattern [query, key] over labelled positions, from 0 to 1; what the mask closes has no value. */
    public static HeatMap attention(String title, List<String> positions, Mask.Plain mask, double[][] pattern) {
        double[][] open = new double[pattern.length][];
        for (int query = 0; query < pattern.length; query++) {
            open[query] = pattern[query].clone();
            for (int key = 0; key < open[query].length; key++) {
                if (!mask.open(query, key, positions.size())) {
                    open[query][key] = Double.NaN;
                }
            }
        }
        return new HeatMap(title, "query", positions, "key", positions, open, 0, 1, "masked");
    }

    public boolean diverges() {
        return low < 0;
    }
}
