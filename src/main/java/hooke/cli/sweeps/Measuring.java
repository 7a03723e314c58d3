package hooke.cli.sweeps;

import hooke.Amounts;
import hooke.store.Likeness;
import hooke.store.Run;
import hooke.store.Store;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.measures.Capacity;
import hooke.sweep.measures.CellMeasures;
import hooke.sweep.measures.Inert;
import hooke.sweep.measures.SweepMeasures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how the runs of a sweep are measured. */
public final class Measuring {
    @Option(
            names = "--threshold",
            paramLabel = "SHARE",
            description =
                    "For sweeps: accuracy to exceed to count as memorized or grokked (default: the experiment's).")
    private @Nullable Double threshold;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description =
                    "For sweeps: how many further evaluations must exceed it as well (default: the experiment's).")
    private @Nullable Integer patience;

    @Option(
            names = "--level",
            paramLabel = "SHARE",
            description = "For sweeps: confidence level of the intervals (default: 0.95).")
    private double level = SweepMeasures.Options.DEFAULT.level();

    @Option(
            names = "--borders",
            paramLabel = "N",
            split = ",",
            description = "For sweeps: parameter counts at which size classes begin (default: 200000,700000).")
    private List<Long> borders = Capacity.DEFAULT.borders();

    @Option(
            names = "--tolerance",
            paramLabel = "SHARE",
            description = "For sweeps: by what share the sizes of two matched models may differ (default: 0.1).")
    private double tolerance = Capacity.DEFAULT.tolerance();

    public Capacity capacity() {
        return new Capacity(borders, tolerance);
    }

    /**
     * A sweep measured.
     *
     * @param remarks what its reader must know beside the figures, in sentences
     */
    public record Measured(SweepMeasures measures, List<String> remarks) {}

    /** Reads every run of a sweep from a store. */
    public Measured measure(Sweep sweep, Path folder) {
        var options = new SweepMeasures.Options(
                threshold == null ? OptionalDouble.empty() : OptionalDouble.of(threshold),
                patience == null ? OptionalInt.empty() : OptionalInt.of(patience),
                level);
        try (Store store = Store.openReadOnly(folder)) {
            SweepResults results = SweepResults.read(store, sweep);
            List<String> remarks = new ArrayList<>(sweep.remarks());
            if (sweep.halving().isPresent()) {
                remarks.add("This sweep uses halving: cells that were stopped count as censored at that step.");
            }
            elsewhere(store, results).ifPresent(remarks::add);
            Likeness.of(stored(results), store.survey()).remark().ifPresent(remarks::add);
            Inert.find(results).forEach(inert -> remarks.add(inert.sentence() + "."));
            SweepMeasures measures = SweepMeasures.read(results, options);
            remarks.addAll(unread(measures));
            return new Measured(measures, remarks);
        }
    }

    private static List<Run> stored(SweepResults results) {
        return results.cells().stream()
                .flatMap(cell -> cell.runs().stream())
                .flatMap(run -> Stream.ofNullable(run.stored()))
                .toList();
    }

    /** Of runs that the sweep had when it was last trained, and has not as it is asked for now. */
    private static Optional<String> elsewhere(Store store, SweepResults results) {
        String name = results.sweep().name();
        Set<String> these = Set.copyOf(results.hashes());
        long others = store.runsOfSweep(name).stream()
                .filter(run -> !these.contains(run.hash()))
                .count();
        return others == 0
                ? Optional.empty()
                : Optional.of("Not among these: %s of %s as it was last trained here; give its name alone to see them."
                        .formatted(Amounts.of(others, "run", "runs"), name));
    }

    /** Axes that nothing reads in some cells. */
    private static List<String> unread(SweepMeasures measures) {
        Map<String, Integer> cells = new TreeMap<>();
        for (CellMeasures cell : measures.cells()) {
            cell.cell().experiment().unread().keySet().stream()
                    .filter(cell.cell().axes()::containsKey)
                    .forEach(key -> cells.merge(key, 1, Integer::sum));
        }
        return cells.entrySet().stream()
                .map(e -> "%s is varied, but has no effect in %s of %s cells."
                        .formatted(e.getKey(), e.getValue(), measures.cells().size()))
                .toList();
    }
}
