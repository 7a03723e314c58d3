package hooke.config.task;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.config.form.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvFactory;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/** Rows with named columns as a user's file has them: CSV or TSV with a header, or JSON lines, by the end of its name. */
final class ColumnFile {
    private static final int SHOWN = 20;

    /** A cell may be as long as its file: one that a quote leaves open is told as such, however much follows. */
    private static final StreamReadConstraints LIMITS =
            StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build();

    private ColumnFile() {}

    /** Takes what a row holds. */
    interface Rows<C> {
        /** @param line where it begins, from 1 */
        void add(C columns, int line, List<String> cells);
    }

    /**
     * The columns of a file, in JSON lines those of one line.
     *
     * @param where the file and, in JSON lines, the line, for sentences
     * @param said what is there, for a sentence on what is missing: {@code its first line names id, title}
     */
    record Header(String where, List<String> names, Supplier<String> said) {
        boolean has(String name) {
            return names.contains(name);
        }

        /** The place of a column, from 0; -1 where there is none. */
        int place(String name) {
            int first = names.indexOf(name);
            Check.that(first == names.lastIndexOf(name), "%s has two columns %s", where, Words.shown(name, 40));
            return first;
        }
    }

    /**
     * Reads all rows in order.
     *
     * @param isRead the columns whose cells are asked for; others may hold anything, and are empty in JSON lines
     * @param columns what is made of the header: once, or in JSON lines for each line
     */
    static <C> void read(
            String path, String text, Predicate<String> isRead, Function<Header, C> columns, Rows<C> rows) {
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
    static <C> void separated(String path, String text, CsvSchema schema, Function<Header, C> columns, Rows<C> rows) {
        int line = 1;
        try (MappingIterator<List<String>> lines = new CsvMapper(
                        CsvFactory.builder().streamReadConstraints(LIMITS).build())
                .readerForListOf(String.class)
                .with(schema)
                .withFeatures(CsvReadFeature.WRAP_AS_ARRAY, CsvReadFeature.SKIP_EMPTY_LINES)
                .readValues(text)) {
            Check.that(lines.hasNextValue(), "%s is empty: its first line names the columns", path);
            List<String> names = lines.nextValue().stream().map(String::strip).toList();
            char separator = schema.getColumnSeparator();
            C found = columns.apply(
                    new Header(path, names, () -> "its first line names " + shown(names) + other(names, separator)));
            while (lines.hasNextValue()) {
                line = lines.currentLocation().getLineNr();
                List<String> cells = lines.nextValue();
                Check.that(
                        cells.size() == names.size(),
                        "%s:%s: has %s, but the first line names %s",
                        path,
                        line,
                        Amounts.of(cells.size(), "column", "columns"),
                        names.size());
                rows.add(found, line, cells);
            }
        } catch (JacksonException e) {
            throw new InputException("%s:%s: %s".formatted(path, line, misquoted(e, line)), e);
        }
    }

    /** What to do where another sign seems to separate the columns: it is in the first line more often. */
    private static String other(List<String> names, char separator) {
        String joined = String.join(String.valueOf(separator), names);
        for (char sign : new char[] {',', '\t', ';', '|'}) {
            if (sign != separator && joined.chars().filter(c -> c == sign).count() >= names.size()) {
                String own = separator == ',' ? "commas" : "tabs";
                return switch (sign) {
                    case ',' -> "; if commas separate its columns, call it .csv";
                    case '\t' -> "; if tabs separate its columns, call it .tsv";
                    default -> "; if %s separates its columns, save it with %s instead".formatted(sign, own);
                };
            }
        }
        return "";
    }

    /** The library stumbles over nothing but quotes, where the cell or the file ends: the record that they open in is what helps. */
    private static String misquoted(JacksonException e, int record) {
        int line = e.getLocation() == null ? record : e.getLocation().getLineNr();
        boolean open = Reason.of(e).contains("closing quote");
        String fault =
                open ? "is not closed" : "closes before its cell ends" + (line == record ? "" : ", in line " + line);
        return "the record that begins here has a quote (\") that %s; one within quotes is written \"\""
                .formatted(fault);
    }

    private static <C> void jsonLines(
            String path, String text, Predicate<String> isRead, Function<Header, C> columns, Rows<C> rows) {
        var mapper = JsonMapper.builder(
                        JsonFactory.builder().streamReadConstraints(LIMITS).build())
                .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
                .build();
        int line = 0;
        for (String json : text.split("\r?\n")) {
            line++;
            if (!json.isBlank()) {
                Check.that(
                        !json.stripLeading().startsWith("["),
                        "%s:%s: must be an object, {\"text\": ..}, not an array: jq -c '.[]' makes a line of each object of a JSON array",
                        path,
                        line);
                JsonNode node;
                try {
                    node = mapper.readTree(json);
                } catch (JacksonException e) {
                    throw new InputException(
                            "%s:%s: is no JSON object, which each line must be: %s"
                                    .formatted(path, line, Words.shown(Reason.of(e), 200)),
                            e);
                }
                Check.that(node.isObject(), "%s:%s: must be an object, {\"text\": ..}", path, line);
                List<String> names = List.copyOf(node.propertyNames());
                List<String> cells = new ArrayList<>();
                for (String name : names) {
                    cells.add(isRead.test(name) ? cell(node.get(name), path, line, name) : "");
                }
                rows.add(columns.apply(new Header(path + ":" + line, names, () -> said(node, names))), line, cells);
            }
        }
    }

    private static String said(JsonNode object, List<String> names) {
        List<String> texts =
                names.stream().filter(n -> object.get(n).isString()).toList();
        List<String> others =
                names.stream().filter(n -> !object.get(n).isString()).toList();
        return names.isEmpty()
                ? "it is empty"
                : texts.isEmpty()
                        ? "it has " + shown(others)
                        : "it has the texts " + shown(texts)
                                + (others.isEmpty() ? "" : " and besides " + shown(others));
    }

    private static String shown(List<String> names) {
        return names.stream().map(n -> Words.shown(n, 40)).limit(SHOWN).collect(Collectors.joining(", "))
                + (names.size() > SHOWN ? ", ..." : "");
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
                "%s:%s: %s (%s) must be a text, a whole number or a list of these",
                path,
                line,
                name,
                value.isObject() ? "an object" : Words.shown(value.toString(), 40));
        return value.isString() ? value.stringValue() : value.bigIntegerValue().toString();
    }
}
