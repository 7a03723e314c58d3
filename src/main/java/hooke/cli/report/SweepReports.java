package hooke.cli.report;

import hooke.Check;
import hooke.cli.sweeps.Measuring;
import hooke.cli.sweeps.SweepJson;
import hooke.store.Run;
import hooke.sweep.measures.Capacity;
import hooke.sweep.measures.Panel;
import hooke.sweep.measures.SweepMeasures;
import hooke.view.sweep.SweepPage;
import hooke.view.sweep.SweepPlots;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reports of sweeps. */
final class SweepReports {
    private SweepReports() {}

    /**
     * @param by settings that make the groups of plots; empty to choose
     * @param folder where the page will lie: it links to the pages of runs that lie there
     */
    static Report of(Measuring.Measured measured, Capacity capacity, List<String> by, Path folder) {
        SweepMeasures sweep = measured.measures();
        Set<String> keys = new TreeSet<>();
        sweep.cells().forEach(c -> keys.addAll(c.cell().settings().keySet()));
        for (String key : by) {
            Check.that(
                    keys.contains(key),
                    "--by %s: the cells of this sweep do not differ in that%s; they differ in %s",
                    key,
                    Check.didYouMean(key, keys),
                    String.join(", ", keys));
        }
        List<Panel> panels = Panel.of(sweep, capacity, by);
        String name = sweep.sweep().name();
        return new Report(
                name,
                name,
                SweepPage.of(sweep, capacity, panels, measured.remarks(), RunReports.pages(runs(sweep), folder)),
                () -> SweepPlots.of(sweep, panels),
                SweepJson.of(measured));
    }

    /** Those that were begun. */
    static List<Run> runs(SweepMeasures sweep) {
        return sweep.cells().stream()
                .flatMap(cell -> cell.runs().stream())
                .flatMap(run -> Optional.ofNullable(run.run().stored()).stream())
                .toList();
    }
}
