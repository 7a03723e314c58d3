package hooke;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Looks at how a file begins that should be text: bytes are learned whatever they mean, also those of an archive. */
public final class NotText {
    /** Bytes of a file that are looked at: with the sign of a tar archive. */
    public static final int HEAD = 512;

    /** A file's first bytes, one character each, and what it then is. */
    private record Format(Pattern begins, String what) {}

    private static final List<Format> FORMATS = List.of(
            format("1f8b", "is compressed by gzip: unpack it first (gunzip)"),
            format(
                    "504b0304",
                    "is a zip archive, as spreadsheets are, too: unpack it first (unzip), or save a table as CSV"),
            format("504b0506", "is an empty zip archive"),
            format("28b52ffd", "is compressed by zstd: unpack it first (unzstd)"),
            format("04224d18", "is compressed by lz4: unpack it first (unlz4)"),
            format("425a68..(314159265359|177245385090)", "is compressed by bzip2: unpack it first (bunzip2)"),
            format("fd377a585a00", "is compressed by xz: unpack it first (unxz)"),
            format("377abcaf271c", "is a 7z archive: unpack it first"),
            format(".{514}7573746172", "is a tar archive: unpack it first (tar -xf)"),
            format(ascii("%PDF-"), "is a PDF file: save its text first (pdftotext)"),
            format(ascii("PAR1") + "[01][0-9a-f]", "is a Parquet file: save it as CSV or JSON lines first"),
            format(ascii("ARROW1") + "0000", "is an Arrow file: save it as CSV or JSON lines first"),
            format(ascii("SQLite format 3") + "00", "is an SQLite database: save a table of it as CSV first"),
            format("d0cf11e0a1b11ae1", "is a file of an old Microsoft Office: save it as text or CSV first"),
            format("fffe0000|0000feff", "is UTF-32; save it as UTF-8 (iconv -f UTF-32 -t UTF-8)"),
            // Windows programs save so; as bytes it would be learned with a zero byte behind each letter.
            format("fffe|feff", utf16("")));

    private NotText() {}

    /**
     * What it is instead of text in UTF-8, and what to do, as the end of a sentence; empty if it may be text.
     *
     * @param head the first {@link #HEAD} bytes of a file, or all
     */
    public static Optional<String> why(byte[] head) {
        String hex = HexFormat.of().formatHex(head, 0, Math.min(head.length, HEAD));
        return FORMATS.stream()
                .filter(format -> format.begins().matcher(hex).lookingAt())
                .map(Format::what)
                .findFirst()
                .or(() -> isUtf16(head, 0) ? Optional.of(utf16("LE")) : Optional.empty())
                .or(() -> isUtf16(head, 1) ? Optional.of(utf16("BE")) : Optional.empty());
    }

    /** Without a mark at its start: pairs of bytes, of which the high one is nearly always zero and the low one never. */
    private static boolean isUtf16(byte[] head, int low) {
        int pairs = Math.min(head.length, HEAD) / 2;
        int zeros = 0;
        for (int pair = 0; pair < pairs; pair++) {
            if (head[2 * pair + low] == 0) {
                return false;
            }
            zeros += head[2 * pair + 1 - low] == 0 ? 1 : 0;
        }
        return pairs >= 4 && 4 * zeros > 3 * pairs;
    }

    private static Format format(String hex, String what) {
        return new Format(Pattern.compile(hex), what);
    }

    private static String utf16(String order) {
        return "is UTF-16; save it as UTF-8 (iconv -f UTF-16%s -t UTF-8)".formatted(order);
    }

    private static String ascii(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.US_ASCII));
    }
}
