package hooke.config;

import hooke.Check;
import hooke.InputException;
import hooke.NotAFile;
import hooke.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.csv.CsvMapper;
import tools.jackson.dataformat.csv.CsvReadFeature;
import tools.jackson.dataformat.csv.CsvSchema;

/**
 * A user's file of examples as it is written: CSV or TSV with a header, or JSON lines, in UTF-8. It has the columns {@code input} and
 * {@code target}, or one column {@code text}; a column {@code split} may say {@code train} or {@code test}; other columns are not read.
 *
 * @param sha256 of the file, in hex
 */
record TableFile(List<Row> rows, String sha256) {
    /** Rows are held in memory, as text and as tokens. */
    private static final long MOST_BYTES = 1L << 30;

    /**
     * One example.
     *
     * @param line where it begins, from 1
     * @param input null where the file has one column {@code text}, which is the target
     * @param split what the column says; empty where there is none
     */
    record Row(int line, @Nullable String input, String target, String split) {}

    static TableFile read(String path) {
        byte[] bytes = bytes(path);
        String text = text(path, bytes);
        String name = path.toLowerCase(Locale.ROOT);
        List<Row> rows;
        if (name.endsWith(".csv")) {
            rows = separated(path, text, CsvSchema.emptySchema());
        } else if (name.endsWith(".tsv")) {
            rows = separated(
                    path,
                    text,
                    CsvSchema.emptySchema().withColumnSeparator('\t').withoutQuoteChar());
        } else if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            rows = jsonLines(path, text);
        } else {
            throw new InputException(
                    path + " must end with .csv, .tsv or .jsonl, which says how its examples are written");
        }
        Check.that(!rows.isEmpty(), "%s has no examples: below the columns' names, each line is one", path);
        return new TableFile(rows, sha256(bytes));
    }

    static byte[] bytes(String path) {
        try {
            Path file = Path.of(path);
            NotAFile.why(file).ifPresent(why -> {
                throw new InputException(path + " " + why + "; name a file of examples");
            });
            Check.that(
                    Files.size(file) <= MOST_BYTES,
                    "%s has %s bytes: at most %s can be held in memory",
                    path,
                    Files.size(file),
                    MOST_BYTES);
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InputException(path + " cannot be read: " + Reason.of(e), e);
        }
    }

    static String text(String path, byte[] bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new InputException(path + " is not UTF-8 text", e);
        }
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Row> separated(String path, String text, CsvSchema schema) {
        List<Row> rows = new ArrayList<>();
        try (MappingIterator<List<String>> lines = new CsvMapper()
                .readerForListOf(String.class)
                .with(schema)
                .withFeatures(CsvReadFeature.WRAP_AS_ARRAY, CsvReadFeature.SKIP_EMPTY_LINES)
                .readValues(text)) {
            Check.that(
                    lines.hasNextValue(), "%s is empty: its first line names the columns, input,target or text", path);
            List<String> names = lines.nextValue().stream().map(String::strip).toList();
            Columns columns = Columns.of(path, names);
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
                rows.add(columns.row(line, cells));
            }
        } catch (JacksonException e) {
            throw damaged(path, e.getLocation() == null ? 1 : e.getLocation().getLineNr(), "separated values", e);
        }
        return rows;
    }

    private static List<Row> jsonLines(String path, String text) {
        var mapper = new JsonMapper();
        List<Row> rows = new ArrayList<>();
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
                    cells.add(Columns.isRead(name) ? cell(node.get(name), path, line, name) : "");
                }
                rows.add(Columns.of(path + ":" + line, names).row(line, cells));
            }
        }
        Check.that(
                rows.stream().map(row -> row.input() == null).distinct().count() <= 1,
                "%s has lines with text and lines with input and target: all must be of one kind",
                path);
        return rows;
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

    /** Where the columns that count stand; -1 where there is none. */
    private record Columns(int input, int target, int split) {
        private static final String INPUT = "input";
        private static final String TARGET = "target";
        private static final String TEXT = "text";
        private static final String SPLIT = "split";

        static boolean isRead(String name) {
            return List.of(INPUT, TARGET, TEXT, SPLIT).contains(name);
        }

        static Columns of(String where, List<String> names) {
            Collection<String> twice = names.stream()
                    .filter(Columns::isRead)
                    .collect(Collectors.groupingBy(n -> n, Collectors.counting()))
                    .entrySet()
                    .stream()
                    .filter(e -> e.getValue() > 1)
                    .map(Map.Entry::getKey)
                    .toList();
            Check.that(twice.isEmpty(), "%s has two columns %s", where, String.join(", ", twice));
            boolean pairs = names.contains(INPUT) && names.contains(TARGET);
            boolean texts = names.contains(TEXT);
            boolean both = texts && (names.contains(INPUT) || names.contains(TARGET));
            Check.that(
                    pairs != texts && !both,
                    "%s must have the columns input and target, or one column text%s; it has %s",
                    where,
                    both ? ", not both" : "",
                    names.stream().map(n -> Words.shown(n, 40)).limit(20).collect(Collectors.joining(", ")));
            return new Columns(names.indexOf(INPUT), names.indexOf(pairs ? TARGET : TEXT), names.indexOf(SPLIT));
        }

        Row row(int line, List<String> cells) {
            return new Row(
                    line,
                    input < 0 ? null : cells.get(input),
                    cells.get(target),
                    split < 0 ? "" : cells.get(split).strip());
        }
    }
}
