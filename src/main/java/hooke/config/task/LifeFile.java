package hooke.config.task;

import hooke.Check;
import hooke.Sha256;
import hooke.config.form.Words;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.dataformat.csv.CsvSchema;

/**
 * A file of boards and their next generations, in the original's format: CSV with the columns {@code State 1} and {@code State 2}, and {@code
 * GridSize}, the width, which otherwise follows from the number of cells; the cells may be padded with {@code p}. Other columns are not read.
 *
 * @param sha256 of the file, in hex
 */
public record LifeFile(List<Row> rows, String sha256) {
    private static final String WIDTH = "GridSize";
    private static final String BEFORE = "State 1";
    private static final String AFTER = "State 2";

    /**
     * One board.
     *
     * @param line where it stands, from 1
     * @param before its cells, row by row, 1 alive and 0 dead
     * @param after those of the next generation
     */
    public record Row(int line, int width, String before, String after) {}

    public static LifeFile read(String path) {
        byte[] bytes = TableFile.bytes(path);
        List<Row> rows = new ArrayList<>();
        ColumnFile.separated(
                path,
                TableFile.text(path, bytes),
                CsvSchema.emptySchema(),
                LifeFile::columns,
                (names, line, cells) -> rows.add(
                        row(path, line, names, cells.stream().map(String::strip).toList())));
        Check.that(!rows.isEmpty(), "%s has no board: one a line is needed behind the columns' names", path);
        return new LifeFile(rows, Sha256.of(bytes));
    }

    private static List<String> columns(ColumnFile.Header header) {
        Check.that(
                header.has(BEFORE) && header.has(AFTER),
                "%s must be CSV with the columns %s,%s,%s: %s",
                header.where(),
                WIDTH,
                BEFORE,
                AFTER,
                header.said().get());
        return header.names();
    }

    private static Row row(String path, int line, List<String> names, List<String> cells) {
        String before = cells(path, line, BEFORE, cells.get(names.indexOf(BEFORE)));
        String after = cells(path, line, AFTER, cells.get(names.indexOf(AFTER)));
        int square = (int) Math.round(Math.sqrt(before.length()));
        int width = square;
        if (names.contains(WIDTH)) {
            String given = cells.get(names.indexOf(WIDTH));
            Check.that(
                    given.matches("[0-9]{1,3}") && !given.matches("0+"),
                    "%s:%s: %s (%s) must be the width of the board, a whole number from 1",
                    path,
                    line,
                    WIDTH,
                    Words.shown(given, 20));
            width = Integer.parseInt(given);
        }
        Check.that(
                names.contains(WIDTH) || square * square == before.length(),
                "%s:%s: the %s cells of %s are no square board",
                path,
                line,
                before.length(),
                BEFORE);
        length(path, line, BEFORE, before, width);
        length(path, line, AFTER, after, width);
        return new Row(line, width, before, after);
    }

    private static String cells(String path, int line, String column, String cells) {
        Check.that(
                cells.matches("[01]+p*"),
                "%s:%s: %s must be cells, 1 alive and 0 dead, which may be padded with p, not '%s'",
                path,
                line,
                column,
                Words.shown(cells.replaceFirst("^[01]+p*", ""), 20));
        return cells.replaceFirst("p+$", "");
    }

    private static void length(String path, int line, String column, String cells, int width) {
        Check.that(
                cells.length() == width * width,
                "%s:%s: %s has %s cells: a board of width %s has %s",
                path,
                line,
                column,
                cells.length(),
                width,
                width * width);
    }

    int widest() {
        return rows.stream().mapToInt(Row::width).max().orElseThrow();
    }
}
