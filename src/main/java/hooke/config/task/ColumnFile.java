package hooke.config.task;

import hooke.Check;
import hooke.InputException;
import hooke.config.form.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/** Rows with named columns as a user's file has them: CSV or TSV with a header, or JSON lines, by the end of its name. */
final class ColumnFile {
    private ColumnFile() {}

    /** Takes what a row holds. */
    interface Rows<C> {
        /** @param line where it begins, from 1 */
        void add(C columns, int line, List<String> cells);
    }

    /**
     * Reads all rows in order.
     *
     * @param isRead the columns whose cells are asked for; others may hold anything, and are empty in JSON lines
     * @param columns what is made of a place, for sentences, and the columns' names there: once, or in JSON lines for each line
     */
    static <C> void read(
            String path,
            String text,
            Predicate<String> isRead,
            BiFunction<String, List<String>, C> columns,
            Rows<C> rows) {
        String name = path.toLowerCase(Locale.ROOT);
        if (name.endsWith(".csv")) {
            separated(path, text, CsvSchema.emptySchema(), columns, rows);
        } else if (name.endsWith(".tsv")) {
            var tabs = CsvSchema.emptySchema().withColumnSeparator('\t').withoutQuoteChar();
            separated(path, text, tabs, columns, rows);
        } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            jsonLines(path, text, isRead, columns, rows);
        } else {
            throw new InputException(
                    path + " must end with .csv, .tsv or .jsonl, which says how its examples are written");
        }
    }

    /** Rows of cells between signs, in a file of whatever name. */
    static <C> void separated(
            String path, String text, CsvSchema schema, BiFunction<String, List<String>, C> columns, Rows<C> rows) {
        try (MappingIterator<List<String>> lines = new CsvMapper()
                .readerForListOf(String.class)
                .with(schema)
                .withFeatures(CsvReadFeature.WRAP_AS_ARRAY, CsvReadFeature.SKIP_EMPTY_LINES)
                .readValues(text)) {
            Check.that(lines.hasNextValue(), "%s is empty: its first line names the columns", path);
            List<String> names = lines.nextValue().stream().map(String::strip).toList();
            C found = columns.apply(path, names);
            while (lines.hasNextValue()) {
                int line = lines.currentLocation().getLineNr();
                List<String> cells = lines.nextValue();
                Check.that(
                        cells.size() == names.size(),
                        "%s:%s: has %s columns, but the first line names %s",
                        path,
                        line,
                        cells.size(),
                        names.size());
                rows.add(found, line, cells);
            }
        } catch (JacksonException e) {
            throw damaged(path, e.getLocation() == null ? 1 : e.getLocation().getLineNr(), "separated values", e);
        }
    }

    private static <C> void jsonLines(
            String path,
            String text,
            Predicate<String> isRead,
            BiFunction<String, List<String>, C> columns,
            Rows<C> rows) {
        var mapper = new JsonMapper();
        int line = 0;
        for (String json : text.split("\r?\n")) {
            line++;
            if (!json.isBlank()) {
                JsonNode node;
                try {
                    node = mapper.readTree(json);
                } catch (JacksonException e) {
                    throw damaged(path, line, "JSON", e);
                }
                Check.that(node.isObject(), "%s:%s: must be an object, {\"input\": .., \"target\": ..}", path, line);
                List<String> names = new ArrayList<>(node.propertyNames());
                List<String> cells = new ArrayList<>();
                for (String name : names) {
                    cells.add(isRead.test(name) ? cell(node.get(name), path, line, name) : "");
                }
                rows.add(columns.apply(path + ":" + line, names), line, cells);
            }
        }
    }

    /** A text, a number, or a list of these, which are tokens. */
    private static String cell(JsonNode value, String path, int line, String name) {
        if (value.isArray()) {
            return StreamSupport.stream(value.spliterator(), false)
                    .map(item -> cell(item, path, line, name))
                    .collect(Collectors.joining(" "));
        }
        Check.that(
                value.isString() || value.isIntegralNumber(),
                "%s:%s: %s must be a text, a whole number or a list of these",
                path,
                line,
                name);
        return value.isString() ? value.stringValue() : value.bigIntegerValue().toString();
    }

    private static InputException damaged(String path, int line, String format, JacksonException cause) {
        return new InputException(
                "%s:%s: cannot be read as %s: %s"
                        .formatted(path, line, format, Words.shown(cause.getOriginalMessage(), 200)),
                cause);
    }
}
