package hooke.config.task;

import hooke.Check;
import hooke.Sha256;
import hooke.config.form.Words;
import hooke.text.Utf8;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A user's text as documents: the lines of a text file, or one column of CSV, TSV or JSON lines. Empty ones are left out. Bytes that are
 * no UTF-8 stay what they are.
 *
 * @param documents in the order of the file, as bytes
 * @param malformed bytes that are no UTF-8
 * @param sha256 of the file, in hex
 */
public record TextFile(List<byte[]> documents, int malformed, String sha256) {
    /** A byte that is no UTF-8 is this character plus itself until it is a byte again: half a surrogate pair, which no text has. */
    private static final int ESCAPE = 0xDC00;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /**
     * Throws {@link hooke.InputException} where there is none. A plain text has no columns.
     *
     * @param key what the user names the column by, for sentences: {@code task.column}
     */
    public static TextFile read(String path, String column, String key) {
        byte[] bytes = TableFile.bytes(path);
        Check.that(
                path.toLowerCase(Locale.ROOT).matches(".*\\.(txt|csv|tsv|jsonl|ndjson)"),
                "%s must end with .txt, .csv, .tsv or .jsonl, which says how its documents are written",
                path);
        List<byte[]> documents = isPlain(path) ? lines(bytes) : cells(path, bytes, column, key);
        Check.that(
                !documents.stream().allMatch(TextFile::isBlank),
                "%s has no text: a document is needed in each line, such as a title",
                path);
        int malformed = documents.stream().mapToInt(Utf8::malformed).sum();
        return new TextFile(documents, malformed, Sha256.of(bytes));
    }

    /** Whether each line is a document, so that there are no columns. */
    public static boolean isPlain(String path) {
        return path.toLowerCase(Locale.ROOT).endsWith(".txt");
    }

    /** The lines that are not empty, without the byte order mark in front. */
    private static List<byte[]> lines(byte[] bytes) {
        List<byte[]> lines = new ArrayList<>();
        boolean isMarked = bytes.length >= 3 && Arrays.equals(bytes, 0, 3, BYTE_ORDER_MARK, 0, 3);
        int from = isMarked ? 3 : 0;
        for (int at = from; at <= bytes.length; at++) {
            if (at == bytes.length || bytes[at] == '\n' || bytes[at] == '\r') {
                if (at > from) {
                    lines.add(Arrays.copyOfRange(bytes, from, at));
                }
                from = at + 1;
            }
        }
        return lines;
    }

    private static boolean isBlank(byte[] document) {
        return IntStream.range(0, document.length).allMatch(i -> document[i] == ' ' || document[i] == '\t');
    }

    private static List<byte[]> cells(String path, byte[] bytes, String column, String key) {
        List<byte[]> cells = new ArrayList<>();
        ColumnFile.read(path, decode(bytes), column::equals, header -> place(header, column, key), (place, _, row) -> {
            String cell = row.get(place);
            if (!cell.isEmpty()) {
                cells.add(encode(cell));
            }
        });
        return cells;
    }

    private static int place(ColumnFile.Header header, String column, String key) {
        int place = header.place(column);
        Check.that(
                place >= 0,
                "%s has no column %s (%s)%s: %s",
                header.where(),
                Words.shown(column, 40),
                key,
                Check.didYouMean(column, header.names()),
                header.said().get());
        return place;
    }

    private static String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        for (CoderResult result = decoder.decode(in, out, true);
                result.isError();
                result = decoder.decode(in, out, true)) {
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (ESCAPE + (in.get() & 0xFF)));
            }
        }
        String text = out.flip().toString();
        return text.startsWith("\uFEFF") ? text.substring(1) : text;
    }

    private static byte[] encode(String text) {
        if (text.codePoints().noneMatch(TextFile::isEscaped)) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        var out = new ByteArrayOutputStream();
        text.codePoints().forEach(point -> {
            if (isEscaped(point)) {
                out.write(point - ESCAPE);
            } else {
                out.writeBytes(Character.toString(point).getBytes(StandardCharsets.UTF_8));
            }
        });
        return out.toByteArray();
    }

    private static boolean isEscaped(int point) {
        return point >= ESCAPE + 0x80 && point <= ESCAPE + 0xFF;
    }
}
