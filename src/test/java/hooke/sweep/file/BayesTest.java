package hooke.sweep.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.stats.TimeToEvent;
import hooke.sweep.Bayes;
import hooke.sweep.Cell;
import hooke.sweep.CellResults;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import hooke.sweep.TinySweeps;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sweeps whose later cells TPE proposes: what a file may say, and that the cells follow from results alone. */
final class BayesTest {
    private static final String SEARCH = """
            random:
              samples: 40
              seed: %s
              train.optimizer.lr: {distribution: log-uniform, min: 1e-5, max: 1}
              train.optimizer.weight_decay: {distribution: uniform, min: 0, max: 0.5, q: 0.01}
              model.d_mlp: {distribution: int, min: 4, max: 64}
              model.norm: {distribution: choice, values: {none: none, LN: layer-norm}}
              train.clip_norm: {distribution: log-normal, mean: 0, sd: 0.5, when: model.d_mlp > 30}
            bayes: {metric: test_loss, batch: %s}
            """;

    private static Sweep sweep(long seed, int batch) {
        String clip = "  train.clip_norm: {distribution: log-normal, mean: 0, sd: 0.5, when: model.d_mlp > 30}\n";
        return TinySweeps.of(SEARCH.replace(clip, "").formatted(seed, batch));
    }

    /** Best at a rate of 0.01, 40 neurons and LayerNorm. */
    private static double loss(Cell cell) {
        double lr = Double.parseDouble(String.valueOf(cell.choices().get("train.optimizer.lr")));
        double neurons = Double.parseDouble(String.valueOf(cell.choices().get("model.d_mlp")));
        double norm = "LN".equals(cell.choices().get("model.norm")) ? 0 : 1;
        return Math.pow(Math.log10(lr) + 2, 2) + Math.pow((neurons - 40) / 30, 2) + norm;
    }

    private static SweepResults done(Sweep sweep, ToDoubleFunction<Cell> loss) {
        List<CellResults> cells = sweep.cells().stream()
                .map(cell -> new CellResults(
                        cell,
                        sweep.seeds().stream()
                                .map(seed -> run(cell, seed, loss.applyAsDouble(cell)))
                                .toList()))
                .toList();
        return new SweepResults(sweep, cells, null);
    }

    private static SweepRun run(Cell cell, long seed, double loss) {
        var never = new TimeToEvent.Censored(6);
        var ending = new SweepRun.Ending(never, never, never, 6, 6, 0, 0, loss, 0);
        return new SweepRun(seed, cell.experiment(seed).hash(), null, SweepRun.Status.DONE, ending, null);
    }

    private static Sweep grown(Sweep first) {
        Sweep sweep = first;
        for (Optional<Sweep> more = Sweeps.grown(done(sweep, BayesTest::loss));
                more.isPresent();
                more = Sweeps.grown(done(sweep, BayesTest::loss))) {
            assertThat(more.get().cells().subList(0, sweep.cells().size()))
                    .extracting(Cell::hash)
                    .containsExactlyElementsOf(
                            sweep.cells().stream().map(Cell::hash).toList());
            sweep = more.get();
        }
        return sweep;
    }

    @Test
    void itGrowsToAllSamplesAndItsLabelsSayHow() {
        Sweep first = sweep(0, 4);
        assertThat(first.bayes()).contains(new Bayes("test-loss", 10, 4));
        assertThat(first.cells()).hasSize(10).allMatch(cell -> cell.label().startsWith("r0"));
        assertThat(first.remarks()).anyMatch(r -> r.contains("10 of 40 cells are known: TPE proposes the others"));

        Sweep all = grown(first);

        assertThat(all.cells().size()).isBetween(38, 40); // A cell may be proposed twice.
        assertThat(all.cells().subList(10, all.cells().size()))
                .allMatch(cell -> cell.label().startsWith("t0"));
        assertThat(all.remarks()).noneMatch(r -> r.contains("TPE proposes"));
        Sweep readAgain = Sweeps.parse(all.text(), "again.yaml", Sweeps.Options.NONE);
        assertThat(readAgain.cells()).isEqualTo(all.cells());
        assertThat(grown(first).cells()).isEqualTo(all.cells());
    }

    @Test
    void itFindsBetterCellsThanChance() {
        int wins = 0;
        for (long seed = 0; seed < 10; seed++) {
            String longer = SEARCH.replaceAll("(?m).*clip_norm.*\\n", "").replace("samples: 40", "samples: 60");
            double tpe = best(grown(TinySweeps.of(longer.formatted(seed, 5))));
            String atRandom = longer.replaceAll("(?m)^bayes:.*\n", "").replace("%s", String.valueOf(seed));
            wins += tpe < best(TinySweeps.of(atRandom)) ? 1 : 0;
        }
        assertThat(wins).isGreaterThanOrEqualTo(8);
    }

    private static double best(Sweep sweep) {
        return sweep.cells().stream().mapToDouble(BayesTest::loss).min().orElseThrow();
    }

    @Test
    void itWaitsUntilAllRunsHaveEnded() {
        Sweep sweep = sweep(0, 2);
        assertThat(Sweeps.grown(SweepResults.none(sweep))).isEmpty();
        assertThat(Sweeps.grown(done(sweep, BayesTest::loss)))
                .hasValueSatisfying(more -> assertThat(more.cells()).hasSize(12));
        assertThat(Sweeps.grown(done(TinySweeps.of("seeds: 2\n"), _ -> 1))).isEmpty();
    }

    /** A loss that is no number, and a key that only some cells have. */
    @Test
    void divergedCellsAreTheWorstAndConditionalKeysAreLearntFromThoseThatHaveThem() {
        Sweep sweep = TinySweeps.of(SEARCH.formatted(3, 3));
        Sweep more = Sweeps.grown(done(
                        sweep, cell -> "LN".equals(cell.choices().get("model.norm")) ? Double.NaN : loss(cell)))
                .orElseThrow();
        assertThat(more.cells()).hasSizeBetween(11, 13);
    }

    @Test
    void wandbFilesAskForIt() {
        Sweep sweep = TinySweeps.of("""
                method: bayes
                metric: {name: val_loss, goal: minimize}
                early_terminate: {type: hyperband, min_iter: 2}
                parameters:
                  learning_rate: {distribution: log_uniform_values, min: 0.0001, max: 0.1}
                  weight_decay: {min: 0.0, max: 0.5}
                  n_layer: {values: [1, 2]}
                """);
        assertThat(sweep.bayes()).contains(new Bayes("test-loss", 10, 4));
        assertThat(sweep.halving()).isEmpty();
        assertThat(sweep.cells()).hasSize(10);
        assertThat(sweep.remarks())
                .anyMatch(r -> r.contains("run_cap says how many cells to train; without it 30"))
                .anyMatch(r -> r.contains("early_terminate is not used with method bayes"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bayes: {metric: test-los}                        | bayes.metric (test-los) must be one of train-loss, train-accuracy, test-loss, test-accuracy, test-bits-per-byte (did you mean 'test-loss'?)
            bayes: {startup: 3}                              | bayes.metric is missing
            bayes: {metric: test-loss, startup: 0}           | startup (0) must be from 1
            bayes: {metric: test-loss, gamma: 2}             | bayes.gamma is not a key: the keys of bayes are metric, startup, batch
            bayes: {metric: test-loss, proposed: [{}]}       | bayes.proposed lacks train.optimizer.lr
            {bayes: {metric: test-loss}, seeds: 2}           | is not YAML
            """)
    void whatIsWrongIsSaid(String bayes, String sentence) {
        assertThatThrownBy(() -> TinySweeps.of(
                        "random: {samples: 5, train.optimizer.lr: {distribution: uniform, min: 0.1, max: 0.2}}\n"
                                + bayes + "\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void itLearnsFromRandomAlone() {
        assertThatThrownBy(() -> TinySweeps.of("grid: {model.n_layers: [1, 2]}\nbayes: {metric: test-loss}\n"))
                .hasMessageContaining("bayes needs random, which says what is drawn");
        assertThatThrownBy(
                        () -> TinySweeps.of(
                                "grid: {model.n_layers: [1, 2]}\nrandom: {samples: 5, train.optimizer.lr: {distribution: uniform, min: 0.1, max: 0.2}}\nbayes: {metric: test-loss}\n"))
                .hasMessageContaining("bayes cannot learn from draws that are combined with grid: give random alone");
    }
}
