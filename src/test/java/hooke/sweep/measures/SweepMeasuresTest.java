package hooke.sweep.measures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.stats.LogRank;
import hooke.stats.Resamples;
import hooke.stats.Times;
import hooke.store.Store;
import hooke.sweep.Cell;
import hooke.sweep.PlantedSweep;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.file.Sweeps;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Measures of sweeps whose truth was planted. */
class SweepMeasuresTest {
    private static final String CAPACITY = """
            base:
              task: {kind: modular-arithmetic, operation: add, modulus: 97, train_fraction: 0.5}
              model: {n_layers: 1, d_model: 64, n_heads: 4, biases: trained}
              train: {steps: 7500, evaluate_every: 50}
            grid:
              model.n_layers: [1, 2, 4]
              model.d_model: [64, 128, 256]
              model.n_heads: [2, 4]
            seeds: 5
            """;

    @TempDir
    Path folder;

    private static Sweep sweep(String yaml) {
        return Sweeps.parse(yaml, "capacity.yaml", Sweeps.Options.NONE);
    }

    /** Depth makes slow by a factor of 2 a layer; width and heads do nothing. */
    private SweepMeasures planted(Store store) {
        RandomGenerator stream = Resamples.stream(4, "fates");
        Sweep sweep = sweep(CAPACITY);
        PlantedSweep.write(store, sweep, (cell, seed) -> {
            double layers = cell.experiment().model().nLayers();
            return PlantedSweep.Fate.of(200 * layers, 1500 * layers * Math.exp(0.2 * stream.nextGaussian()));
        });
        return SweepMeasures.read(SweepResults.read(store, sweep), SweepMeasures.Options.DEFAULT);
    }

    @Test
    void aCellCountsItsRunsAndGivesTheirTimes() {
        try (Store store = Store.open(folder)) {
            SweepMeasures measures = planted(store);
            CellMeasures one = measures.cells().getFirst();
            Times grokked = one.times(Goal.Kind.GROKKED).orElseThrow();
            assertThat(grokked.reached()).isEqualTo(5);
            assertThat(grokked.kaplanMeier(0.95).median().value()).isBetween(1200.0, 2500.0);
            assertThat(one.times(Goal.Kind.MEMORIZED).orElseThrow().reached()).isEqualTo(5);
            assertThat(one.end(EndFigure.TEST_ACCURACY).orElseThrow().n()).isEqualTo(5);
            assertThat(one.runs().getFirst().stability().orElseThrow().share()).isEqualTo(1);
            Times deep = measures.cells().getLast().times(Goal.Kind.GROKKED).orElseThrow();
            assertThat(deep.censored()).isPositive();
            assertThat(measures.mainGoal().text()).isEqualTo("test accuracy above 99%");
        }
    }

    @Test
    void anotherThresholdIsMeasuredFromTheSamePoints() {
        try (Store store = Store.open(folder)) {
            SweepMeasures strict = planted(store);
            var options = new SweepMeasures.Options(OptionalDouble.of(0.5), OptionalInt.of(2), 0.9);
            SweepMeasures lax = SweepMeasures.read(SweepResults.read(store, strict.sweep()), options);
            for (int i = 0; i < strict.cells().size(); i++) {
                assertThat(lax.cells()
                                .get(i)
                                .times(Goal.Kind.GROKKED)
                                .orElseThrow()
                                .kaplanMeier(0.9)
                                .median()
                                .value())
                        .isLessThanOrEqualTo(strict.cells()
                                .get(i)
                                .times(Goal.Kind.GROKKED)
                                .orElseThrow()
                                .kaplanMeier(0.9)
                                .median()
                                .value());
            }
            assertThat(lax.mainGoal().text()).isEqualTo("test accuracy above 50%, held for 2 further evaluations");
        }
    }

    @Test
    void importanceFindsThePlantedSettingAndNoOther() {
        try (Store store = Store.open(folder)) {
            Importance importance = Importance.of(planted(store));
            Importance.Setting first = importance.settings().getFirst();
            assertThat(first.key()).isEqualTo("model.n_layers");
            assertThat(first.values()).isEqualTo(3);
            assertThat(first.share()).isBetween(0.5, 1.0);
            assertThat(importance.settings().subList(1, 3))
                    .allSatisfy(s -> assertThat(s.share()).isLessThan(0.1));
            assertThat(importance.n()).isEqualTo(90);
            assertThat(importance.cells()).isGreaterThan(0.5);
        }
    }

    @Test
    void pairsOfEqualSizeAreTestedAndOthersOnlyNamed() {
        try (Store store = Store.open(folder)) {
            SweepMeasures measures = planted(store);
            List<Capacity.Pair> pairs = Capacity.DEFAULT.pairs(measures);
            assertThat(pairs)
                    .extracting(p -> p.deep() + " " + p.wide() + " " + p.isMatched())
                    .containsExactlyInAnyOrder(
                            "4L d64 1L d128 true",
                            "4L d128 1L d256 true",
                            "4L d64 2L d128 false",
                            "4L d128 2L d256 false");
            Capacity.Pair matched = pairs.getFirst();
            assertThat(matched.isMatched()).isTrue();
            assertThat(matched.ratio()).isBetween(1.0, 1.1);
            assertThat(matched.matches()).as("one a number of heads").hasSize(2);
            LogRank test = matched.test().orElseThrow();
            assertThat(test.n()).containsExactly(10, 10);
            assertThat(test.hazardRatio(0.95).high()).as("deep is slower").isLessThan(1);
            assertThat(matched.adjustedP()).isBetween(test.p(), 0.001);
            assertThat(pairs.getLast().isMatched()).isFalse();
            assertThat(pairs.getLast().test()).isEmpty();
            assertThat(pairs.getLast().ratio()).isCloseTo(2, within(0.1));
        }
    }

    @Test
    void panelsPartByBucketAndCompareShapes() {
        try (Store store = Store.open(folder)) {
            SweepMeasures measures = planted(store);
            List<Panel> panels = Panel.of(measures, Capacity.DEFAULT, List.of());
            assertThat(panels)
                    .extracting(Panel::title)
                    .containsExactly("small, below 200,000", "medium, 200,000 to 700,000", "large, from 700,000");
            assertThat(panels.get(1).groups())
                    .extracting(Panel.Group::label)
                    .containsExactly("1L d128", "2L d128", "4L d64");
            assertThat(panels.get(1).lines()).as("a cell each").hasSize(6);
            Panel byShape = Panel.of(measures, Capacity.DEFAULT, List.of("model.d_model"))
                    .get(1);
            assertThat(byShape.lines()).as("asked for").hasSize(2);
            Panel.Band band = byShape.lines().getLast().band(measures.grid().length, RunMeasures::test);
            assertThat(band.n()).isEqualTo(20);
            for (int s = 0; s < measures.grid().length; s++) {
                assertThat(new double[] {band.low()[s], band.median()[s], band.high()[s]})
                        .isSorted();
            }
            assertThat(band.median()[0]).isLessThan(0.1);
            assertThat(Panel.of(measures, Capacity.DEFAULT, List.of("model.n_heads"))
                            .getFirst()
                            .groups())
                    .extracting(Panel.Group::label)
                    .containsExactly("n_heads 2", "n_heads 4");
        }
    }

    @Test
    void aPanelWithMoreShapesThanCanBeToldApartShowsLayers() {
        Sweep sweep = sweep("""
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 7}
                  model: {n_layers: 1, d_model: 8, n_heads: 2}
                  train: {steps: 100, evaluate_every: 10}
                grid: {model.n_layers: [1, 2, 3], model.d_model: [8, 16, 32]}
                seeds: 1
                """);
        try (Store store = Store.open(folder)) {
            PlantedSweep.write(store, sweep, (_, _) -> PlantedSweep.Fate.of(10, 50));
            SweepMeasures measures = SweepMeasures.read(SweepResults.read(store, sweep), SweepMeasures.Options.DEFAULT);
            assertThat(Panel.of(measures, Capacity.DEFAULT, List.of())
                            .getFirst()
                            .groups())
                    .extracting(g -> g.label() + ": " + g.runs())
                    .containsExactly("1L: 3", "2L: 3", "3L: 3");
        }
    }

    @Test
    void whatCannotBeKnownIsLeftOutAndCounted() {
        Sweep sweep = sweep("""
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 7}
                  model: {n_layers: 1, d_model: 8, n_heads: 2}
                  train: {steps: 100, evaluate_every: 10}
                grid: {model.n_layers: [1, 2]}
                seeds: 3
                """);
        try (Store store = Store.open(folder)) {
            Cell first = sweep.cells().getFirst();
            PlantedSweep.write(store, first.experiment(0), PlantedSweep.Fate.of(10, 1000));
            PlantedSweep.write(store, first.experiment(1), new PlantedSweep.Fate(10, 50, OptionalLong.of(35)));
            SweepMeasures measures = SweepMeasures.read(SweepResults.read(store, sweep), SweepMeasures.Options.DEFAULT);
            CellMeasures cell = measures.cells().getFirst();
            Times times = cell.times(Goal.Kind.GROKKED).orElseThrow();
            assertThat(times).hasToString("2 runs: 0 reached, 1 censored, 1 diverged");
            assertThat(cell.missing()).isEqualTo(1);
            assertThat(cell.end(EndFigure.TEST_ACCURACY).orElseThrow().n())
                    .as("less the diverged run")
                    .isEqualTo(1);
            RunMeasures diverged = cell.runs().get(1);
            assertThat(diverged.test()[measures.grid().length - 1]).isNaN();
            CellMeasures none = measures.cells().getLast();
            assertThat(none.times(Goal.Kind.GROKKED)).isEmpty();
            assertThat(none.end(EndFigure.TEST_ACCURACY)).isEmpty();
            assertThat(none.missing()).isEqualTo(3);
            assertThat(Importance.of(measures).n()).isEqualTo(2);
        }
    }

    @Test
    void refusesBordersThatDoNotRise() {
        assertThatThrownBy(() -> new Capacity(List.of(700L, 200L), 0.1)).hasMessageContaining("must rise");
        assertThatThrownBy(() -> new Capacity(List.of(), 5)).hasMessageContaining("tolerance");
        assertThat(new Capacity(List.of(), 0.1).name(0)).isEqualTo("any number of parameters");
        assertThat(new Capacity(List.of(10L), 0.1).name(1)).isEqualTo("from 10 parameters");
    }
}
