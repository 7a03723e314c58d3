package hooke.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Main;
import hooke.cli.Session;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Lists, tags, comparisons and completed names, over three runs of one experiment and one of another. */
final class LsTest {
    @TempDir
    private static Path folder = Path.of("");

    @BeforeAll
    static void train() throws IOException {
        for (String name : List.of("tiny", "other")) {
            Files.writeString(folder.resolve(name + ".yaml"), """
                    tags: [toys]
                    task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.8}
                    model: {n_layers: 1, d_model: 16, n_heads: 2}
                    train: {steps: 40, evaluate_every: 5, checkpoint_every: 20, optimizer: {lr: 0.01}}
                    """);
        }
        String tiny = folder.resolve("tiny.yaml").toString();
        hooke("run", tiny);
        hooke("run", tiny, "--seed", "1");
        hooke("run", tiny, "--set", "model.d_model=8", "--set", "train.steps=20", "--set", "train.optimizer.lr=1e-5");
        hooke("run", folder.resolve("other.yaml").toString());
    }

    private static Session hooke(String... words) {
        String[] args = java.util.Arrays.copyOf(words, words.length + 2);
        args[words.length] = "--store";
        args[words.length + 1] = folder.resolve("runs").toString();
        return Session.of(args);
    }

    private static List<String> listed(String... words) {
        String[] args = java.util.Arrays.copyOf(words, words.length + 1);
        args[words.length] = "--json";
        Session session = hooke(args);
        assertThat(session.status()).as(session.err()).isZero();
        return Json.tree(session.out())
                .valueStream()
                .map(run -> run.path("run").asString())
                .toList();
    }

    @Test
    void settingsInWhichRunsOfOneNameDifferAreColumns() {
        List<String> lines = hooke("ls", "tiny").out().lines().toList();

        assertThat(lines.getFirst()).containsPattern("test accuracy +d_head +d_mlp +d_model +lr +steps +begun");
        assertThat(lines).hasSize(4).anyMatch(line -> line.matches("tiny-2/0 .* 4 +32 +8 +(0.00001|1.0e-5) +20 .*"));
    }

    @Test
    void amongOthersARunTellsInOneColumnWhatIsSpecialAboutIt() {
        assertThat(hooke("ls").out().lines())
                .hasSize(5)
                .anyMatch(line -> line.contains("tiny-2/0") && line.contains("d_head=4 d_mlp=32 d_model=8"))
                .anyMatch(line -> line.matches("other/0 .*%  +[0-9]{4}-.*"));
    }

    @Test
    void conditionsAreOnSettingsOutcomesAndLastValues() {
        assertThat(listed("ls", "--where", "model.d_model=16")).containsExactly("tiny/0", "tiny/1", "other/0");
        assertThat(listed("ls", "--where", "model.d_model!=16")).containsExactly("tiny-2/0");
        assertThat(listed("ls", "--where", "train.optimizer.lr<0.001")).containsExactly("tiny-2/0");
        assertThat(listed("ls", "--where", "train.optimizer.lr=1e-2", "--where", "seed>0"))
                .containsExactly("tiny/1");
        assertThat(listed("ls", "--where", "memorized=no")).containsExactly("tiny-2/0");
        assertThat(listed("ls", "--where", "memorized")).hasSize(3);
        assertThat(listed("ls", "--where", "memorized<=40")).hasSize(3);
        assertThat(listed("ls", "--where", "memorized>15", "--where", "model.d_model=8"))
                .as("not by step 20, so later than 15")
                .containsExactly("tiny-2/0");
        assertThat(listed("ls", "--where", "memorized<1000", "--where", "model.d_model=8"))
                .as("what is not known does not hold")
                .isEmpty();
        assertThat(listed("ls", "--where", "train_accuracy>0.99")).hasSize(3);
        assertThat(listed("ls", "--where", "state=done", "other")).containsExactly("other/0");
    }

    @Test
    void aKeyThatNoRunHasIsNamedWithTheNearest() {
        assertThat(hooke("ls", "--where", "d_model=8").err()).contains("did you mean 'model.d_model'?");
        assertThat(hooke("ls", "--sort", "grokkd").err()).contains("did you mean 'grokked'?");
        assertThat(hooke("ls", "--where", "seed>x").err()).contains("x, which is not a number");
        assertThat(hooke("ls", "--where", "=8").status()).isEqualTo(2);
    }

    @Test
    void listsAreSortedAndWhatHasNoValueComesLast() {
        assertThat(listed("ls", "tiny", "--sort", "model.d_model,seed"))
                .containsExactly("tiny-2/0", "tiny/0", "tiny/1");
        assertThat(listed("ls", "tiny", "--sort", "seed", "--reverse")).startsWith("tiny/1");
        assertThat(listed("ls", "--reverse")).startsWith("other/0");
        assertThat(listed("ls", "--sort", "memorized").getLast()).isEqualTo("tiny-2/0");
    }

    @Test
    void tagsFindRunsAgainAndChangeNothingElse() {
        String before = hooke("ls", "tiny/1", "--json").out();
        Session tagged = hooke("tag", "tiny/1", "baseline", "figure-2");

        assertThat(tagged.out()).containsPattern("tiny/1 +baseline figure-2 toys\n");
        assertThat(listed("ls", "--tag", "baseline")).containsExactly("tiny/1");
        assertThat(listed("ls", "--tag", "toys")).hasSize(4);
        assertThat(hooke("ls").out()).contains("baseline figure-2");
        assertThat(hooke("show", "tiny/1").out()).contains("tags: baseline figure-2\n");
        assertThat(hooke("ls", "--tag", "basline").err()).contains("did you mean 'baseline'?");
        assertThat(hooke("tag", "tiny/1", "two words").err()).contains("'two words' is not a valid tag");
        assertThat(hooke("tag", "tiny/1", "toys", "--remove").err()).contains("is in the experiment of");

        hooke("tag", "tiny/1", "baseline", "figure-2", "--remove");
        assertThat(hooke("ls", "tiny/1", "--json").out()).isEqualTo(before);
    }

    @Test
    void onATerminalTheColumnsThatMatterMostAreShown() {
        var out = new ByteArrayOutputStream();
        var stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        var terminal = new Terminal(new BufferedReader(Reader.nullReader()), stream, stream, true, true, 60, false);
        Main.run(terminal, "ls", "tiny", "--store", folder.resolve("runs").toString());

        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("run ")
                .contains("not shown, for lack of space: ")
                .contains("took");
        assertThat(out.toString(StandardCharsets.UTF_8).lines().filter(line -> line.startsWith("tiny")))
                .hasSize(3)
                .allMatch(line -> line.length() <= 60);
    }

    @Test
    void runsAreComparedOnOnePage() {
        Session compared = hooke(
                "report", "tiny/*", "tiny-2", "--out", folder.resolve("pages").toString(), "--json", "--png");
        JsonNode json = Json.tree(compared.out());

        assertThat(compared.status()).as(compared.err()).isZero();
        assertThat(json.path("runs").valueStream().map(JsonNode::asString))
                .containsExactly("tiny/0", "tiny/1", "tiny-2/0");
        assertThat(json.at("/settings_that_differ/model.d_model").toString()).isEqualTo("[\"16\",\"16\",\"8\"]");
        assertThat(json.at("/settings_in_common/task.modulus").asString()).isEqualTo("5");
        assertThat(json.at("/last/train_accuracy").size()).isEqualTo(3);
        assertThat(json.path("files").valueStream().map(file -> Path.of(file.asString())))
                .anyMatch(file -> file.toString().endsWith("tiny-0-vs-tiny-1-vs-tiny-2-0.html"))
                .anyMatch(file -> file.toString().endsWith("test-accuracy.png"))
                .allMatch(Files::exists);
        assertThat(hooke("report", "tiny", "nobody").err()).contains("'nobody'");
        assertThat(hooke("report", "tiny/0@20", "tiny/1").err()).contains("whole runs");
        assertThat(hooke("report", "tiny/0", "tiny/1", "--by", "seed").err())
                .contains("--by is for the report of a sweep");
    }

    @Test
    void aReportOfOneRunTellsItAsJson() {
        JsonNode json = Json.tree(hooke(
                        "report",
                        "tiny/0",
                        "--json",
                        "--out",
                        folder.resolve("pages").toString())
                .out());

        assertThat(json.path("run").asString()).isEqualTo("tiny/0");
        assertThat(json.path("headline").asString()).startsWith("Memorized");
        assertThat(json.path("files").size()).isEqualTo(1);
    }

    @Test
    void shellsAskForNames() {
        String runs = folder.resolve("runs").toString();

        assertThat(words("show", "--store", runs, "ti")).containsExactly("tiny", "tiny-2");
        assertThat(words("show", "--store", runs, "tiny/")).containsExactly("tiny/0", "tiny/1");
        assertThat(words("run", "quick")).containsExactly("quick-grok", "quick-s5");
        assertThat(words("run", "quick-grok", "--set", "model.d_m")).containsExactly("model.d_mlp=", "model.d_model=");
        assertThat(words("ls", "--store", runs, "--where", "train_a")).containsExactly("train_accuracy");
        assertThat(words("ls", "--store", runs, "--tag", "t")).containsExactly("toys");
        assertThat(words("table", "--store", runs, "capacity-s")).containsExactly("capacity-small");
        assertThat(words("show", "--store", folder.resolve("none").toString(), "t"))
                .isEmpty();
        assertThat(Session.of("completion").out())
                .contains("complete -o default -F _hooke_with_names hooke")
                .as("zsh reads :C as a modifier")
                .doesNotContain(":COMP_CWORD");
    }

    private static List<String> words(String... line) {
        String[] args = new String[line.length + 2];
        args[0] = "completion";
        args[1] = "--";
        System.arraycopy(line, 0, args, 2, line.length);
        return Session.of(args).out().lines().toList();
    }
}
