package hooke.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import hooke.cli.terminal.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Models of a file of the user's own that were trained too shortly to have learned much. */
final class GenerateTest {
    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void train() throws Exception {
        Files.writeString(
                folder.resolve("twice.csv"), "input,target\na b,a a b b\nb,b b\nc a,c c a a\na,a a\nb c,b b c c\n");
        Files.writeString(folder.resolve("twice.yaml"), """
                task: {kind: table, file: twice.csv}
                model: {n_layers: 1, d_model: 16, n_heads: 2, norm: layer-norm}
                train: {steps: 40, batch: 2, threads: 1, optimizer: {lr: 0.01}}
                """);
        Files.writeString(folder.resolve("fixed.yaml"), """
                task: {kind: modular-arithmetic, operation: add, modulus: 5}
                model: {n_layers: 1, d_model: 16, n_heads: 2}
                train: {steps: 1}
                """);
        for (String name : new String[] {"twice", "fixed"}) {
            Session session = hooke("run", folder.resolve(name + ".yaml").toString());
            assertThat(session.status()).as(session.err()).isZero();
        }
    }

    private static Session hooke(String... words) {
        String[] all = Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--store";
        all[words.length + 1] = folder.resolve("runs").toString();
        return Session.of(all);
    }

    @Test
    void oneTextIsWrittenAsItComes() {
        Session session = hooke("generate", "twice", "--prompt", "a b");

        assertThat(session.status()).as(session.err()).isZero();
        assertThat(session.out()).startsWith("a b <sep>").endsWith("\n");
        assertThat(session.err()).containsPattern("twice/0@40: \\d+ tokens in ");
        assertThat(hooke("generate", "twice", "--prompt", "a b", "--threads", "2")
                        .out())
                .isEqualTo(session.out());
    }

    @Test
    void manyTextsAndTheirEndAreJson() throws Exception {
        Path prompts = folder.resolve("prompts.txt");
        Files.writeString(prompts, "a b\n\nc a <sep> c\n");
        Session session = hooke(
                "generate",
                "twice",
                "--prompts",
                prompts.toString(),
                "--temperature",
                "0.9",
                "--top-k",
                "4",
                "--seed",
                "5",
                "--json");

        assertThat(session.status()).as(session.err()).isZero();
        JsonNode answers = Json.tree(session.out()).path("answers");
        assertThat(answers.size()).isEqualTo(2);
        assertThat(answers.path(1).path("prompt").asString("")).isEqualTo("c a <sep> c");
        assertThat(answers.path(0).path("tokens").size()).isBetween(1, 5);
    }

    @Test
    void whatSmallerWeightsCostIsMeasured() {
        Session session = hooke("generate", "twice", "--prompt", "a", "--weights", "int8");

        assertThat(session.err()).containsPattern("int8 weights: loss \\d\\.\\d+ nats/token, accuracy .*; float32: ");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            twice --prompt x              | is not a token of twice.csv
            twice                         | there is nothing to go on from: give --prompt TEXT or --prompts FILE
            twice --prompts missing.txt   | --prompts (missing.txt) is no file
            twice --prompt a --tokens 99  | --tokens (99) must be from 1 to
            twice --prompt a --top-p 2    | top-p (2.0) must be more than 0 and at most 1
            twice --prompt a --weights f8 | --weights (f8) must be one of float32, bf16, int8
            fixed --prompt a              | run fixed/0 answers at fixed positions and does not continue texts
            """)
    void whatIsWrongIsSaid(String line, String sentence) {
        Session session = hooke(("generate " + line).split(" "));

        assertThat(session.status()).isEqualTo(2);
        assertThat(session.err()).startsWith("hooke: ").contains(sentence);
    }
}
