package hooke.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every lens on a list-copy model that trained for a moment, by the commands alone. */
final class LensCommandTest {
    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void train() throws IOException {
        Path file = folder.resolve("copy.yaml");
        Files.writeString(file, """
                task: {kind: list-copy, list_length: 2, n_digits: 6}
                model: {n_layers: 2, d_model: 16, n_heads: 2, attn_only: true, mask: bottleneck}
                train: {steps: 40, batch: 8, evaluate_every: 20, checkpoint_every: 20, optimizer: {lr: 0.01}, threads: 1}
                """);
        assertThat(hooke("run", file.toString()).status()).isZero();
    }

    private static Session hooke(String... words) {
        String[] args = java.util.Arrays.copyOf(words, words.length + 2);
        args[words.length] = "--store";
        args[words.length + 1] = folder.resolve("runs").toString();
        return Session.of(args);
    }

    @Test
    void patternsHaveLabelledPositionsAndADotWhereTheMaskIsClosed() {
        Session shown = hooke("lens", "copy/0@20", "patterns", "3", "5");

        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out())
                .startsWith("attention of copy/0@20 on 3 5 SEP SEP SEP\n")
                .contains("layer 1, head 1")
                .containsPattern("o1 +· +· +1.000 +· +·");
        JsonNode json = Json.tree(
                hooke("lens", "copy", "patterns", "--layer", "1", "--json").out());
        assertThat(json.at("/patterns").size()).isEqualTo(2);
        assertThat(json.at("/patterns/0/weights/3/2").asDouble()).isEqualTo(1);
    }

    @Test
    void whatIsNotThereIsNamedWithWhatIs() {
        assertThat(hooke("lens", "copy").err()).contains("which lens?").contains("patterns");
        assertThat(hooke("lens", "copy", "patern").err()).contains("did you mean 'patterns'?");
        assertThat(hooke("lens", "copy/0@21", "patterns").err()).contains("the nearest are 20 and 40");
        assertThat(hooke("lens", "copy", "patterns", "--layer", "2").err())
                .contains("--layer (2) must be less than the model's 2 layers");
        assertThat(hooke("lens", "copy", "patterns", "3").status()).isEqualTo(2);
        assertThat(hooke("lens", "cpoy", "patterns").err()).contains("did you mean 'copy'?");
    }
}
