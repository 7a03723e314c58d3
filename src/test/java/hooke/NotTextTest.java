package hooke;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NotTextTest {
    /** The first bytes of files that the programs themselves wrote. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            1f8b0800000000000203, gzip
            504b0304140000000000, zip archive
            28b52ffd2401, zstd
            425a683931415926535972, bzip2
            425a683917724538509000, bzip2
            fd377a585a000004, xz
            377abcaf271c0004, 7z
            255044462d312e370a, PDF
            504152311504152c, Parquet
            4152524f57310000, Arrow
            53514c69746520666f726d6174203300, SQLite
            fffe0000480000, UTF-32
            fffe4800, -f UTF-16 -t
            4800650061006c00, UTF-16LE
            00480065006c006c, UTF-16BE
            """)
    void whatIsNoTextIsKnownByItsFirstBytes(String hex, String name) {
        assertThat(NotText.why(HexFormat.of().parseHex(hex))).get().asString().contains(name);
    }

    @Test
    void aTarArchiveHasItsSignBehindAName() {
        byte[] head = new byte[NotText.HEAD];
        head[0] = 'a';
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, head, 257, 5);

        assertThat(NotText.why(head)).get().asString().contains("tar archive");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "BZh9 is how bzip2 begins",
                "PAR1S",
                "PK",
                "7z",
                "a\0b\0",
                "naïve 😀",
                "\uFEFFwith a mark"
            })
    void textIsLeftAlone(String text) {
        assertThat(NotText.why(text.getBytes(StandardCharsets.UTF_8))).isEmpty();
        assertThat(NotText.why(text.getBytes(StandardCharsets.ISO_8859_1))).isEmpty();
    }

    @Test
    void bytesThatAreNoLettersAreLeftAlone() {
        assertThat(NotText.why(new byte[100])).isEmpty();
        assertThat(NotText.why(new byte[] {1, 2, 0, 3, 0, 4, 0, 5, 0, 0, 0})).isEmpty();
    }
}
