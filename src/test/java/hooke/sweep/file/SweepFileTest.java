package hooke.sweep.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.config.Experiment;
import hooke.config.ModelConfig;
import hooke.sweep.Cell;
import hooke.sweep.Sweep;
import hooke.sweep.TinySweeps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What sweep files mean, and what is said of bad ones. */
class SweepFileTest {
    private static List<String> labels(Sweep sweep) {
        return sweep.cells().stream().map(Cell::label).toList();
    }

    @Test
    void aGridIsEveryCombinationTheFirstAxisSlowest() {
        Sweep sweep = TinySweeps.of("""
                grid:
                  model.n_layers: [1, 2]
                  model.norm: {noLN: none, LN: layer-norm}
                seeds: 3
                """);

        assertThat(labels(sweep))
                .containsExactly("n_layers-1+noLN", "n_layers-1+LN", "n_layers-2+noLN", "n_layers-2+LN");
        assertThat(sweep.name()).isEqualTo("tiny");
        assertThat(sweep.seeds()).containsExactly(0L, 1L, 2L);
        assertThat(sweep.size()).isEqualTo(12);
        Cell last = sweep.cells().getLast();
        assertThat(last.choices()).isEqualTo(Map.of("model.n_layers", "2", "model.norm", "LN"));
        assertThat(last.settings()).containsEntry("model.n_layers", "2").containsEntry("model.norm.kind", "layer-norm");
        assertThat(last.settings()).doesNotContainKeys("name", "seed", "model.d_model");
        assertThat(last.experiment().name()).isEqualTo("tiny.n_layers-2+LN");
        assertThat(last.experiment().seed()).isZero();
        assertThat(last.experiment().train().threads()).isEqualTo(1);
        assertThat(last.hash()).isEqualTo(last.experiment().cellHash());
    }

    @Test
    void theWholeSweepAsOneTextFindsItsFilesFromAnywhere(@TempDir Path dir) throws java.io.IOException {
        Files.writeString(dir.resolve("titles.txt"), "One title\nAnother title\nA third one\n".repeat(20));
        Files.writeString(dir.resolve("others.txt"), "Quite another text\nof two lines\n".repeat(20));
        Files.writeString(dir.resolve("base.yaml"), """
                task: {kind: text, file: titles.txt, tokenizer: bytes, context: 8}
                model: {n_layers: 1, d_model: 8, n_heads: 2}
                train: {steps: 2, batch: 2}
                """);
        Path file = Files.writeString(dir.resolve("texts.yaml"), """
                base: base.yaml
                grid:
                  task.file: [titles.txt, others.txt]
                  task.tokenizer: [bytes, characters]
                """);

        Sweep sweep = Sweeps.read(file, dir, Sweeps.Options.NONE);

        assertThat(Sweeps.parse(sweep.text(), "texts.yaml", Sweeps.Options.NONE).cells())
                .extracting(Cell::hash)
                .doesNotHaveDuplicates()
                .isEqualTo(sweep.cells().stream().map(Cell::hash).toList());
    }

    @Test
    void wholeTasksCanBeAnAxis() {
        Sweep sweep = TinySweeps.of("""
                grid:
                  task:
                    plus: {kind: modular-arithmetic, operation: add, modulus: 7}
                    copy: {kind: list-copy, list_length: 2, n_digits: 4}
                  model.d_model: [8, 16]
                label: "{task}-d{d_model}"
                """);

        assertThat(labels(sweep)).containsExactly("plus-d8", "plus-d16", "copy-d8", "copy-d16");
        assertThat(sweep.cells().get(2).experiment().task().nCtx()).isEqualTo(5);
    }

    @Test
    void namedCellsMultiplyWithAGrid() {
        Sweep sweep = TinySweeps.of("""
                cells:
                  plain:
                  normed: {model.norm: layer-norm, model.biases: frozen}
                grid:
                  model.d_model: [8, 16]
                """);

        assertThat(labels(sweep))
                .containsExactly("plain+d_model-8", "plain+d_model-16", "normed+d_model-8", "normed+d_model-16");
        assertThat(sweep.cells().getLast().experiment().model().biases()).isEqualTo(ModelConfig.Biases.FROZEN);
        assertThat(sweep.cells().getLast().choices()).containsEntry("cell", "normed");
    }

    @Test
    void constraintsLeaveOutAlsoWhatCannotBeAnExperiment() {
        Sweep sweep = TinySweeps.of("""
                grid:
                  model.d_model: [8, 12]
                  model.n_heads: [2, 3, 8]
                constraints:
                  - model.d_model % model.n_heads == 0
                  - not (model.d_model == 12 and model.n_heads == 2)
                """);

        assertThat(labels(sweep)).containsExactly("d_model-8+n_heads-2", "d_model-8+n_heads-8", "d_model-12+n_heads-3");
    }

    @Test
    void conditionalKeysApplyWhereTheirConditionHoldsAndMakeNoTwins() {
        Sweep sweep = TinySweeps.of("""
                grid:
                  model.attn_only: [true, false]
                  model.act_fn: {when: model.attn_only == false, values: [relu, gelu]}
                """);

        assertThat(labels(sweep))
                .containsExactly("attn_only-true", "attn_only-false+act_fn-relu", "attn_only-false+act_fn-gelu");
        assertThat(sweep.cells().getFirst().choices()).isEqualTo(Map.of("model.attn_only", "true"));
    }

    @Test
    void drawsLieInTheirRangesAndMoreSamplesKeepTheFirst() {
        String random = """
                  train.optimizer.lr: {distribution: log-uniform, min: 1e-4, max: 1e-2}
                  train.optimizer.weight_decay: {distribution: uniform, min: 0.1, max: 0.2}
                  model.n_layers: {distribution: int, min: 1, max: 3}
                  model.norm: {values: [none, layer-norm]}
                  task.train_fraction: {distribution: normal, mean: 0.5, sd: 0.01}
                """;
        Sweep few = TinySweeps.of("random:\n  samples: 5\n" + random);
        Sweep many = TinySweeps.of("random:\n  samples: 200\n" + random);

        assertThat(many.cells()).hasSize(200);
        assertThat(labels(few)).containsExactly("r001", "r002", "r003", "r004", "r005");
        assertThat(many.cells().subList(0, 5).stream().map(Cell::hash))
                .containsExactlyElementsOf(few.cells().stream().map(Cell::hash).toList());
        var layers = new HashSet<Integer>();
        for (Cell cell : many.cells()) {
            Experiment experiment = cell.experiment();
            layers.add(experiment.model().nLayers());
            assertThat(Double.parseDouble(cell.choices().get("train.optimizer.lr")))
                    .isBetween(1e-4, 1e-2);
            assertThat(Double.parseDouble(cell.choices().get("train.optimizer.weight_decay")))
                    .isBetween(0.1, 0.2);
        }
        assertThat(layers).containsExactlyInAnyOrder(1, 2, 3);
        long small = many.cells().stream()
                .filter(c -> Double.parseDouble(c.choices().get("train.optimizer.lr")) < 1e-3)
                .count();
        assertThat(small).as("half of the logarithms").isBetween(70L, 130L);
    }

    @Test
    void anotherKeyChangesNoOthersDraws() {
        Sweep one = TinySweeps.of(
                "random:\n  samples: 3\n  train.optimizer.lr: {distribution: uniform, min: 1e-4, max: 1e-2}\n");
        Sweep two = TinySweeps.of("""
                random:
                  samples: 3
                  train.optimizer.weight_decay: {distribution: uniform, min: 0.1, max: 0.2}
                  train.optimizer.lr: {distribution: uniform, min: 1e-4, max: 1e-2}
                """);

        for (int i = 0; i < 3; i++) {
            assertThat(two.cells().get(i).choices().get("train.optimizer.lr"))
                    .isEqualTo(one.cells().get(i).choices().get("train.optimizer.lr"));
        }
    }

    @Test
    void itsTextIsTheSameSweepWithoutFilesAndOptions(@TempDir Path dir) throws Exception {
        TinySweeps.writeSmall(dir);
        Path file = Files.writeString(dir.resolve("mine.yaml"), """
                base: small
                note: "what it is: a test"
                set: {train.evaluate_every: 3}
                grid:
                  model.d_model: [8, 12]
                  model.n_heads: [2, 3]
                constraints: ["model.d_model % model.n_heads == 0"]
                """);

        Sweep sweep = Sweeps.read(
                file, dir, new Sweeps.Options(List.of("train.steps=4"), Optional.of("[3, 1]"), Optional.empty()));
        Sweep again = Sweeps.parse(sweep.text(), "the store", Sweeps.Options.NONE);

        assertThat(sweep.seeds()).containsExactly(3L, 1L);
        assertThat(sweep.cells().getFirst().experiment().train().steps()).isEqualTo(4);
        assertThat(sweep.cells().getFirst().experiment().train().evaluateEvery())
                .isEqualTo(3);
        assertThat(again).usingRecursiveComparison().isEqualTo(sweep);
    }

    @Test
    void seedsThatNothingReadsAreRefused() {
        assertThatThrownBy(() -> Sweeps.parse(
                        TinySweeps.BASE + "  seeds: {split: 1, weights: 2}\ngrid: {model.d_model: [8, 16]}\nseeds: 2\n",
                        "tiny.yaml",
                        Sweeps.Options.NONE))
                .hasMessageContaining("would all be one run");
    }

    private static Sweep with(String rest, String... sets) {
        return Sweeps.parse(
                TinySweeps.BASE + rest,
                "tiny.yaml",
                new Sweeps.Options(List.of(sets), Optional.empty(), Optional.empty()));
    }

    @Test
    void aSeedWhereverItStandsIsTheSeedsOfEachCell() {
        String grid = "grid: {model.d_model: [8, 16]}\n";

        assertThat(with(grid).seeds()).containsExactly(0L);
        assertThat(with("  seed: 9\n" + grid).seeds()).as("the base's").containsExactly(9L);
        assertThat(with("set: {seed: 42}\n" + grid).seeds()).containsExactly(42L);
        assertThat(with("set: {seed: [1, 2]}\n" + grid).seeds()).containsExactly(1L, 2L);
        assertThat(with("set: {seed: 1}\nseeds: [1]\n" + grid).seeds()).containsExactly(1L);
        assertThat(with("grid: {model.d_model: [8, 16], seed: [1, 2]}\n").size())
                .isEqualTo(4);
        assertThat(with("grid: {seed: [1, 2]}\n").cells())
                .extracting(Cell::label)
                .containsExactly("base");
        assertThat(with("seeds: 3\n" + grid, "seed=7").seeds())
                .as("the command line wins")
                .containsExactly(7L);
        assertThat(with("seeds: 3\n" + grid, "seed=[7, 8]").seeds()).containsExactly(7L, 8L);
        assertThat(with("  seed: 9\n" + grid, "seed=null").seeds()).containsExactly(0L);
        assertThatThrownBy(() -> with("set: {seed: 42}\nseeds: 3\n" + grid))
                .hasMessage("tiny.yaml:5: set.seed contradicts seeds: let one of them say the seeds");
        assertThatThrownBy(() -> with(grid, "seed=1", "seed=2")).hasMessageContaining("contradicts --set seed=1");
        assertThatThrownBy(() -> with(grid, "seed=many"))
                .hasMessage("--set seed=many: seeds (many) must be a whole number");
        assertThatThrownBy(() -> with(grid, "model.d_model=32"))
                .hasMessage(
                        "--set model.d_model=32: model.d_model has no effect: every cell gets its own value from grid");
    }

    @Test
    void whatIsSetStaysWithTheKeptSweepAlsoOverAnotherBase(@TempDir Path dir) throws Exception {
        Sweep kept = with("set: {train.evaluate_every: 3}\ngrid: {model.d_model: [8, 16]}\n", "train.steps=4");
        Path other = Files.writeString(dir.resolve("other.yaml"), """
                task: {kind: modular-arithmetic, operation: multiply, modulus: 5}
                model: {n_layers: 1, d_model: 8, n_heads: 2}
                train: {steps: 6}
                """);
        Sweep again = Sweeps.parse(
                kept.text(),
                "the store",
                new Sweeps.Options(List.of(), Optional.empty(), Optional.of(other.toString())));

        assertThat(again.cells().getFirst().experiment().train().evaluateEvery())
                .isEqualTo(3);
        assertThat(again.cells().getFirst().experiment().train().steps()).isEqualTo(4);
    }

    @Test
    void oneMemberOfAListIsAKey() {
        Sweep sweep = with("grid: {train.optimizer.betas.1: [0.95, 0.98]}\n", "train.optimizer.betas.0=0.8");

        assertThat(labels(sweep)).containsExactly("betas.1-0.95", "betas.1-0.98");
        assertThat(sweep.cells().getFirst().experiment().settings())
                .containsEntry("train.optimizer.betas", "[0.8, 0.95]");
    }

    @Test
    void aConditionThatHoldsInNoCellIsRemarkedOn() {
        Sweep sweep =
                with("grid: {model.d_model: [8, 16], model.act_fn: {values: [relu], when: model.n_layers > 5}}\n");

        assertThat(sweep.remarks())
                .anyMatch(r -> r.contains("model.act_fn is set in no cell: its condition (when) holds in none"));
    }

    @Test
    void whatNoCellReadsIsRemarkedOnAndRefusedOfAnOption() {
        String grid = "grid: {model.d_model: [8, 16]}\n";
        String ablation = "grid: {model.attn_only: [true, false]}\n";

        assertThat(with("set: {model.attn_only: true, model.act_fn: gelu}\n" + grid)
                        .remarks())
                .containsExactly(
                        "tiny.yaml:5: model.act_fn changes nothing here: with model.attn_only there is no MLP");
        assertThat(with("set: {model.attn_only: true}\ngrid: {model.act_fn: [gelu, relu]}\n")
                        .remarks())
                .containsExactly(
                        "tiny.yaml: model.act_fn is varied, but changes nothing: with model.attn_only there is no MLP");
        assertThat(with(ablation, "model.act_fn=gelu").remarks()).isEmpty();
        assertThat(with(grid, "train.evaluate_every=1000000").remarks())
                .anyMatch(remark -> remark.contains("only the beginning and the end are evaluated"));
        assertThatThrownBy(() -> with(grid, "model.attn_only=true", "model.act_fn=gelu"))
                .hasMessage(
                        "--set model.act_fn=gelu: model.act_fn changes nothing here: with model.attn_only there is no MLP");
    }

    @Test
    void drawsOfEveryDistributionLieWhereItSays() {
        Sweep sweep = with("""
                random:
                  samples: 200
                  train.optimizer.lr: {distribution: log-normal, mean: -6, sd: 1}
                  train.optimizer.weight_decay: {distribution: beta, a: 2, b: 6}
                  model.d_mlp: {distribution: uniform, min: 16, max: 64, q: 16}
                  model.act_fn: {distribution: choice, values: [relu, gelu], probabilities: [0.9, 0.1]}
                """);
        double mean = sweep.cells().stream()
                .mapToDouble(c -> Double.parseDouble(c.choices().get("train.optimizer.weight_decay")))
                .average()
                .orElseThrow();
        long relu = sweep.cells().stream()
                .filter(c -> c.choices().get("model.act_fn").equals("relu"))
                .count();

        assertThat(mean).as("a / (a + b)").isBetween(0.22, 0.28);
        assertThat(relu).isBetween(165L, 195L);
        assertThat(sweep.cells()).allSatisfy(cell -> {
            assertThat(cell.choices().get("model.d_mlp")).isIn("16", "32", "48", "64");
            assertThat(Double.parseDouble(cell.choices().get("train.optimizer.lr")))
                    .isPositive();
        });
    }
}
