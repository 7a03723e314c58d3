package hooke.cli;

import hooke.Check;
import hooke.InputException;
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
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** The arguments that name a sweep: its file, the name of one in experiments/, or of one that the store knows; and what is laid over it. */
final class SweepArgument {
    @Parameters(
            paramLabel = "SWEEP",
            description = "A file, the name of one in experiments/, or of a sweep that the store knows.")
    private String nameOrFile = "";

    @Mixin
    private SweepVariation variation = new SweepVariation();

    /** Reads and checks it. */
    Sweep read(Path store) {
        return find(nameOrFile, store, variation.options()).orElseThrow(() -> {
            Check.that(
                    !Files.isDirectory(Path.of(nameOrFile)),
                    "%s is a folder; name a sweep file, which ends with .yaml, or a sweep",
                    nameOrFile);
            List<String> all = names(store);
            return new InputException("there is no sweep and no file called %s%s: the sweeps are %s"
                    .formatted(
                            nameOrFile,
                            Check.didYouMean(nameOrFile, all),
                            all.isEmpty() ? "none yet" : String.join(", ", all)));
        });
    }

    /** The sweeps in experiments/ and those that the store knows. */
    static List<String> names(Path store) {
        List<String> all = new ArrayList<>(Experiments.sweepNames(ExperimentArgument.folder()));
        stored(store).stream()
                .map(StoredSweep::name)
                .filter(n -> !all.contains(n))
                .forEach(all::add);
        return all;
    }

    /** The sweep of that file, or of that name in experiments/ or else in the store; empty if there is none of that name. */
    static Optional<Sweep> find(String nameOrFile, Path store, Sweeps.Options options) {
        Path experiments = ExperimentArgument.folder();
        if (isPath(nameOrFile)) {
            return Optional.of(Sweeps.read(Path.of(nameOrFile), experiments, options));
        }
        if (Experiments.sweepNames(experiments).contains(nameOrFile)) {
            return Optional.of(Sweeps.read(experiments.resolve(nameOrFile + ".yaml"), experiments, options));
        }
        return stored(store).stream()
                .filter(s -> s.name().equals(nameOrFile))
                .findFirst()
                .map(found -> Sweeps.parse(found.text(), found.name() + ".yaml", options));
    }

    static boolean isPath(String nameOrFile) {
        return nameOrFile.matches("(?i).*\\.ya?ml") || nameOrFile.contains("/");
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
