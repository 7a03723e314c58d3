package hooke.view.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.stats.Estimate;
import hooke.store.Store;
import hooke.sweep.PlantedSweep;
import hooke.sweep.SweepResults;
import hooke.sweep.file.Sweeps;
import hooke.sweep.measures.Capacity;
import hooke.sweep.measures.Panel;
import hooke.sweep.measures.SweepMeasures;
import hooke.view.drawing.Picture;
import hooke.view.plot.BandPlot;
import hooke.view.plot.HeatMap;
import hooke.view.plot.ParallelPlot;
import hooke.view.plot.Plot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a sweep's report says. */
class SweepPageTest {
    @TempDir
    private Path folder;

    @Test
    void everyFigureStandsWithItsNumberOfRunsAndItsInterval() {
        SweepMeasures measures = PlantedReport.measures(folder);
        String html = PlantedReport.page(measures).html();

        long reached = measures.times().orElseThrow().reached();
        assertThat(html).contains("<h1>" + reached + " of 39 runs grokked</h1>");
        assertThat(html).contains("8 cells, each from 5 seeds. Counted as reached: test accuracy above 99%.");
        assertThat(html).contains("n = 39").contains("95%: ");
        assertThat(html).contains("(n = 10)");
        assertThat(html).contains("Kaplan-Meier").contains("not the error of the median");
        assertThat(html).contains("Log-rank test over 2 groups");
        assertThat(html).contains("epsilon squared").contains("n = 39 runs");
        assertThat(html).contains("The fields with their runs and intervals").contains("Greenwood&#39;s variance");
    }

    @Test
    void matchedPairsAreTestedAndOthersSaidNotToBe() {
        String html = PlantedReport.page(PlantedReport.measures(folder)).html();
        assertThat(html).contains("4L d64 / 1L d128").contains("× 1.05");
        assertThat(html).contains("Matched: within 10% of each other");
    }

    @Test
    void whatAUserWroteCannotBecomeMarkup() {
        String html = PlantedReport.page(PlantedReport.measures(folder)).html();
        assertThat(html).doesNotContain(PlantedReport.HOSTILE).contains("A remark. &lt;/script&gt;");
    }

    @Test
    void aSweepThatNobodyBeganHasAPage() {
        var sweep = Sweeps.parse("""
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 7}
                  model: {n_layers: 1, d_model: 8, n_heads: 2}
                  train: {steps: 1}
                grid: {model.d_model: [8, 16]}
                seeds: 2
                """, "one.yaml", Sweeps.Options.NONE);
        try (Store store = Store.open(folder)) {
            var measures = SweepMeasures.read(SweepResults.read(store, sweep), SweepMeasures.Options.DEFAULT);
            String html = SweepPage.of(measures, Capacity.DEFAULT, PlantedReport.panels(measures), List.of(), Map.of())
                    .html();
            assertThat(html).contains("<h1>No run has started yet</h1>").contains("4 not started");
        }
    }

    @Test
    void whereNobodyReachedTheGoalThatIsSaidAndNoAxisShowsIt() {
        var sweep = Sweeps.parse("""
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 97, train_fraction: 0.5}
                  model: {n_layers: 1, d_model: 64, n_heads: 4, biases: trained}
                  train: {steps: 700, evaluate_every: 100}
                cells:
                  deep: {model.n_layers: 4}
                  wide: {model.d_model: 128}
                seeds: 2
                """, "slow.yaml", Sweeps.Options.NONE);
        try (Store store = Store.open(folder)) {
            PlantedSweep.write(store, sweep, (_, _) -> PlantedSweep.Fate.of(100, 9000));
            var measures = SweepMeasures.read(SweepResults.read(store, sweep), SweepMeasures.Options.DEFAULT);
            List<Panel> panels = Panel.of(measures, Capacity.DEFAULT, List.of());
            String html = SweepPage.of(measures, Capacity.DEFAULT, panels, List.of(), Map.of())
                    .html();
            assertThat(html)
                    .contains(
                            "no run reached the goal while runs of both groups were observed", "nothing to compare yet")
                    .contains("data-sort=\"1e300\">not reached</td>", ">no interval defined, n = 4<")
                    .doesNotContain("Log-rank test of the steps", "[interval not defined]</td>", "0 to 0");
            assertThat(new SweepPlots(measures, panels).parallel())
                    .singleElement()
                    .satisfies(plot -> {
                        assertThat(plot.axes())
                                .extracting(ParallelPlot.Dimension::label)
                                .as("constant axes tell nothing")
                                .containsExactly("n_layers", "d_model", "d_head", "d_mlp", "parameters");
                    });
        }
    }

    @Test
    void everyPlotHasAPicture() throws IOException {
        SweepMeasures measures = PlantedReport.measures(folder.resolve("runs"));
        List<Plot> plots = SweepPlots.of(measures, PlantedReport.panels(measures));
        assertThat(plots).hasAtLeastOneElementOfType(BandPlot.class);
        assertThat(plots).hasAtLeastOneElementOfType(HeatMap.class);
        assertThat(plots).hasAtLeastOneElementOfType(ParallelPlot.class);
        for (Plot plot : plots) {
            Path svg = folder.resolve("plot.svg");
            Path png = folder.resolve("plot.png");
            new Picture(plot, "planted").writeSvg(svg);
            new Picture(plot, "planted").writePng(png);
            assertThat(Files.readString(svg))
                    .contains("<title>" + plot.title() + ", planted</title>")
                    .contains("<text");
            assertThat(javax.imageio.ImageIO.read(png.toFile()).getWidth()).isGreaterThan(1000);
        }
    }

    @Test
    void aSweepOfWhichAllDivergedSaysSoAndHasNoEmptyColumns() {
        var sweep = Sweeps.parse("""
                base: quick-grok
                set: {train.steps: 500, train.stop: never}
                grid: {train.optimizer.lr: [0.1, 0.2]}
                seeds: 2
                """, "wild.yaml", Sweeps.Options.NONE);
        try (Store store = Store.open(folder)) {
            PlantedSweep.write(store, sweep, (_, _) -> new PlantedSweep.Fate(100, 9000, OptionalLong.of(60)));
            var measures = SweepMeasures.read(SweepResults.read(store, sweep), SweepMeasures.Options.DEFAULT);
            assertThat(SweepPage.of(measures, Capacity.DEFAULT, PlantedReport.panels(measures), List.of(), Map.of())
                            .html())
                    .contains("<h1>All 4 runs diverged</h1>", ">2 diverged</td>")
                    .doesNotContain(
                            ">test accuracy</th>", ">held after</abbr>", "smallest to largest</th>", "chi-square");
        }
    }

    @Test
    void survivalPicturesCarryTheNumbersAtRisk() throws IOException {
        SweepMeasures measures = PlantedReport.measures(folder.resolve("runs"));
        Plot survival = SweepPlots.of(measures, PlantedReport.panels(measures)).stream()
                .filter(p -> p instanceof BandPlot b && b.stepwise())
                .findFirst()
                .orElseThrow();
        new Picture(survival, "planted").writeSvg(folder.resolve("plot.svg"));
        assertThat(Files.readString(folder.resolve("plot.svg")))
                .contains("runs at risk")
                .contains(">10<");
    }

    @Test
    void aRandomSweepIsDrawnByCellAndColouredByWhatWasDrawn() {
        var sweep = Sweeps.parse("""
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 97, train_fraction: 0.5}
                  model: {n_layers: 1, d_model: 64, n_heads: 4}
                  train: {steps: 700, evaluate_every: 100}
                random:
                  samples: 12
                  train.optimizer.lr: {distribution: log-uniform, min: 1e-4, max: 1e-2}
                  model.act_fn: {distribution: choice, values: [relu, gelu]}
                seeds: 1
                """, "draws.yaml", Sweeps.Options.NONE);
        try (Store store = Store.open(folder)) {
            PlantedSweep.write(
                    store,
                    sweep,
                    (cell, _) -> PlantedSweep.Fate.of(
                            50,
                            1 / Double.parseDouble(cell.experiment().settings().get("train.optimizer.lr"))));
            var measures = SweepMeasures.read(SweepResults.read(store, sweep), SweepMeasures.Options.DEFAULT);
            List<Panel> panels = PlantedReport.panels(measures);
            BandPlot curves = new SweepPlots(measures, panels).learning().getFirst();
            assertThat(curves.ribbons()).as("a curve a cell").hasSize(12);
            assertThat(curves.ribbons().getFirst().detail()).matches("lr [0-9.e-]+, act_fn (relu|gelu)");
            assertThat(curves.groups()).hasSize(5).allMatch(name -> name.matches("lr \\S+ to \\S+ \\(n = [23]\\)"));
            assertThat(curves.isRange()).isTrue();
            String html = SweepPage.of(
                            measures, Capacity.DEFAULT, panels, List.of(), Map.of("draws.r001/0", "draws.r001-0.html"))
                    .html();
            assertThat(html)
                    .containsPattern(">cell</abbr></th><th[^>]*>lr</th><th[^>]*>act_fn</th>")
                    .contains("\"page\":\"draws.r001-0.html\"", "./hooke report draws --runs")
                    .contains("nothing corrects for that choice", "for having chosen the setting from these runs")
                    .doesNotContain(Estimate.NO_INTERVAL + "</abbr>");
            assertThat(SweepPlots.of(measures, panels))
                    .filteredOn(ParallelPlot.class::isInstance)
                    .singleElement()
                    .satisfies(plot -> assertThat(((ParallelPlot) plot).axes())
                            .extracting(ParallelPlot.Dimension::label)
                            .doesNotContain("parameters"));
        }
    }
}
