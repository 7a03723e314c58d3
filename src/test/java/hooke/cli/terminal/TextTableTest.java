package hooke.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class TextTableTest {
    private static final TextTable RUNS = TextTable.of("run", "steps", "accuracy")
            .row("quick-grok/0", "1,230", "0.9994")
            .row("a|b", "7", "-");

    @Test
    void columnsAreAsWideAsTheyNeedAndNumbersStandRight() {
        assertThat(RUNS.text("  ")).isEqualTo("""
                  run           steps  accuracy
                  quick-grok/0  1,230    0.9994
                  a|b               7         -
                """);
    }

    @Test
    void markdownMarksTheAlignmentAndEscapesPipes() {
        assertThat(RUNS.markdown()).isEqualTo("""
                | run          | steps | accuracy |
                | ------------ | ----: | -------: |
                | quick-grok/0 | 1,230 |   0.9994 |
                | a\\|b         |     7 |        - |
                """);
    }

    @Test
    void charactersBeyondSixteenBitsCountOnce() {
        assertThat(TextTable.headless(2).row("\uD835\uDCCD", "x").row("ab", "y").text(""))
                .isEqualTo("\uD835\uDCCD   x\nab  y\n");
    }

    @Test
    void rowsFitTheColumns() {
        assertThatThrownBy(() -> TextTable.headless(2).row("one")).hasMessageContaining("2 columns");
    }
}
