package hooke.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.cli.Session;
import hooke.cli.terminal.Json;
import hooke.config.task.ByToken;
import hooke.store.Store;
import hooke.sweep.PlantedSweep;
import hooke.sweep.Sweep;
import hooke.sweep.file.Sweeps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Runs on one text cut into different tokens: no command puts a loss or an accuracy by token of one beside that of another. */
final class UnlikeTokensTest {
    private static final String BASE = """
            base:
              task: {kind: text, file: titles.txt, tokenizer: bytes, context: 8}
              model: {n_layers: 1, d_model: 8, n_heads: 2}
              train: {steps: 100, batch: 2, evaluate_every: 10}
            seeds: 2
            """;

    @TempDir
    private static Path dir = Path.of("");

    private static Path unlike = Path.of("");
    private static Path alike = Path.of("");

    @BeforeAll
    static void plant() throws IOException {
        Files.writeString(dir.resolve("titles.txt"), "One title\nAnother title\nA third one\n".repeat(20));
        unlike = Files.writeString(dir.resolve("unlike.yaml"), BASE + "grid: {task.tokenizer: [bytes, characters]}\n");
        alike = Files.writeString(dir.resolve("alike.yaml"), BASE + "grid: {model.d_model: [8, 16]}\n");
        try (Store store = Store.open(dir.resolve("runs"))) {
            for (Path file : new Path[] {unlike, alike}) {
                Sweep sweep = Sweeps.read(file, dir, Sweeps.Options.NONE);
                PlantedSweep.write(
                        store,
                        sweep,
                        (cell, seed) -> PlantedSweep.Fate.of(
                                20, cell.equals(sweep.cells().getFirst()) ? 90 + 2 * seed : 80 + seed));
            }
        }
    }

    private static Session hooke(String... words) {
        String[] args = java.util.Arrays.copyOf(words, words.length + 2);
        args[words.length] = "--store";
        args[words.length + 1] = dir.resolve("runs").toString();
        return Session.of(args);
    }

    @Test
    void factsThatFollowFromATokenizerAreNoSettingsOfItsCell() throws IOException {
        Path named = Files.writeString(
                dir.resolve("named.yaml"),
                BASE + "cells: {a: {}, b: {task.tokenizer: characters, train.dropout: 0.1}}\n");
        assertThat(hooke("table", named.toString(), "--columns", "all")
                        .out()
                        .lines()
                        .findFirst()
                        .orElseThrow())
                .contains("tokenizer", "dropout")
                .doesNotContain("sha256", "train_tokens", "d_vocab");
    }

    @Test
    void aTableOfUnlikeTokensHasBitsAByteAlone() {
        String table = hooke("table", unlike.toString(), "--columns", "all").out();
        assertThat(table.lines().findFirst().orElseThrow())
                .contains("bits/byte")
                .doesNotContain("accuracy", "nats/token", "reached", "step to");
        assertThat(table.replaceAll("\\s+", " ")).contains(ByToken.DIFFERS);
        assertThat(hooke("table", unlike.toString(), "--csv")
                        .out()
                        .lines()
                        .findFirst()
                        .orElseThrow())
                .contains("test_bits_per_byte_median")
                .doesNotContain("accuracy", "test_loss");
        assertThat(hooke("table", unlike.toString(), "--runs")
                        .out()
                        .lines()
                        .findFirst()
                        .orElseThrow())
                .contains("test_bits_per_byte")
                .doesNotContain("accuracy", "test_loss");
        JsonNode cell = Json.tree(hooke("table", unlike.toString(), "--json").out())
                .path("cells")
                .get(0);
        assertThat(cell.path("test_bits_per_byte").path("n").asInt()).isEqualTo(2);
        assertThat(cell.has("test_accuracy") || cell.has("test_loss")).isFalse();
    }

    @Test
    void aTableOfOneTokenizerHasEveryUnitAndNoGoalThatNobodyExpects() {
        assertThat(hooke("table", alike.toString(), "--columns", "all")
                        .out()
                        .lines()
                        .findFirst()
                        .orElseThrow())
                .containsSubsequence("bits/byte", "nats/token", "test accuracy")
                .doesNotContain("reached", "step to");
    }

    @Test
    void cellsAreComparedByBitsAByteSeedBySeed() {
        assertThat(hooke("table", unlike.toString(), "--compare", "tokenizer-bytes,tokenizer-characters")
                        .out())
                .contains("bits/byte")
                .doesNotContain("nats/token")
                .containsPattern("seed by seed: [0-9.]+ \\[.*\\] bits/byte, n = 2, 95% Student t interval");
    }

    @Test
    void thePageOfASweepDrawsBitsAByteAlone() throws IOException {
        assertThat(hooke("report", unlike.toString()).status()).isZero();
        assertThat(Files.readString(dir.resolve("runs/reports/unlike.html")))
                .contains("Lowest bits/byte: tokenizer-characters", "Bits/byte of the test set", ByToken.DIFFERS)
                .doesNotContain("Test accuracy", "Train accuracy", "Steps to grok");
    }

    @Test
    void runsBesideEachOtherShareWhatIsNotByToken() throws IOException {
        Session report = hooke("report", "unlike.tokenizer-bytes/0", "unlike.tokenizer-characters/0");
        assertThat(report.status()).as(report.err()).isZero();
        String page = Files.readString(Path.of(report.out().strip()));
        assertThat(page).contains("final test bits per byte", ByToken.DIFFERS).doesNotContain("final test loss");

        page = Files.readString(Path.of(
                hooke("report", "alike.d_model-8/0", "alike.d_model-16/0").out().strip()));
        assertThat(page).contains("final test bits per byte", "final test loss").doesNotContain(ByToken.DIFFERS);
    }

    @Test
    void listsAreNotSortedOrFilteredByToken() {
        assertThat(hooke("ls", "unlike*", "--sort", "test_loss"))
                .satisfies(ls -> assertThat(ls.status()).isEqualTo(2))
                .satisfies(ls -> assertThat(ls.err()).contains("test_loss does not compare", ByToken.DIFFERS));
        assertThat(hooke("ls", "unlike*", "--where", "test_accuracy>0.1").status())
                .isEqualTo(2);
        assertThat(hooke("ls", "unlike*", "--sort", "test_bits_per_byte").out())
                .containsSubsequence("characters/0", "bytes/1")
                .contains(ByToken.DIFFERS)
                .doesNotContain("%");
        assertThat(hooke("ls", "alike*", "--sort", "test_loss").out()).contains("%");
    }

    @Test
    void aSweepThatLearnsFromResultsNeedsAMetricThatCompares() {
        String halving = "halving: {metric: %s, rungs: [50]}\n";
        String unlikeCells = BASE + "grid: {task.tokenizer: [bytes, characters]}\n";
        assertThatThrownBy(() -> sweep(unlikeCells + halving.formatted("test-loss")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("halving.metric (test-loss) cannot order these cells")
                .hasMessageEndingWith("take test-bits-per-byte");
        assertThat(sweep(unlikeCells + halving.formatted("test_bits_per_byte")).halving())
                .isPresent();
        assertThat(sweep(BASE + "grid: {model.d_model: [8, 16]}\n" + halving.formatted("test-loss"))
                        .halving())
                .isPresent();
        String random = "random: {samples: 4, %s}\nbayes: {metric: %s}\n";
        assertThatThrownBy(() -> sweep(BASE
                        + random.formatted(
                                "task.tokenizer: {distribution: choice, values: [bytes, characters]}",
                                "test-accuracy")))
                .hasMessageContaining("bayes.metric (test-accuracy) cannot order these cells");
        assertThatThrownBy(() -> sweep("""
                base: quick-grok
                random: {samples: 4, model.d_mlp: {distribution: int, min: 8, max: 64}}
                bayes: {metric: test-bits-per-byte}
                """)).hasMessageContaining("is measured of texts alone");
    }

    private static Sweep sweep(String yaml) {
        try {
            return Sweeps.read(
                    Files.writeString(dir.resolve("asked.yaml"), yaml), Path.of("experiments"), Sweeps.Options.NONE);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void aKeptTokenizerThatDoesNotFitTheModelIsSaidSo() throws IOException, SQLException {
        for (String tokenizer : new String[] {"bytes", "characters"}) {
            Path file = Files.writeString(dir.resolve(tokenizer + ".yaml"), """
                    task: {kind: text, file: titles.txt, tokenizer: %s, context: 8}
                    model: {n_layers: 1, d_model: 8, n_heads: 2}
                    train: {steps: 2, batch: 2}
                    """.formatted(tokenizer));
            assertThat(Session.of(
                                    "run",
                                    file.toString(),
                                    "--no-report",
                                    "--store",
                                    dir.resolve("mixed").toString())
                            .status())
                    .isZero();
        }
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("mixed/hooke.db"))) {
            database.createStatement().execute("""
                            UPDATE events SET detail = (SELECT e.detail FROM events e WHERE e.kind = 'tokenizer' AND e.run = 2)
                            WHERE kind = 'tokenizer' AND run = 1
                            """);
        }

        String store = dir.resolve("mixed").toString();
        for (String command : new String[] {"score bytes", "generate bytes --prompt One", "ask bytes One"}) {
            Session session = Session.of((command + " --store " + store).split(" ", -1));
            assertThat(session.status()).as(command).isEqualTo(2);
            assertThat(session.err().lines())
                    .as(command)
                    .containsExactly(
                            "hooke: the tokenizer that the run keeps has 15 tokens, and its model 259: they do not fit");
        }
    }
}
