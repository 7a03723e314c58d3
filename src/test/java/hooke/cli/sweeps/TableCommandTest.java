package hooke.cli.sweeps;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.store.Store;
import hooke.sweep.Cell;
import hooke.sweep.PlantedSweep;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.file.Sweeps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Tables and reports of sweeps, by the commands alone. */
final class TableCommandTest {
    @TempDir
    private static Path folder = Path.of("");

    private static Path file = Path.of("");
    private static Path copy = Path.of("");

    @BeforeAll
    static void plant() throws IOException {
        file = folder.resolve("planted.yaml");
        Files.writeString(file, """
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 97, train_fraction: 0.5}
                  model: {n_layers: 1, d_model: 64, n_heads: 4, biases: trained}
                  train: {steps: 5000, evaluate_every: 100}
                cells:
                  deep: {model.n_layers: 4}
                  wide: {model.d_model: 128}
                seeds: 4
                """);
        copy = folder.resolve("copy.yaml");
        Files.writeString(copy, """
                base:
                  task: {kind: list-copy, list_length: 2, n_digits: 100, train_fraction: 0.8}
                  model: {n_layers: 2, d_model: 128, n_heads: 1, attn_only: true, mask: bottleneck}
                  train:
                    steps: 2000
                    batch: 128
                    evaluate_every: 100
                    optimizer: {kind: adamw, lr: 0.001, weight_decay: 0.01}
                    stop: {kind: reached, metric: test-accuracy, at_least: 0.999}
                grid:
                  model.norm: {noLN: none, LN: layer-norm}
                  model.identity: {free: [], fWV: [W_V]}
                seeds: 2
                """);
        try (Store store = Store.open(folder.resolve("runs"))) {
            Sweep sweep = Sweeps.read(file, folder, Sweeps.Options.NONE);
            Cell deep = sweep.cells().getFirst();
            Cell wide = sweep.cells().getLast();
            for (int seed = 0; seed < 4; seed++) {
                PlantedSweep.write(
                        store,
                        deep.experiment(seed),
                        seed == 3
                                ? new PlantedSweep.Fate(100, 9000, OptionalLong.of(700))
                                : PlantedSweep.Fate.of(100, seed == 2 ? 9000 : 2500 + 100 * seed));
                PlantedSweep.write(store, wide.experiment(seed), PlantedSweep.Fate.of(100, 1000 + 100 * seed));
            }
            Sweep lists = Sweeps.read(copy, folder, Sweeps.Options.NONE);
            PlantedSweep.write(store, lists, (cell, seed) -> PlantedSweep.Fate.of(300, 400 + 10 * seed));
        }
    }

    private static Session hooke(String... words) {
        return Session.of(Stream.concat(
                        Stream.of(words),
                        Stream.of("--store", folder.resolve("runs").toString()))
                .toArray(String[]::new));
    }

    @Test
    void aRowIsACellWithItsCountsAndIntervals() {
        Session table = hooke("table", file.toString(), "--columns", "all");

        assertThat(table.err()).isEmpty();
        assertThat(table.status()).isZero();
        List<String> lines = table.out().lines().toList();
        assertThat(lines.getFirst())
                .matches(
                        "cell +n_layers +d_model +d_head +d_mlp +parameters +runs +reached +censored +diverged +step to memorize.*");
        assertThat(lines.get(1))
                .matches("deep +4 +64 +16 +256 +211,681 +4 +2 +1 +1 +200 +3,200 \\[.* not reached\\].*");
        assertThat(lines.get(2)).matches("wide +1 +128 +32 +512 +223,201 +4 +4 +0 +0 +200 .*");
        assertThat(table.out())
                .contains("Reached: test accuracy above 99%.")
                .contains("up to 100 steps late")
                .contains("with 4 runs 87.5")
                .contains("Deep and narrow against shallow and wide")
                .containsPattern("4L d64 +1L d128 +x 1.05 +4 and 4 ");
    }

    @Test
    void columnsThatDoNotFitAreNamed() {
        String table = hooke("table", file.toString()).out();
        List<String> lines = table.lines().takeWhile(line -> !line.isEmpty()).toList();
        assertThat(lines).hasSize(3).allMatch(line -> line.length() <= Terminal.PLAIN_WIDTH);
        assertThat(lines.getFirst()).contains("reached", "step to grok", "diverged");
        assertThat(table)
                .containsPattern("Not shown, for lack of space: .*parameters.*\\(--columns all shows them\\)\\.");

        assertThat(hooke("table", file.toString(), "--columns", "cell,step to grok")
                        .out())
                .startsWith("cell  step to grok\n")
                .doesNotContain("Not shown");
        assertThat(hooke("table", file.toString(), "--columns", "step to grock").err())
                .contains("(did you mean 'step to grok'?)");
        assertThat(hooke("table", file.toString(), "--columns", "all", "--csv").err())
                .contains("CSV and JSON have all");
    }

    @Test
    void jsonHoldsCellsAndTheirSeeds() {
        JsonNode json = Json.tree(hooke("table", file.toString(), "--json").out());
        JsonNode deep = json.path("cells").get(0);
        assertThat(json.path("goals").get(1).path("name").asString()).isEqualTo("grokked");
        assertThat(deep.path("settings").path("model.n_layers").asInt()).isEqualTo(4);
        assertThat(deep.path("diverged").asInt()).isEqualTo(1);
        assertThat(deep.path("steps").path("grokked").path("high").asString()).isEqualTo("Infinity");
        assertThat(deep.path("seeds")).hasSize(4);
        assertThat(deep.path("seeds").get(3).path("grokked").path("outcome").asString())
                .isEqualTo("diverged");
        assertThat(hooke("table", file.toString(), "--json", "--csv").err()).contains("one of");
    }

    @Test
    void theSweepCommandHasItsPlanAndItsResultAsJson() {
        JsonNode plan =
                Json.tree(hooke("sweep", file.toString(), "--dry-run", "--json").out());
        assertThat(plan.path("to_do").asInt()).isZero();
        assertThat(plan.path("cells").get(0).path("parameters").asInt()).isEqualTo(211_681);

        JsonNode trained = Json.tree(hooke("sweep", file.toString(), "--json").out());
        assertThat(trained.path("done").asInt()).isEqualTo(8);
        assertThat(trained.path("cells").get(1).path("seeds").get(0).path("run").asString())
                .isEqualTo("planted.wide/0");
    }

    @Test
    void aNameIsTheSweepAsItWasTrainedAndAPathIsTheFile(@TempDir Path dir) throws IOException {
        String store = dir.resolve("runs").toString();
        Path mine = Files.writeString(dir.resolve("mine.yaml"), """
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 5}
                  model: {n_layers: 1, d_model: 8, n_heads: 2}
                  train: {steps: 5000, evaluate_every: 100}
                grid: {model.d_model: [8, 16]}
                seeds: 2
                """);
        var three = new Sweeps.Options(List.of("train.steps=4000"), Optional.of("3"), Optional.empty());
        try (Store open = Store.open(Path.of(store))) {
            Sweep sweep = Sweeps.read(mine, dir, three);
            PlantedSweep.write(open, sweep, (_, _) -> PlantedSweep.Fate.of(100, 1000));
            open.keepSweep(
                    sweep.name(),
                    sweep.text(),
                    SweepResults.none(sweep).hashes(),
                    OffsetDateTime.parse("2026-01-01T00:00:00Z"));
        }

        assertThat(Session.of("table", "mine", "--store", store).out())
                .as("as it was trained")
                .containsPattern("d_model-8 +[\\d,]+ +3 +3 ");
        assertThat(Session.of("table", mine.toString(), "--store", store).out())
                .as("as the file says")
                .containsPattern("d_model-8 +[\\d,]+ +2 +0 ")
                .contains("Not among these: 6 runs of mine");
    }

    @Test
    void anotherThresholdMovesTheSteps() {
        assertThat(hooke("table", file.toString(), "--threshold", "0.5").out())
                .contains("Reached: test accuracy above 50%.");
        assertThat(hooke("table", file.toString(), "--threshold", "50").err()).contains("(50.0)");
        assertThat(hooke("table", file.toString(), "--borders", "7,3").err()).contains("must rise");
    }

    @Test
    void csvHoldsEveryFigureInFull() {
        List<String> lines =
                hooke("table", file.toString(), "--csv").out().lines().toList();
        List<String> head = List.of(lines.getFirst().split(",", -1));
        assertThat(lines).hasSize(3);
        assertThat(lines).allSatisfy(line -> assertThat(line.split(",", -1)).hasSize(head.size()));
        assertThat(lines.get(1).split(",", -1)[head.indexOf("diverged")]).isEqualTo("1");
        assertThat(lines.get(1).split(",", -1)[head.indexOf("grokked_step_high")])
                .isEqualTo("inf");
    }

    @Test
    void aLineARunTellsWhatBecameOfIt() {
        List<String> lines =
                hooke("table", file.toString(), "--runs").out().lines().toList();
        assertThat(lines).hasSize(9);
        assertThat(lines.getFirst())
                .startsWith("cell,seed,run,status,")
                .contains(",grokked,grokked_step,grokked_last_below,");
        assertThat(lines.get(1)).startsWith("deep,0,planted.deep/0,done,").contains(",reached,");
        assertThat(lines.get(3)).contains(",censored,5000,");
        assertThat(lines.get(4)).contains(",diverged,700,");
    }

    @Test
    void listCopyHasTheOriginalsColumnsAndNames() {
        String table = hooke("table", copy.toString(), "--markdown").out();
        assertThat(table.lines().findFirst().orElse("").replaceAll(" +", " "))
                .startsWith(
                        "| name | n_layers | n_heads | d_model | ln | use_bias | freeze_wv | freeze_wo | weight_decay | val_acc |");
        assertThat(table.replaceAll(" +", " "))
                .contains("| d128_2L_noLN_Bias_uWV_uWO | 2 | 1 | 128 | False | True | False | False | 0.01 | ")
                .contains("| d128_2L_LN_Bias_fWV_uWO | 2 | 1 | 128 | True | True | True | False | 0.01 | ");
        assertThat(table).contains("Reached: test accuracy at least 99.9%.");
    }

    @Test
    void aSettingThatChangedNoNumberIsNamed() {
        assertThat(hooke("table", copy.toString()).out())
                .contains("model.norm changed no number: ")
                .contains(", as in 2 of 2 such pairs.");
        Path out = folder.resolve("copies");
        assertThat(hooke("report", copy.toString(), "--out", out.toString()).err())
                .isEmpty();
        assertThat(out.resolve("copy.html")).content().contains("model.identity changed no number: ");
        assertThat(hooke("table", file.toString()).out()).doesNotContain("changed no number");
    }

    @Test
    void twoCellsAreComparedWithTheSeedsThatItTakes() {
        String compared =
                hooke("table", file.toString(), "--compare", "deep,wide").out();
        assertThat(compared)
                .contains("Log-rank test: chi-square ")
                .contains(
                        "Rate of the first over the second: less than 0.4178 times, n = 8, 95% profile-likelihood interval of "
                                + "Cox's hazard ratio, without a lower bound, since only runs of the second reached")
                .contains("If the bound is the true ratio: ")
                .contains("at power 80% and alpha 5%");
        assertThat(hooke("table", file.toString(), "--compare", "deep,wild").err())
                .contains("(did you mean 'wide'?)");
        assertThat(hooke("table", file.toString(), "--compare", "deep").err()).contains("two cells");
    }

    @Test
    void whereNobodyReachedTheGoalNothingIsCompared() throws IOException {
        Path slow = folder.resolve("slow.yaml");
        Files.writeString(slow, Files.readString(file).replace("steps: 5000", "steps: 300"));
        try (Store store = Store.open(folder.resolve("runs"))) {
            PlantedSweep.write(
                    store, Sweeps.read(slow, folder, Sweeps.Options.NONE), (_, _) -> PlantedSweep.Fate.of(100, 9000));
        }
        assertThat(hooke("table", slow.toString(), "--compare", "deep,wide").out())
                .contains("they cannot be compared yet")
                .doesNotContain("chi-square");
        assertThat(hooke("table", slow.toString()).out()).contains("nothing to compare yet");
    }

    @Test
    void runsOfTheSweepWithOtherSettingsAreNotPassedOver() throws IOException {
        Path once = folder.resolve("once.yaml");
        Files.writeString(once, Files.readString(file).replace("seeds: 4", "seeds: 1"));
        try (Store store = Store.open(folder.resolve("runs"))) {
            Sweep asked = Sweeps.read(
                    once, folder, new Sweeps.Options(List.of("train.steps=400"), Optional.empty(), Optional.empty()));
            PlantedSweep.write(store, asked, (_, _) -> PlantedSweep.Fate.of(100, 9000));
            store.keepSweep(
                    asked.name(),
                    asked.text(),
                    SweepResults.none(asked).hashes(),
                    OffsetDateTime.parse("2026-01-01T00:00:00Z"));
        }
        assertThat(hooke("table", once.toString()).out())
                .contains(
                        "Not among these: 2 runs of once as it was last trained here; give its name alone to see them.");
        assertThat(hooke("table", once.toString(), "--set", "train.steps=400").out())
                .doesNotContain("Not among these");
    }

    @Test
    void aReportOfASweepIsOnePageWithPictures() {
        Path out = folder.resolve("pages");
        Session report = hooke("report", file.toString(), "--out", out.toString(), "--svg");
        assertThat(report.err()).isEmpty();
        assertThat(report.out()).contains(out.resolve("planted.html").toString());
        assertThat(out.resolve("planted.html")).content().contains("<h1>6 of 8 runs grokked</h1>");
        assertThat(report.out().lines().filter(line -> line.endsWith(".svg"))).hasSizeGreaterThan(3);
        assertThat(hooke("report", file.toString(), "--seeds", "2", "--out", out.toString())
                        .err())
                .isEmpty();
        assertThat(out.resolve("planted.html")).content().contains("<h1>4 of 4 runs grokked</h1>");
        assertThat(hooke("report", file.toString(), "--by", "model.n_layer").err())
                .contains("(did you mean 'model.n_layers'?)");
    }
}
