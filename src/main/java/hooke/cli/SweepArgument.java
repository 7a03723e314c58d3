package hooke.cli;

import hooke.Check;
import hooke.config.Experiments;
import hooke.store.Store;
import hooke.store.StoredSweep;
import hooke.sweep.Sweep;
import hooke.sweep.Sweeps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments that name a sweep: its file, the name of one in experiments/, or of one that the store knows; and what is laid over it. */
final class SweepArgument {
    @Parameters(
            paramLabel = "SWEEP",
            description = "A file, the name of one in experiments/, or of a sweep that the store knows.")
    private String nameOrFile = "";

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set a key of the base, as in --set train.steps=500; may be repeated.")
    private List<String> settings = List.of();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How many seeds, or a list in brackets, instead of the file's.")
    private @Nullable String seeds;

    @Option(names = "--base", paramLabel = "EXPERIMENT", description = "The experiment to vary, instead of the file's.")
    private @Nullable String base;

    /** Reads and checks it. */
    Sweep read(Path store) {
        var options = new Sweeps.Options(settings, Optional.ofNullable(seeds), Optional.ofNullable(base));
        Path experiments = ExperimentArgument.folder();
        Path file = Path.of(nameOrFile);
        boolean isPath = nameOrFile.contains("/") || nameOrFile.matches("(?i).*\\.ya?ml");
        if (isPath) {
            return Sweeps.read(file, experiments, options);
        }
        List<String> names = Experiments.sweepNames(experiments);
        if (names.contains(nameOrFile)) {
            return Sweeps.read(experiments.resolve(nameOrFile + ".yaml"), experiments, options);
        }
        List<StoredSweep> stored = stored(store);
        List<String> all = new ArrayList<>(names);
        stored.stream().map(StoredSweep::name).filter(n -> !all.contains(n)).forEach(all::add);
        StoredSweep found = stored.stream()
                .filter(s -> s.name().equals(nameOrFile))
                .findFirst()
                .orElse(null);
        Check.that(
                found != null,
                "there is no sweep and no file called %s%s: the sweeps are %s",
                nameOrFile,
                Check.didYouMean(nameOrFile, all),
                all.isEmpty() ? "none yet" : String.join(", ", all));
        return Sweeps.parse(java.util.Objects.requireNonNull(found).text(), found.name() + ".yaml", options);
    }

    private static List<StoredSweep> stored(Path folder) {
        if (!Files.exists(folder.resolve("hooke.db"))) {
            return List.of();
        }
        try (Store store = Store.openReadOnly(folder)) {
            return store.sweeps();
        }
    }
}
