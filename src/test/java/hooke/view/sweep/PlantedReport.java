package hooke.view.sweep;

import hooke.stats.Resamples;
import hooke.store.Store;
import hooke.sweep.PlantedSweep;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.file.Sweeps;
import hooke.sweep.measures.Capacity;
import hooke.sweep.measures.Panel;
import hooke.sweep.measures.SweepMeasures;
import hooke.view.page.Page;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** A sweep over depth, width and heads whose truth is planted: deep is slow, one run diverged, one was not begun. */
final class PlantedReport {
    static final String HOSTILE = "</script><script>document.title='owned'</script>";

    private PlantedReport() {}

    static SweepMeasures measures(Path folder) {
        Sweep sweep = Sweeps.parse("""
                note: A planted sweep.
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 97, train_fraction: 0.5}
                  model: {n_layers: 1, d_model: 64, n_heads: 4, biases: trained}
                  train: {steps: 7500, evaluate_every: 50}
                grid:
                  model.n_layers: [1, 4]
                  model.d_model: [64, 128]
                  model.n_heads: [2, 4]
                seeds: 5
                """, "planted.yaml", Sweeps.Options.NONE);
        RandomGenerator stream = Resamples.stream(4, "fates");
        try (Store store = Store.open(folder)) {
            int last = sweep.cells().size() - 1;
            for (int c = 0; c <= last; c++) {
                var cell = sweep.cells().get(c);
                for (long seed : sweep.seeds()) {
                    double layers = cell.experiment().model().nLayers();
                    double groks = 1500 * layers * Math.exp(0.2 * stream.nextGaussian());
                    if (c < last || seed < 4) {
                        PlantedSweep.write(
                                store,
                                cell.experiment(seed),
                                c == 1 && seed == 2
                                        ? new PlantedSweep.Fate(200, groks, OptionalLong.of(900))
                                        : PlantedSweep.Fate.of(200 * layers, groks));
                    }
                }
            }
            return SweepMeasures.read(SweepResults.read(store, sweep), SweepMeasures.Options.DEFAULT);
        }
    }

    static List<Panel> panels(SweepMeasures measures) {
        return Panel.of(measures, Capacity.DEFAULT, List.of());
    }

    static Page page(SweepMeasures measures) {
        return SweepPage.of(measures, Capacity.DEFAULT, panels(measures), List.of("A remark. " + HOSTILE), Map.of());
    }
}
