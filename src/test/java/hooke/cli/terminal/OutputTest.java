package hooke.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.Printable;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is anybody's text is shown, and does nothing to a terminal or a spreadsheet. */
final class OutputTest {
    private static String printed(String text) {
        var bytes = new ByteArrayOutputStream();
        Output.to(bytes, true, Terminal.PLAIN).print(text);
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whatATerminalWouldActOnIsWrittenOut() {
        assertThat(printed("\u001b[2J\u0007\u009b31m \u202eevil\u2066 a\rb \u2028 \udb40\udc01"))
                .isEqualTo("\\u001b[2J\\u0007\\u009b31m \\u202eevil\\u2066 a\\u000db \\u2028 \\udb40\\udc01");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "plain\n\ttext\n", "Zürich α → β 日本語 \u200d👩\u200d🔬", "Windows\r\n"})
    void everythingElseStays(String text) {
        assertThat(printed(text)).isEqualTo(text);
    }

    @Test
    void aCellOfATableIsOneLine() {
        assertThat(Printable.line("a\nb\tc\u001b")).isEqualTo("a\\nb\\tc\\u001b");
        assertThat(TextTable.of("head").row("two\nlines").text(""))
                .hasLineCount(2)
                .contains("two\\nlines");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "loss, loss",
                "`a,b`, `\"a,b\"`",
                "=cmd|' /C calc'!A0, '=cmd|' /C calc'!A0",
                "@SUM(A1), '@SUM(A1)",
                "+1+2, '+1+2",
                "-2+3, '-2+3",
                "-inf, -inf",
                "-1.5E-7, -1.5E-7",
                "-Infinity, -Infinity",
                "--steps, '--steps"
            })
    void aSpreadsheetRunsNothing(String value, String cell) {
        assertThat(Csv.cell(value)).isEqualTo(cell);
    }

    @Test
    void aCellCannotForgeARow() {
        assertThat(Csv.line(List.of("a\n9,9,9", "=\r1", "b\"c"))).isEqualTo("\"a\n9,9,9\",\"'=\r1\",\"b\"\"c\"\n");
    }
}
