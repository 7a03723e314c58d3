package hooke.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import hooke.cli.terminal.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A tiny study from the file to the answer, by the commands alone. */
final class RunsTest {
    @TempDir
    private static Path folder = Path.of("");

    private static String file = "";
    private static Session trained = new Session(-1, "", "");

    @BeforeAll
    static void train() throws IOException {
        file = folder.resolve("tiny.yaml").toString();
        Files.writeString(Path.of(file), """
                note: A model that fits into a thimble.
                task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.8}
                model: {n_layers: 1, d_model: 16, n_heads: 2}
                train:
                  steps: 60
                  evaluate_every: 5
                  checkpoint_every: 20
                  optimizer: {lr: 0.01}
                """);
        trained = hooke("run", file);
    }

    private static Session hooke(String... words) {
        String[] args = java.util.Arrays.copyOf(words, words.length + 2);
        args[words.length] = "--store";
        args[words.length + 1] = folder.resolve("runs").toString();
        return Session.of(args);
    }

    @Test
    void runEndsWithWhatCameOfIt() {
        assertThat(trained.status()).isZero();
        assertThat(trained.out())
                .startsWith("tiny/0\nmemorized at step ")
                .contains("not grokked within 60 steps\n")
                .containsPattern("train +[0-9.e-]+ +100.00%\n")
                .contains("./hooke show tiny/0");
        assertThat(trained.err()).startsWith("tiny/0 on cpu, 1 thread\n").contains("tiny/0: memorized at step ");
    }

    @Test
    void aRunThatIsDoneIsNotDoneAgain() {
        Session again = hooke("run", file);

        assertThat(again.status()).isZero();
        assertThat(again.err()).isEqualTo("tiny/0 is done already; another seed or setting makes another run\n");
        assertThat(again.out()).isEqualTo(trained.out());
    }

    @Test
    void lsShowsOneLineARun() {
        assertThat(hooke("ls").out().lines())
                .anySatisfy(line -> assertThat(line).matches("tiny/0 +done +60 +[0-9]+ +> 60 .*"));
        assertThat(hooke("ls", "tine").err())
                .contains("no run, sweep or cell in ")
                .contains("is called 'tine'")
                .contains("did you mean 'tiny'?");
    }

    @Test
    void showShowsTheRunAndItsCurves() {
        Session shown = hooke("show", "tiny");

        assertThat(shown.status()).isZero();
        assertThat(shown.out())
                .startsWith("tiny/0  done at step 60 of 60")
                .contains("A model that fits into a thimble.")
                .containsPattern("train_loss +61 .*[▁▂▃▄▅▆▇█]{48}\n")
                .containsPattern("test_accuracy +13 ")
                .containsPattern("train.optimizer.lr +0.01 +0.001\n")
                .contains("4, steps 0 to 60")
                .contains("hooke run " + file)
                .doesNotContain("auto");
    }

    @Test
    void showTellsWhatWasMeasuredAtAStep() {
        assertThat(hooke("show", "tiny/0@20").out())
                .containsPattern("at step 20\n  train_loss +[0-9.]+ nats/answer\n")
                .containsPattern("  weights +.*checkpoints/20.safetensors\n");
    }

    @Test
    void showAsJsonHasOutcomesByKind() {
        JsonNode json = Json.tree(hooke("show", "tiny/0", "--json").out());

        assertThat(json.at("/result/grokked/kind").asString()).isEqualTo("censored");
        assertThat(json.at("/series/train_loss/points").asInt()).isEqualTo(61);
        assertThat(json.at("/checkpoints").size()).isEqualTo(4);
    }

    @Test
    void exportHasEveryPoint() {
        Session csv = hooke("export", "tiny", "--series", "test_loss");

        assertThat(csv.out().lines())
                .hasSize(14)
                .startsWith("series,step,value")
                .anyMatch(l -> l.startsWith("test_loss,60,"));
        JsonNode json = Json.tree(hooke("export", "tiny", "--json").out());
        assertThat(json.at("/series/train_loss/steps").size()).isEqualTo(61);
        assertThat(hooke("export", "tiny", "--series", "tset_loss").err()).contains("did you mean 'test_loss'?");
    }

    @Test
    void askAnswersFromAnyCheckpoint() {
        Session answer = hooke("ask", "tiny", "2", "4");

        assertThat(answer.out())
                .matches("2 \\+ 4 = [0-4] \\(mod 5\\), with probability [<>]?[0-9.]+% \\(tiny/0@60\\)\\R");
        assertThat(hooke("ask", "tiny/0@20", "2", "4").out()).contains("(tiny/0@20)");
        assertThat(hooke("ask", "tiny", "2", "5").err()).contains("'5' must be a residue: a whole number from 0 to 4");
        assertThat(hooke("ask", "tiny", "2").status()).isEqualTo(2);
        assertThat(hooke("ask", "tiny/0@7", "2", "4").err()).contains("the nearest are 0 and 20");
    }

    @Test
    void theCardTellsWhatItIsAndWhatCameOfIt() {
        assertThat(hooke("card", "tiny").out())
                .startsWith("# tiny/0\nA model that fits into a thimble.\n")
                .contains("  attn: W_Q [2, 16, 8], W_O [2, 8, 16]")
                .containsPattern("- memorized at step [0-9]+ ")
                .contains("- not grokked within 60 steps\n")
                .contains("./hooke ask tiny/0 4 4")
                .contains("hooke run " + file);
    }

    @Test
    void aNameAloneIsARunWhereThereIsOneAndElseAnExperiment() throws IOException {
        Path other = folder.resolve("other-runs");
        for (String steps : new String[] {"2", "3"}) {
            Session.of(
                    "run",
                    "quick-grok",
                    "--set",
                    "train.steps=" + steps,
                    "--set",
                    "train.evaluate_every=1",
                    "--store",
                    other.toString());
        }
        Session runs = Session.of("diff", "quick-grok", "quick-grok-2", "--store", other.toString());
        Session file = Session.of("diff", "quick-grok", "quick-grok/0", "--store", other.toString());
        Session experiments = Session.of("diff", "list-copy", "list-copy-d8", "--store", other.toString());
        Session misspelt = Session.of("diff", "quick-grok", "quick-grk-2", "--store", other.toString());

        assertThat(runs.out()).isEqualTo("""
                setting      quick-grok/0  quick-grok-2/0
                train.steps             2               3
                """);
        assertThat(file.out())
                .containsPattern("setting +experiment quick-grok +quick-grok/0\n")
                .containsPattern("train.steps +10000 +2\n");
        assertThat(experiments.out()).containsPattern("setting +experiment list-copy +experiment list-copy-d8\n");
        assertThat(misspelt.status()).isEqualTo(2);
        assertThat(misspelt.err())
                .contains("no run in " + other + " and no experiment called 'quick-grk-2'")
                .contains("did you mean 'quick-grok-2'?");
    }

    @Test
    void diffComparesFilesAndRuns() {
        assertThat(hooke("diff", file, "tiny/0").out()).isEqualTo("no difference between " + file + " and tiny/0\n");
        assertThat(hooke("diff", "quick-grok", "tiny/0").out()).containsPattern("task.modulus +53 +5\n");
    }

    @Test
    void removingFreesWhatDuNames() throws IOException {
        hooke("run", file, "--seed", "7");
        assertThat(hooke("du").out()).containsPattern("tiny/7 +4 ");

        assertThat(hooke("rm", "tiny/7@20", "--yes").err())
                .isEqualTo("hooke: rm takes whole runs: say tiny/7, without a step\n");
        assertThat(hooke("rm", "tiny").err()).contains("which of tiny/0, tiny/7?");
        assertThat(hooke("rm", "tiny/7").err()).contains("give --yes");
        Session removed = hooke("rm", "tiny/7", "--yes");

        assertThat(removed.out()).startsWith("removed tiny/7; ");
        assertThat(hooke("du").out()).doesNotContain("tiny/7");
        assertThat(hooke("ls").out()).contains("tiny/0").doesNotContain("tiny/7");
    }

    @Test
    void aDamagedOutcomeHidesNoOtherRun(@TempDir Path copies) throws Exception {
        Path copy = copies.resolve("runs");
        assertThat(hooke("run", file, "--seed", "3").status()).isZero();
        try (var files = Files.walk(folder.resolve("runs"))) {
            for (Path from : files.toList()) {
                Files.copy(
                        from,
                        copy.resolve(folder.resolve("runs").relativize(from).toString()));
            }
        }
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + copy.resolve("hooke.db"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("UPDATE runs SET outcome = '{\"outcome\": 7}' WHERE seed = 3"))
                    .isEqualTo(1);
        }

        Session listed = Session.of("ls", "--store", copy.toString());

        assertThat(listed.status()).isZero();
        assertThat(listed.out()).contains("tiny/3  done (outcome damaged)").containsPattern("tiny/0 +done +60");
        assertThat(hooke("rm", "tiny/3", "--yes").status()).isZero();
        assertThat(folder.resolve("runs/reports/tiny-3.html")).doesNotExist();
        assertThat(folder.resolve("runs/reports/tiny-0.html")).exists();
    }

    @Test
    void aMissingGpuIsOneSentence() {
        Session session = hooke("run", file, "--seed", "8", "--device", "cuda");

        assertThat(session.status()).isEqualTo(2);
        assertThat(session.err().lines()).singleElement().asString().startsWith("hooke: device cuda: ");
        assertThat(hooke("ls").out()).doesNotContain("tiny/8");
    }

    @Test
    void aFolderWithoutAStoreIsOneSentence() {
        Session session = Session.of("ls", "--store", folder.resolve("nothing").toString());

        assertThat(session.status()).isEqualTo(2);
        assertThat(session.err()).contains("there is no store in");
        assertThat(folder.resolve("nothing")).doesNotExist();
    }

    @Test
    void newWritesAFileThatCanBeExplained() throws IOException {
        Path fresh = folder.resolve("fresh.yaml");

        assertThat(Session.of("new", fresh.toString(), "--task", "list-copy").status())
                .isZero();
        assertThat(Files.readString(fresh, StandardCharsets.UTF_8)).contains("kind: list-copy");
        assertThat(Session.of("explain", fresh.toString()).out()).startsWith("fresh/0\n");
        assertThat(Session.of("new", fresh.toString()).err()).contains("exists already");
        assertThat(Session.of("new", folder.resolve("fresh").toString()).err()).contains("ends with .yaml");
        Path copy = folder.resolve("copy.yaml");
        assertThat(Session.of("new", copy.toString(), "--from", "quick-grok").status())
                .isZero();
        assertThat(hooke("diff", copy.toString(), "quick-grok").out().lines())
                .allMatch(line -> line.matches("(setting|name|no difference).*"));
    }
}
