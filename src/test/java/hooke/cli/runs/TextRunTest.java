package hooke.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a run that learned a text, and what it needs of the text's file. */
final class TextRunTest {
    @TempDir
    private Path dir = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void write() throws IOException {
        Files.writeString(dir.resolve("titles.txt"), "One title\nAnother title\nA third one\n".repeat(20));
        file = Files.writeString(dir.resolve("titles.yaml"), """
                task: {kind: text, file: titles.txt, tokenizer: bytes, context: 8}
                model: {n_layers: 1, d_model: 8, n_heads: 2}
                train: {steps: 4, batch: 2, evaluate_every: 2, checkpoint_every: 2}
                """);
    }

    private Session hooke(String... words) {
        String[] args = java.util.Arrays.copyOf(words, words.length + 2);
        args[words.length] = "--store";
        args[words.length + 1] = dir.resolve("runs").toString();
        return Session.of(args);
    }

    @Test
    void aTextIsToldByItsLossAndNotByAGoalThatNobodyExpects() throws IOException {
        Session run = hooke("run", file.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .containsPattern("[0-9.]+ nats/token, [0-9.]+ nats/character, [0-9.]+ bits/byte\n")
                .doesNotContain("99%", "not reached");
        assertThat(hooke("show", "titles").out()).doesNotContain("99%");

        String page = Files.readString(dir.resolve("runs/reports/titles-0.html"));
        assertThat(page.contains("bits/byte after 4 steps")).as("headline").isTrue();
        assertThat(page.contains("test accuracy not reached")).isFalse();
        assertThat(page.contains("of 72 tokens"))
                .as("of its 6 documents of test")
                .isTrue();
        assertThat(page.matches("(?s).*from \\d+ of \\d+ blocks\\..*")).isTrue();
        assertThat(Session.of("explain", file.toString()).out())
                .contains("blocks: ")
                .doesNotContain("examples");
    }

    @Test
    void whatIsSaidOfATextIsTrueOfATextAndItsLossesHaveAUnit() throws IOException {
        hooke("run", file.toString(), "--set", "train.milestones.named=['low: test_loss < 9 for 1']");

        assertThat(hooke("show", "titles").out())
                .contains("loss (nats/token)")
                .containsPattern("train_loss +3 .* nats/token ")
                .contains("milestone low (test loss < 9.0, held for 1 further evaluation) reached at step 0");
        assertThat(hooke("card", "titles").out())
                .contains("The first documents of the file are trained on, whatever the seed.")
                .doesNotContain("follows from the seed");
        String page = Files.readString(dir.resolve("runs/reports/titles-0.html"));
        assertThat(page.contains("nats/token, last evaluation")).as("tile").isTrue();
        assertThat(page.contains("loss (nats/token)")).as("axis").isTrue();
    }

    @Test
    void aUShapedModelIsToldLikeAnyOther() {
        hooke("run", file.toString(), "--set", "model.n_layers=3", "--set", "model.widths=[8,4,8]");
        Path weights = dir.resolve("u.safetensors");

        assertThat(hooke("card", "titles").out()).contains("blocks.1\n  W_resize [8, 4]\n  ");
        assertThat(hooke("export", "titles", "-o", weights.toString(), "--as", "safetensors")
                        .status())
                .isZero();
        assertThat(hooke(
                                "import",
                                weights.toString(),
                                "--like",
                                file.toString(),
                                "--name",
                                "back",
                                "--set",
                                "model.n_layers=3",
                                "--set",
                                "model.widths=[8,4,8]")
                        .err())
                .isEmpty();
        assertThat(hooke("ask", "back", "One").status()).isZero();
        assertThat(hooke("lens", "back", "logits", "--examples", "2").err()).contains("needs one width");
        assertThat(hooke("lens", "back", "ablate", "--examples", "2").status()).isZero();
    }

    @Test
    void aListHasColumnsForTheMilestonesThatItsRunsHaveAndForWhatSortsIt() {
        hooke("run", file.toString(), "--no-report", "--set", "train.milestones.named=['low: test_loss < 9']");

        assertThat(hooke("ls").out().lines().findFirst().orElse(""))
                .containsPattern("^run +state +step +low +test accuracy +begun");
        assertThat(hooke("ls", "--sort", "low,test_loss,model.d_model").out().lines())
                .first()
                .asString()
                .contains("  low  ", "  test_loss  ", "  model.d_model  ")
                .doesNotContain("memorized", "grokked", "reached");
        assertThat(hooke("ls", "--sort", "test_loss").out()).contains(" nats/token");
        assertThat(hooke("ls", "--where", "low<=4").out()).contains("titles/0");
        assertThat(hooke("ls", "--sort", "lwo").err()).contains("did you mean 'low'?");
    }

    @Test
    void aScoreSaysHowMuchOfTheTestSetTheTokenizerDoesNotKnow() throws IOException {
        Files.writeString(dir.resolve("titles.txt"), "One title\n".repeat(9) + "An Öde to Zoë\n");
        hooke("run", file.toString(), "--set", "task.tokenizer=characters", "--no-report");

        String told = "50.00%: 7 of 14; what they stand for is not scored, so the loss is too low\n";
        for (String way : new String[] {"score titles", "score titles --as-original"}) {
            assertThat(hooke(way.split(" ")).out()).as(way).containsPattern(" unknown tokens +" + told);
            assertThat(hooke((way + " --json").split(" ")).out()).as(way).contains("\"unknown\" : 7");
        }
        hooke("run", file.toString(), "--no-report");
        assertThat(hooke("score", "titles-2").out())
                .contains("coverage", "[interval not defined]")
                .doesNotContain("unknown", "0; the interval");
    }

    @Test
    void lossesOnUnlikeTextsArePutBesideEachOtherWithAWarning() throws IOException {
        hooke("run", file.toString(), "--no-report");
        Files.writeString(dir.resolve("others.txt"), "Five\nSix\nSeven\n".repeat(20));
        Path others = Files.writeString(
                dir.resolve("others.yaml"), Files.readString(file).replace("titles.txt", "others.txt"));
        hooke("run", others.toString(), "--no-report");
        hooke("report", "titles/0", "others/0", "--out", dir.resolve("page").toString());
        try (var files = Files.list(dir.resolve("page"))) {
            String page = Files.readString(files.findFirst().orElseThrow());
            assertThat(page.contains("The texts that these are tested on differ"))
                    .isTrue();
            assertThat(page.contains("class=\"best\"")).as("no best one").isFalse();
        }
    }

    @Test
    void whatIsPlannedAndWhatCameOfItIsToldAsATextIs() {
        assertThat(Session.of("explain", file.toString()).out())
                .contains(" test, 6 documents in both")
                .containsPattern(" left out; 0\\.\\d epochs");
        hooke("run", file.toString(), "--no-report");
        assertThat(hooke("card", "titles").out())
                .contains("./hooke generate titles/0 --prompt The", "not what is true")
                .containsPattern("created +\\| 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\dZ ")
                .doesNotContain("| tags");
        assertThat(hooke("show", "titles").out()).containsPattern("test_bits_per_byte .* bits/byte ");
    }

    @Test
    void severalPromptsAreContinuedAsEachAlone() {
        hooke("run", file.toString(), "--set", "task.tokenizer={kind: bpe, vocab_size: 280}", "--no-report");
        String one = hooke("generate", "titles", "--prompt", "One", "--endless", "--tokens", "4")
                .out();
        String another = hooke("generate", "titles", "--prompt", "Another title", "--endless", "--tokens", "4")
                .out();

        assertThat(hooke(
                                "generate",
                                "titles",
                                "--prompt",
                                "One",
                                "--prompt",
                                "Another title",
                                "--endless",
                                "--tokens",
                                "4")
                        .out())
                .isEqualTo(one + another);
    }

    @Test
    void aTextThatEndsAtOnceIsSaidSo() throws IOException {
        Files.writeString(dir.resolve("titles.txt"), "a\n".repeat(60));
        hooke("run", file.toString(), "--set", "train.steps=60", "--set", "train.optimizer.lr=0.03", "--no-report");

        Session one = hooke("generate", "titles", "--prompt", "a");
        assertThat(one.out()).as("and no empty line behind it").isEqualTo("a\n");
        assertThat(one.err()).contains("titles/0@60 ends the text at once, with <eos>: --endless goes on behind it\n");
        Session both = hooke("generate", "titles", "--prompt", "a", "--prompt", "");
        assertThat(both.out()).isEqualTo("a\na\n");
        assertThat(both.err()).contains("ends 1 of 2 texts at once");
        assertThat(hooke("generate", "titles", "--prompt", "a", "--endless").err())
                .doesNotContain("at once");
    }

    @Test
    void aTextWithAStoppingRuleIsToldByIt() {
        Session run = hooke(
                "run", file.toString(), "--set", "train.stop={kind: reached, metric: test-accuracy, at_least: 0.99}");
        assertThat(run.out()).contains("99% test accuracy not reached within 4 steps");
    }

    @Test
    void aFileThatIsGoneOrAnotherIsSaidSoAndTheRunStillOpens() throws IOException {
        assertThat(hooke("run", file.toString(), "--no-report").status()).isZero();
        Path titles = dir.resolve("titles.txt");
        String text = Files.readString(titles);

        Files.writeString(titles, text + "One more\n");
        assertThat(hooke("score", "titles/0"))
                .satisfies(score -> assertThat(score.status()).isEqualTo(2))
                .satisfies(score -> assertThat(score.err().lines())
                        .singleElement()
                        .asString()
                        .contains("is not the file that the experiment was made with"));
        assertThat(hooke("run", file.toString(), "--no-report").out())
                .as("another text")
                .contains("titles-2/0");

        Files.delete(titles);
        for (String command : new String[] {"run " + file, "verify-resume " + file, "score titles/0"}) {
            Session session = hooke(command.split(" ", -1));
            assertThat(session.status()).as(command).isEqualTo(2);
            assertThat(session.err().lines())
                    .as(command)
                    .singleElement()
                    .asString()
                    .contains("does not exist");
        }
        assertThat(hooke("ask", "titles/0", "One").status()).isZero();
        assertThat(hooke("report", "titles/0").status()).isZero();
    }
}
