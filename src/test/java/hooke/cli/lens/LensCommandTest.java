package hooke.cli.lens;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import hooke.cli.terminal.Json;
import hooke.store.Store;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.file.Sweeps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
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
    void patternsAreAPageToExploreWhereThatIsAsked() throws IOException {
        Path pages = folder.resolve("pages");
        Session written = hooke("lens", "copy/0@20", "patterns", "--page", "--out", pages.toString());
        assertThat(written.status()).as(written.err()).isZero();
        Path page = pages.resolve("copy-0-20-attention.html");
        assertThat(written.out()).isEqualTo(page + "\n");
        assertThat(Files.readString(page)).contains("2 layers of 2 heads, on 8 examples", "\"tokens\":[\"");
        assertThat(hooke("lens", "copy", "patterns", "3", "5", "--page").status())
                .isZero();
        assertThat(Files.readString(folder.resolve("runs/reports/copy-0-40-attention.html")))
                .contains("on 1 example.", "\"name\":\"3 5 SEP SEP SEP\"");
        assertThat(hooke("lens", "copy", "patterns", "--page", "--json").err()).contains("not both");
        assertThat(hooke("lens", "copy", "patterns", "--page", "--layer", "1").err())
                .contains("a --page shows every layer");
    }

    @Test
    void ablateTakesPartsAwayOrDoesWhatAFileSays() throws IOException {
        Session heads = hooke("lens", "copy", "ablate");
        assertThat(heads.status()).as(heads.err()).isZero();
        assertThat(heads.out())
                .startsWith("copy/0@40 on the test set, n = 8\n")
                .containsPattern("layer 1, head 0 +resample +[01]\\.[0-9]{4} +[-+][01]\\.[0-9]{4} ");
        assertThat(hooke("lens", "copy", "ablate", "edges").out()).contains("o2 to o1");
        assertThat(hooke("lens", "copy", "ablate", "w_pos").out()).contains("at SEP");
        assertThat(hooke("lens", "copy", "ablate", "mean_patterns", "--examples", "5")
                        .out())
                .contains("the first 5 of the test set, n = 5");

        Path file = folder.resolve("no-positions.yaml");
        Files.writeString(file, "interventions:\n  - {kind: zero, at: hook_pos_embed}\n");
        JsonNode json = Json.tree(hooke("lens", "copy", "ablate", "--with", file.toString(), "--json")
                .out());
        assertThat(json.at("/n").asInt()).isEqualTo(8);
        assertThat(json.at("/rows/1/score/loss").asDouble())
                .isNotEqualTo(json.at("/rows/0/score/loss").asDouble());
        Files.writeString(file, "interventions:\n  - {kind: zero, at: hook_pos_embe}\n");
        assertThat(hooke("lens", "copy", "ablate", "--with", file.toString()).err())
                .contains("no-positions.yaml:2: ")
                .contains("did you mean 'hook_pos_embed'?");
        assertThat(hooke("lens", "copy", "ablate", "head").status()).isEqualTo(2);
    }

    @Test
    void everyRunOfANameOrASweepGetsIntervalsOverItsSeeds() throws IOException {
        Path file = folder.resolve("copies.yaml");
        String base = Files.readString(folder.resolve("copy.yaml"));
        Files.writeString(file, base.replace("steps: 40", "steps: 20"));
        assertThat(hooke("run", file.toString(), "--seed", "0").status()).isZero();
        assertThat(hooke("run", file.toString(), "--seed", "1").status()).isZero();
        Path with = folder.resolve("without-positions.yaml");
        Files.writeString(with, "interventions:\n  - {kind: zero, at: hook_pos_embed}\n");
        Session named = hooke("lens", "copies", "ablate", "--with", with.toString(), "--every-run");
        assertThat(named.status()).as(named.err()).isZero();
        assertThat(named.out())
                .contains("copies/0@20", "copies/1@20", "over 2 runs of copies, n counts runs:")
                .containsPattern("mean -?[0-9.]+ \\[[^]]+] of accuracy, n = 2, 95% Student t interval of the mean")
                .contains("50% order-statistic interval of the median");

        Sweep sweep = Sweeps.parse(
                "name: norms\nbase:\n" + Files.readString(file).indent(2)
                        + "grid:\n  model.norm: {noLN: none, LN: layer-norm}\nseeds: 2\n",
                "norms.yaml",
                Sweeps.Options.NONE);
        try (Store store = Store.open(folder.resolve("runs"))) {
            store.keepSweep(sweep.name(), sweep.text(), SweepResults.none(sweep).hashes(), OffsetDateTime.now());
        }
        for (String name : List.of("norms", "norms.noLN")) {
            Session swept = hooke("lens", name, "ablate", "--with", with.toString(), "--every-run");
            assertThat(swept.out()).as(swept.err()).isEqualTo(named.out());
        }
        JsonNode json = Json.tree(hooke("lens", "cop*", "ablate", "--with", with.toString(), "--every-run", "--json")
                .out());
        assertThat(json.at("/runs").size()).isEqualTo(3);
        assertThat(json.at("/cells/1/n").asInt()).isEqualTo(2);
        assertThat(hooke("lens", "cop*", "ablate", "--with", with.toString(), "--every-run")
                        .out())
                .contains("change of accuracy in", "[–]", "10,000 resamples");
        assertThat(hooke("lens", "norm", "ablate", "--with", with.toString(), "--every-run")
                        .err())
                .contains("is called 'norm' (did you mean 'norms'?)");
        assertThat(hooke("lens", "norms.noL", "ablate", "--with", with.toString(), "--every-run")
                        .err())
                .contains("(did you mean 'norms.noLN'?)");
        assertThat(hooke("lens", "norms.LN", "ablate", "--with", with.toString(), "--every-run")
                        .err())
                .contains("no run of norms.LN has a checkpoint to look into yet");
        assertThat(hooke("lens", "copies", "ablate", "--every-run").err()).contains("name a file of them with --with");
    }

    @Test
    void patchTellsWhereTheAnswerIs() {
        Session byPosition = hooke("lens", "copy", "patch");
        assertThat(byPosition.out())
                .containsPattern("logit of the clean answer less that of the corrupted one, mean: -?[\\d.]+ at o1 and"
                        + " -?[\\d.]+ at o2 on the clean examples \\(1 below\\), -?[\\d.]+ at o1");
        assertThat(byPosition.status()).as(byPosition.err()).isZero();
        assertThat(byPosition.out())
                .startsWith("copy/0@40: hook_resid_pre by position, n = ")
                .containsPattern("brought back +d1 +d2 +SEP +o1 +o2")
                .containsPattern("layer 1 +0.000 +0.000 ");
        assertThat(hooke("lens", "copy", "patch", "attn.hook_z", "--gradient").out())
                .contains("attn.hook_z by head, by gradient")
                .contains("head 1");
        assertThat(hooke("lens", "copy", "patch", "paths").out()).contains("0.1 to 1.0 v");
        assertThat(hooke("lens", "copy", "patch", "paths", "--gradient").err())
                .contains("leave out --gradient and --positions");
        JsonNode json = Json.tree(hooke("lens", "copy", "patch", "attn.hook_z", "--positions", "--json")
                .out());
        assertThat(json.at("/grid/columns").size()).isEqualTo(5);
        assertThat(hooke("lens", "copy", "patch", "hook_resid_prf").err()).contains("did you mean 'hook_resid_pre'?");
        assertThat(hooke("lens", "copy", "patch", "hook_mlp_out").err())
                .contains("this model has no blocks.N.hook_mlp_out");
    }

    @Test
    void logitsAndCircuitsNameEveryHead() {
        assertThat(hooke("lens", "copy", "logits").out())
                .contains("copy/0@40 on the test set, n = 8")
                .containsPattern("pos_embed +-?[0-9]")
                .containsPattern("final +[01]\\.[0-9]{4}");
        assertThat(hooke("lens", "copy", "circuits").out())
                .contains("composition")
                .containsPattern("0.1 +1.1 +0\\.");
        assertThat(Json.tree(hooke("lens", "copy", "circuits", "--json").out())
                        .at("/heads/3/qk_singular")
                        .size())
                .isEqualTo(8);
    }

    @Test
    void aQuestionIsAnsweredAtEachLayerWithoutARightAnswer() {
        String asked = Json.tree(hooke("ask", "copy", "1", "2", "--json").out())
                .at("/answer/0")
                .asString();
        JsonNode early =
                Json.tree(hooke("lens", "copy", "logits", "1", "2", "--json").out());

        assertThat(early.at("/logit_lens/0/places").size()).isEqualTo(3);
        assertThat(early.at("/logit_lens/0/likeliest/2/0/answer").asString())
                .as("the last place is the model itself")
                .isEqualTo(asked);
        assertThat(hooke("lens", "copy", "logits", "1", "2").out())
                .contains("read at position 3", "read at position 4");
        assertThat(hooke("lens", "copy", "logits", "1", "2", "--examples", "3").err())
                .contains("leave out one");
    }

    @Test
    void theReportIsOnePageAndItsPlots() throws IOException {
        Path pages = folder.resolve("pages");
        Session written = hooke("lens", "copy/0@20", "report", "--svg", "--out", pages.toString());

        assertThat(written.status()).as(written.err()).isZero();
        Path page = pages.resolve("copy-0-20-lens.html");
        assertThat(written.out().lines()).hasSizeGreaterThan(15).startsWith(page.toString());
        assertThat(Files.readString(page))
                .contains("What SEP carries")
                .contains("around SEP")
                .doesNotContain("NaN%");
        assertThat(pages.resolve("copy-0-20-lens-direct-logit-attribution.svg")).isNotEmptyFile();
        assertThat(pages.resolve("copy-0-20-lens-layer-1-head-1-lost-at-o2.svg"))
                .isNotEmptyFile();
    }

    @Test
    void whereNothingCanBeWrittenIsOneSentence() throws IOException {
        String file = Files.writeString(folder.resolve("a-file"), "").toString();
        for (String[] words : new String[][] {
            {"lens", "copy", "cache", "--out", file + "/pages"},
            {"report", "copy", "--out", file + "/pages"},
            {"report", "copy", "--out", file},
            {"report", "copy", "--by", "model.n_layers"},
            {"export", "copy", "--as", "pth", "-o", folder.toString()},
            {
                "export",
                "copy",
                "--as",
                "pth",
                "-o",
                folder.resolve("no/copy.pth").toString()
            },
            {"export-runs", folder.toString(), "copy"},
        }) {
            Session refused = hooke(words);
            assertThat(refused.status()).as(refused.err()).isEqualTo(2);
            assertThat(refused.err().lines()).as(refused.err()).hasSize(1);
            assertThat(refused.out()).isEmpty();
        }
        assertThat(hooke("report", "cpoy").err()).contains("no sweep called 'cpoy' (did you mean 'copy'?)");
        try (var left = Files.list(folder)) {
            assertThat(left).noneMatch(path -> path.toString().endsWith(".tmp"));
        }
    }

    @Test
    void whatIsNotThereIsNamedWithWhatIs() {
        assertThat(hooke("lens", "copy").err()).contains("which lens?").contains("patterns");
        assertThat(hooke("lens", "copy", "patern").err()).contains("did you mean 'patterns'?");
        assertThat(hooke("lens", "copy/0@21", "patterns").err()).contains("the nearest are 20 and 40");
        assertThat(hooke("lens", "copy", "patterns", "--layer", "2").err())
                .contains("--layer (2) must be from 0 to 1, the last of the model");
        assertThat(hooke("lens", "copy", "patterns", "3").status()).isEqualTo(2);
        assertThat(hooke("lens", "copy", "ablate", "nothing").err())
                .contains("one of heads, positions, edges, w_pos, mean_patterns but was 'nothing'");
        assertThat(hooke("lens", "cpoy", "patterns").err()).contains("did you mean 'copy'?");
    }
}
