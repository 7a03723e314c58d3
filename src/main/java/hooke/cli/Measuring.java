package hooke.cli;

import hooke.store.Store;
import hooke.sweep.Capacity;
import hooke.sweep.Sweep;
import hooke.sweep.SweepMeasures;
import hooke.sweep.SweepResults;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how the runs of a sweep are measured. */
final class Measuring {
    @Option(
            names = "--threshold",
            paramLabel = "SHARE",
            description = "Of a sweep: accuracy that memorizing and grokking must exceed (default: the experiment's).")
    private @Nullable Double threshold;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Of a sweep: further evaluations that must exceed it, too (default: the experiment's).")
    private @Nullable Integer patience;

    @Option(names = "--level", paramLabel = "SHARE", description = "Of a sweep: coverage of intervals (default: 0.95).")
    private double level = SweepMeasures.Options.DEFAULT.level();

    @Option(
            names = "--borders",
            paramLabel = "N",
            split = ",",
            description = "Of a sweep: parameter counts at which buckets begin (default: 200000,700000).")
    private List<Long> borders = Capacity.DEFAULT.borders();

    @Option(
            names = "--tolerance",
            paramLabel = "SHARE",
            description = "Of a sweep: how much larger one model of a matched pair may be (default: 0.1).")
    private double tolerance = Capacity.DEFAULT.tolerance();

    Capacity capacity() {
        return new Capacity(borders, tolerance);
    }

    /** Reads every run of a sweep from a store. */
    SweepMeasures measure(Sweep sweep, Path folder) {
        var options = new SweepMeasures.Options(
                threshold == null ? OptionalDouble.empty() : OptionalDouble.of(threshold),
                patience == null ? OptionalInt.empty() : OptionalInt.of(patience),
                level);
        try (Store store = Store.openReadOnly(folder)) {
            return SweepMeasures.read(SweepResults.read(store, sweep), options);
        }
    }
}
