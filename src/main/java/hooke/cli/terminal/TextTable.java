package hooke.cli.terminal;

import hooke.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Rows in columns as wide as they need, for a terminal or for markdown. A column whose cells (below its head) are all numbers, with a unit
 * or without, is aligned to the right.
 */
public final class TextTable {
    private static final Pattern NUMBER = Pattern.compile("(-|[<>]?[-+]?[0-9][0-9.,e+-]*( ?[A-Za-z/%]{1,14})?)?");
    private static final String GAP = "  ";
    private final List<String> head;
    private final int columns;
    private final List<List<String>> rows = new ArrayList<>();

    private TextTable(List<String> head, int columns) {
        this.head = head;
        this.columns = columns;
    }

    /** Begins a table with the names of its columns. */
    public static TextTable of(String... head) {
        return new TextTable(List.of(head), head.length);
    }

    /** Begins a table whose columns have no names. */
    public static TextTable headless(int columns) {
        return new TextTable(List.of(), columns);
    }

    public TextTable row(String... cells) {
        return row(List.of(cells));
    }

    public TextTable row(List<String> cells) {
        if (cells.size() != columns) {
            throw new IllegalArgumentException(cells + " does not fit " + columns + " columns");
        }
        rows.add(cells.stream().map(Printable::line).toList());
        return this;
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The rows for scripts, each a map by these names of the columns. */
    public List<Map<String, String>> asMaps(String... names) {
        return rows.stream()
                .map(row -> {
                    var map = new LinkedHashMap<String, String>();
                    for (int c = 0; c < columns; c++) {
                        map.put(names[c], row.get(c));
                    }
                    return (Map<String, String>) map;
                })
                .toList();
    }

    /** These columns alone, in this order. */
    public TextTable of(List<Integer> kept) {
        var table = new TextTable(pick(head, kept), kept.size());
        rows.forEach(row -> table.rows.add(pick(row, kept)));
        return table;
    }

    private static List<String> pick(List<String> row, List<Integer> kept) {
        return row.isEmpty() ? row : kept.stream().map(row::get).toList();
    }

    /**
     * The columns that fit lines of some width together, in their order.
     *
     * @param byWorth all columns, the one that must not be missed first: it stays however wide it is
     */
    public List<Integer> fitting(int width, List<Integer> byWorth) {
        int[] widths = widths();
        List<Integer> kept = new ArrayList<>();
        int left = width + GAP.length();
        for (int column : byWorth) {
            int takes = widths[column] + GAP.length();
            if (kept.isEmpty() || takes <= left) {
                kept.add(column);
                left -= takes;
            }
        }
        return kept.stream().sorted().toList();
    }

    /** Lines with an indent and without trailing spaces. */
    public String text(String indent) {
        var text = new StringBuilder();
        int[] widths = widths();
        boolean[] numeric = numeric();
        for (List<String> row : lines()) {
            var line = new StringBuilder(indent);
            for (int c = 0; c < columns; c++) {
                line.append(c == 0 ? "" : GAP).append(padded(row.get(c), widths[c], numeric[c]));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    /** A pipe table of GitHub's markdown; it needs a head. */
    public String markdown() {
        int[] widths = widths();
        boolean[] numeric = numeric();
        var rule = new ArrayList<String>();
        for (int c = 0; c < columns; c++) {
            rule.add("-".repeat(Math.max(2, widths[c] - 1)) + (numeric[c] ? ":" : "-"));
        }
        var text = new StringBuilder(markdown(head, widths, numeric)).append(markdown(rule, widths, numeric));
        rows.forEach(row -> text.append(markdown(row, widths, numeric)));
        return text.toString();
    }

    private String markdown(List<String> row, int[] widths, boolean[] numeric) {
        var line = new StringBuilder("|");
        for (int c = 0; c < columns; c++) {
            line.append(' ')
                    .append(padded(row.get(c).replace("|", "\\|"), widths[c], numeric[c]))
                    .append(" |");
        }
        return line.append('\n').toString();
    }

    private List<List<String>> lines() {
        var lines = new ArrayList<List<String>>();
        if (!head.isEmpty()) {
            lines.add(head);
        }
        lines.addAll(rows);
        return lines;
    }

    private int[] widths() {
        int[] widths = new int[columns];
        for (List<String> row : lines()) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], width(row.get(c)));
            }
        }
        return widths;
    }

    /** Which columns hold numbers; asked once a table, since it reads every row. */
    private boolean[] numeric() {
        boolean[] numeric = new boolean[columns];
        for (int c = 0; c < columns; c++) {
            numeric[c] = isNumeric(c);
        }
        return numeric;
    }

    private boolean isNumeric(int column) {
        return rows.stream().allMatch(row -> NUMBER.matcher(row.get(column)).matches())
                && rows.stream().anyMatch(row -> !row.get(column).isEmpty());
    }

    private static String padded(String cell, int width, boolean right) {
        String spaces = " ".repeat(Math.max(0, width - width(cell)));
        return right ? spaces + cell : cell + spaces;
    }

    /** Characters that a terminal shows. */
    private static int width(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
