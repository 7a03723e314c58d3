package hooke.config.task;

import hooke.Amounts;
import hooke.Check;
import hooke.Headroom;
import hooke.InputException;
import hooke.NotAFile;
import hooke.NotText;
import hooke.Reason;
import hooke.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        List<Row> rows = new ArrayList<>();
        ColumnFile.read(
                path, text, Columns::isRead, Columns::of, (columns, line, cells) -> rows.add(columns.row(line, cells)));
        Check.that(
                rows.stream().map(row -> row.input() == null).distinct().count() <= 1,
                "%s has lines with text and lines with input and target: all must be of one kind",
                path);
        Check.that(!rows.isEmpty(), "%s has no examples: below the columns' names, each line is one", path);
        return new TableFile(rows, Sha256.of(bytes));
    }

    static byte[] bytes(String path) {
        return bytes(path, "a file of examples");
    }

    /** @param what it should be, for the sentence where there is none */
    static byte[] bytes(String path, String what) {
        try {
            Path file = Path.of(path);
            NotAFile.why(file).ifPresent(why -> {
                throw new InputException(path + " " + why + "; name " + what);
            });
            try (InputStream in = Files.newInputStream(file)) {
                NotText.why(in.readNBytes(NotText.HEAD)).ifPresent(why -> {
                    throw new InputException(path + " " + why);
                });
            }
            Check.that(
                    Files.size(file) <= MOST_BYTES,
                    "%s has %s bytes: at most %s can be held in memory",
                    path,
                    Files.size(file),
                    MOST_BYTES);
            // As bytes, as characters, as documents, and what they are cut into.
            Headroom.now()
                    .check(
                            path + " has " + Amounts.bytes(Files.size(file)) + ": reading it",
                            5.0 * Files.size(file),
                            0,
                            "");
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

    /** Where the columns that count stand; -1 where there is none. */
    private record Columns(int input, int target, int split) {
        private static final String INPUT = "input";
        private static final String TARGET = "target";
        private static final String TEXT = "text";
        private static final String SPLIT = "split";

        static boolean isRead(String name) {
            return List.of(INPUT, TARGET, TEXT, SPLIT).contains(name);
        }

        static Columns of(ColumnFile.Header header) {
            boolean pairs = header.has(INPUT) && header.has(TARGET);
            boolean texts = header.has(TEXT);
            boolean both = texts && (header.has(INPUT) || header.has(TARGET));
            Check.that(
                    pairs != texts && !both,
                    "%s must have the columns input and target, or one column text%s: %s",
                    header.where(),
                    both ? ", not both" : "",
                    header.said().get());
            return new Columns(header.place(INPUT), header.place(pairs ? TARGET : TEXT), header.place(SPLIT));
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
