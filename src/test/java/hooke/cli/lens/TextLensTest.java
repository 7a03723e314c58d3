package hooke.cli.lens;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the lens shows of a model that learned a text, whose blocks are longer than a terminal is wide. */
final class TextLensTest {
    @TempDir
    private static Path dir = Path.of("");

    @BeforeAll
    static void train() throws IOException {
        Files.writeString(dir.resolve("titles.txt"), "One title\nAnother\ttitle\nA third one\n".repeat(120));
        Path file = Files.writeString(dir.resolve("titles.yaml"), """
                task: {kind: text, file: titles.txt, tokenizer: characters, context: 80}
                model: {n_layers: 2, d_model: 8, n_heads: 2}
                train: {steps: 4, batch: 2}
                """);
        Session run = hooke("run", file.toString(), "--no-report");
        assertThat(run.status()).as(run.err()).isZero();
    }

    private static Session hooke(String... words) {
        String[] args = Arrays.copyOf(words, words.length + 2);
        args[words.length] = "--store";
        args[words.length + 1] = dir.resolve("runs").toString();
        return Session.of(args);
    }

    @Test
    void anyBeginningOfADocumentCanBeLookedAt() {
        Session patterns = hooke("lens", "titles", "patterns", "A\tone");
        assertThat(patterns.out())
                .startsWith("attention of titles/0@4 on <eos> A \\t o n e\n")
                .contains("\n  1 A ", "\n  2 \\t ")
                .doesNotContain("\t");
        assertThat(hooke("lens", "titles", "logits", "A th").out())
                .startsWith("titles/0@4 on A th\n")
                .contains("read at position 4", "final");
        assertThat(hooke("lens", "titles", "patterns", "A ".repeat(60)).err())
                .contains("the question has 121 tokens: at most 80 fit in a block (task.context)");
    }

    @Test
    void longBlocksFitATerminal() {
        Session patterns = hooke("lens", "titles", "patterns", "--layer", "0");
        assertThat(patterns.err()).contains("shown are the first 16 of 80 positions: --page and --json have them all");
        Session logits = hooke("lens", "titles", "logits");
        assertThat(logits.out())
                .contains("on the test set, only the first blocks, n = 5, mean of 80 positions\n", " at all\n");
        assertThat(hooke("lens", "titles", "patch", "--examples", "2").err())
                .contains("no two of the first 2 of the test set", "make a pair with seed 0");
        Session patch = hooke("lens", "titles", "patch");
        assertThat(patch.out() + patch.err()).contains("over 80 positions on the clean examples", "--json has them");
        for (Session session : new Session[] {patterns, logits, patch}) {
            assertThat(session.out().lines().mapToInt(String::length)).allMatch(width -> width < 200);
        }
    }

    @Test
    void aPageHasTheBeginningsOfBlocks() throws IOException {
        assertThat(hooke("lens", "titles", "patterns", "--page").status()).isZero();
        String page = Files.readString(dir.resolve("runs/reports/titles-0-4-attention.html"));
        assertThat(page.contains("\"63\"]") && !page.contains("\"64\""))
                .as("64 positions")
                .isTrue();
        assertThat(page.contains("A third one ⏎ One title"))
                .as("its name is readable")
                .isTrue();
        assertThat(page.contains("\"␣\"")).as("a space can be seen").isTrue();
    }
}
