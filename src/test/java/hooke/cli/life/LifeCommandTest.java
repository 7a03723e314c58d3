package hooke.cli.life;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import hooke.cli.terminal.Json;
import hooke.task.life.Boards;
import hooke.task.life.Game;
import hooke.task.life.LifeText;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A run of Life from the experiment's file to its boards, too short to have learned much. */
final class LifeCommandTest {
    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void train() throws Exception {
        Files.writeString(folder.resolve("tiny.yaml"), """
                task: {kind: life, boards: {widths: [3, 2], train: 60, test: 12}, loss: answer}
                model: {n_layers: 1, d_model: 16, n_heads: 2}
                train: {steps: 30, batch: 8, checkpoint_every: 15, evaluate_every: 10, threads: 1, optimizer: {lr: 0.01}}
                """);
        Session session = hooke("run", folder.resolve("tiny.yaml").toString());
        assertThat(session.status()).as(session.err()).isZero();
    }

    private static Session hooke(String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--store";
        all[words.length + 1] = folder.resolve("runs").toString();
        return Session.of(all);
    }

    @Test
    void itsDataAreExplained() {
        Session session = hooke("explain", folder.resolve("tiny.yaml").toString());

        assertThat(session.out())
                .contains("88 examples: 74 train, 14 test, 0 in both")
                .contains(
                        "note: of width 2 there are 16 boards, fewer than the 72 asked for: 14 to train and 2 to test on");
    }

    @Test
    void itIsShownReportedSweptAndAsked() {
        assertThat(hooke("show", "tiny").out()).contains("test_exact_match");
        assertThat(hooke("report", "tiny").status()).isZero();
        Session asked = hooke("ask", "tiny@15", "010", "010", "010");
        assertThat(asked.status()).as(asked.err()).isZero();
        assertThat(asked.out()).startsWith("010010010 -> ").contains(" is right");
        assertThat(hooke("ask", "tiny", "01").err()).contains("2 cells are no square board");
        assertThat(hooke("ask", "tiny", "glidr").err()).contains("did you mean 'glider'?");
        Session looked = hooke("lens", "tiny", "patterns");
        assertThat(looked.status()).as(looked.err()).isZero();
    }

    @Test
    void aFirstExperimentOfItCanBeWritten() {
        Path file = folder.resolve("first.yaml");

        assertThat(hooke("new", file.toString(), "--task", "life").status()).isZero();
        Session session = hooke("explain", file.toString());
        assertThat(session.status()).as(session.err()).isZero();
        assertThat(session.out()).contains("task.rule");
    }

    @Test
    void itIsTestedByWidthBesideBaselines() {
        Session session = hooke("life", "test", "tiny", "--padding", "9");
        assertThat(session.status()).as(session.err()).isZero();
        assertThat(session.out())
                .startsWith("tiny/0@30: 14 boards; also among those trained on: 0 of width 2, 0 of width 3")
                .contains("padded to 9 characters")
                .containsPattern("3 +rules +12 +1.0000");
        JsonNode json =
                Json.tree(hooke("life", "test", "tiny", "--most", "1", "--json").out());
        assertThat(json.path("rows").size()).isEqualTo(2 * 4);
        assertThat(json.path("rows").get(0).path("who").stringValue()).isEqualTo("model");
        assertThat(json.path("rows").get(0).path("boards").intValue()).isEqualTo(1);
    }

    @Test
    void boardsOfAFileAreGradedWithoutARun() throws Exception {
        Path boards = folder.resolve("boards.csv");
        Files.writeString(boards, "GridSize,State 1,State 2\n2,1010,1010\n2,1011,0000\n");
        Path published = folder.resolve("published.csv");
        Files.writeString(published, "Sample Index,Grid Width,Accuracy\n0,2,0.5\n1,2,1.0\n");
        Session session = hooke(
                "life",
                "test",
                "--boards",
                boards.toString(),
                "--published",
                published.toString(),
                "--padding",
                "4",
                "--each");

        assertThat(session.status()).as(session.err()).isZero();
        assertThat(session.out())
                .containsPattern("2 +all dead +2 +0.5")
                .containsPattern("2 +published +0.7500")
                .containsPattern("0 +2 +0.5000 +1.0000 +1.0000 +0.5000")
                .containsPattern("1 +2 +1.0000 +0.2500 +1.0000 +1.0000");
        assertThat(hooke(
                                "life",
                                "test",
                                "--boards",
                                boards.toString(),
                                "--published",
                                published.toString(),
                                "--most",
                                "1",
                                "--each")
                        .out())
                .containsPattern("2 +published +0.5000")
                .containsPattern("0 +2 +0.9922 +1.0000 +1.0000 +0.5000");
        Files.writeString(published, "Sample Index,Grid Width,Accuracy\n0,2,0.5\n");
        assertThat(hooke("life", "test", "--boards", boards.toString(), "--published", published.toString(), "--each")
                        .out())
                .containsPattern("2 +published, of other boards +0.5000")
                .doesNotContainPattern("\n0 .* 0.5000");
        assertThat(hooke("life", "test").err()).contains("name a run to test, or --boards");
        assertThat(hooke("life", "test", "--boards", boards.toString(), "--padding", "3")
                        .err())
                .contains("--padding (3) must be at least the 4 cells of a board of width 2");
        assertThat(hooke("life", "test", "--boards", published.toString()).err())
                .contains("must be CSV with the columns GridSize,State 1,State 2");
        assertThat(hooke("life", "test", "tiny", "--published", boards.toString())
                        .err())
                .contains("must be CSV whose first line is Sample Index,Grid Width,Accuracy");
    }

    @Test
    void overlapIsThatOfTheBoardsThatAreGraded() throws Exception {
        Path boards = folder.resolve("all-of-width-1-and-2.csv");
        var text = new StringBuilder("State 1,State 2\n");
        for (int i = 0; i < 16; i++) {
            String cells = ("000" + Integer.toBinaryString(i)).replaceFirst("^0*(?=.{4}$)", "");
            text.append(cells)
                    .append(',')
                    .append(Game.CONWAY.next(Boards.of(cells)).text(0))
                    .append('\n');
        }
        Files.writeString(boards, text);

        assertThat(hooke("life", "test", "tiny", "--boards", boards.toString()).out())
                .contains("16 boards; also among those trained on: 14 of width 2");
        assertThat(hooke("life", "test", "tiny", "--boards", boards.toString(), "--most", "1")
                        .out())
                .containsPattern("1 board; also among those trained on: [01] of width 2");
    }

    @Test
    void itPlaysBesideTheTrueGame() throws Exception {
        Path out = folder.resolve("games");
        Session session = hooke(
                "life",
                "play",
                "tiny",
                "--start",
                "glider",
                "--start",
                "3o!",
                "--start",
                "order-0.5",
                "--steps",
                "3",
                "--gif",
                "--png",
                "--out",
                out.toString());

        assertThat(session.status()).as(session.err()).isZero();
        assertThat(session.out()).startsWith("tiny/0@30 plays 3 games").contains("a pattern");
        assertThat(Files.readString(out.resolve("tiny-0-30-life.html"))).contains("life-editor");
        assertThat(out.resolve("tiny-0-30-life-1-glider.gif")).isNotEmptyFile();
        assertThat(out.resolve("tiny-0-30-life-2-a-pattern.png")).isNotEmptyFile();
        assertThat(out.resolve("tiny-0-30-life-wrong-cells.png")).isNotEmptyFile();
        JsonNode game = Json.tree(hooke("life", "play", "tiny", "--width", "2", "--steps", "2", "--json")
                        .out())
                .path("games")
                .get(0);
        assertThat(game.path("truth").size()).isEqualTo(3);
        assertThat(game.path("truth").get(0)).isEqualTo(game.path("model").get(0));
    }

    /** The lens reads the whole text again for every byte, on another engine. */
    @Test
    void whatIsPlayedIsWhatIsAnswered() {
        String board = "010001110";
        JsonNode game = Json.tree(hooke("life", "play", "tiny", "--start", board, "--steps", "1", "--json")
                        .out())
                .path("games")
                .get(0);
        int[] answer = Json.tree(hooke("ask", "tiny", board, "--json").out())
                .path("answer")
                .valueStream()
                .mapToInt(JsonNode::intValue)
                .toArray();

        assertThat(game.path("model").get(1).stringValue()).isEqualTo(LifeText.cells(LifeText.of(answer), 9));
    }

    @Test
    void itIsLookedInto() throws Exception {
        Path out = folder.resolve("looked");
        Session session = hooke("life", "look", "tiny", "--boards", "6", "--out", out.toString());

        assertThat(session.status()).as(session.err()).isZero();
        assertThat(session.out())
                .startsWith("tiny/0@30: 6 boards of width 3")
                .contains("blocks.0.hook_resid_post")
                .containsPattern("head +corner +edge +bulk")
                .contains("the share for the neighbours alone: the Moore score")
                .contains("chance");
        assertThat(Files.readString(out.resolve("tiny-0-30-life-lens.html"))).contains("life-attention");
        JsonNode json = Json.tree(hooke("life", "look", "tiny", "--json").out());
        assertThat(json.path("heads").size()).isEqualTo(2);
        assertThat(json.path("heads").get(0).path("weights").size()).isEqualTo(9);
        assertThat(json.path("heads")
                        .get(0)
                        .path("moore")
                        .path("BULK")
                        .path("chance")
                        .doubleValue())
                .isEqualTo(8.0 / 9);
        assertThat(hooke("life", "look", "tiny", "--boards", "4").err()).contains("--boards (4) must be at least 5");
        assertThat(hooke("life", "look", "tiny", "--width", "5").err())
                .contains("--width (5) is that of no test board: there are 2, 3");
        assertThat(hooke("life", "look", "tiny", "--width", "2", "--boards", "5")
                        .err())
                .contains("the probes need at least 5 boards and 10 cells: 2 boards of width 2 have 8");
        assertThat(hooke("life", "look", "tiny", "--cells", "9").err()).contains("--cells (9) must be at least 10");
    }

    @Test
    void drawsDependOnTheirSeedAlone() {
        String[] play = {"life", "play", "tiny@15", "--steps", "4", "--temperature", "1", "--top-k", "26", "--json"};
        String once = hooke(play).out();

        assertThat(hooke(play).out()).isEqualTo(once);
        assertThat(Json.tree(once).path("temperature").doubleValue()).isEqualTo(1);
        assertThat(hooke("life", "play", "tiny", "--steps", "1", "--temperature", "1", "--top-k", "9")
                        .out())
                .startsWith(
                        "tiny/0@30 plays 1 game, its bytes drawn at temperature 1.0 from the 9 most probable with seed 0\n");
        assertThat(hooke(
                                "life",
                                "play",
                                "tiny@15",
                                "--steps",
                                "4",
                                "--temperature",
                                "1",
                                "--start",
                                "order-0.5",
                                "--seed",
                                "1",
                                "--json")
                        .out())
                .isNotEqualTo(once);
        assertThat(hooke("life", "play", "tiny", "--temperature", "-1").err()).contains("temperature");
    }

    @Test
    void whatCannotBePlayedIsRefused() {
        assertThat(hooke("life", "test", "tiny", "--padding", "300").err()).contains("longer than the model's context");
        assertThat(hooke("life", "play", "tiny", "--width", "4").err())
                .contains("--width (4) must be from 1 to 3: the text has room for 9 cells");
        assertThat(hooke("life", "play", "tiny", "--steps", "0").err()).contains("--steps (0) must be from 1 to");
        assertThat(hooke("life", "play", "tiny", "--start", "gliders").err()).contains("did you mean 'glider'?");
        assertThat(hooke("life", "play", "tiny", "--start", "0110").err()).contains("a board of width 3 has 9");
        assertThat(hooke("life", "play", "tiny", "--start", "5o!").err()).contains("does not fit on a board of 3 x 3");
        assertThat(hooke("life", "play", "tiny", "--width", "0").err()).contains("--width (0) must be from 1 to 3");
        assertThat(hooke("life", "play", "tiny", "--start", "x = 3, y = 1, rule = B36/S23\n3o!")
                        .err())
                .contains("is made for the rule B36/S23, and played is B3/S23");
        assertThat(hooke("generate", "tiny", "--prompt", "@PredictNextState<\u20ac")
                        .err())
                .contains("has a character that is no byte");
        assertThat(hooke("generate", "tiny", "--prompt", "@\u0007\u001b", "--tokens", "1")
                        .out())
                .startsWith("@\u2407\u241b");
        assertThat(hooke("life").err()).contains("which command?");
    }
}
