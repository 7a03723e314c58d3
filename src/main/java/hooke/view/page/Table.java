package hooke.view.page;

import hooke.Check;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of a page. The first cell of a row is its heading.
 *
 * @param label what it lists, for those who hear the page
 */
public record Table(String label, List<Column> columns, List<Row> rows) {
    /** @param number whether its cells are numbers, which stand to the right */
    public record Column(String title, boolean number) {}

    /** @param mark CSS classes of the row, or an empty string */
    public record Row(String mark, List<Html> cells) {
        public static Row of(String... cells) {
            return new Row("", List.of(cells).stream().map(Html::text).toList());
        }

        public Row marked(String classes) {
            return new Row(classes, cells);
        }
    }

    public Table {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
        for (Row row : rows) {
            Check.that(row.cells().size() <= columns.size(), "table %s has a row longer than its columns", label);
        }
    }

    public Html html() {
        return table(Html.group(List.of())).with("aria-label", label);
    }

    /** With its label to be seen above it. */
    public Html captioned() {
        return table(Html.tag("caption", label));
    }

    private Html.Element table(Html caption) {
        var heads = new ArrayList<Html>();
        for (Column column : columns) {
            heads.add(cell("th", column, Glossary.explained(column.title())).with("scope", "col"));
        }
        var body = new ArrayList<Html>();
        for (Row row : rows) {
            var cells = new ArrayList<Html>();
            for (int i = 0; i < row.cells().size(); i++) {
                Html.Element cell =
                        cell(i == 0 ? "th" : "td", columns.get(i), row.cells().get(i));
                cells.add(i == 0 ? cell.with("scope", "row") : cell);
            }
            Html.Element tr = Html.tag("tr", Html.group(cells));
            body.add(row.mark().isEmpty() ? tr : tr.with("class", row.mark()));
        }
        return Html.tag(
                "table",
                caption,
                Html.tag("thead", Html.tag("tr", Html.group(heads))),
                Html.tag("tbody", Html.group(body)));
    }

    private static Html.Element cell(String tag, Column column, Html content) {
        Html.Element cell = Html.tag(tag, content);
        return column.number() ? cell.with("class", "number") : cell;
    }
}
