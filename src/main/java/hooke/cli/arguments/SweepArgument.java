package hooke.cli.arguments;

import hooke.Check;
import hooke.InputException;
import hooke.NotAFile;
import hooke.config.Experiments;
import hooke.store.Store;
import hooke.store.StoredSweep;
import hooke.sweep.Cell;
import hooke.sweep.Sweep;
import hooke.sweep.file.Sweeps;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/**
 * The arguments that name a sweep, and what is laid over it. A path is that file. A name, for a command that trains, is the file of that
 * name in experiments/ or else the sweep that the store keeps; for one that looks at what was trained it is the sweep that the store
 * keeps, as it was last trained there, or else the file.
 */
public final class SweepArgument {
    @Parameters(
            paramLabel = "SWEEP",
            description = "A file, the name of one in experiments/, or of a sweep in the store.")
    private String nameOrFile = "";

    @Mixin
    private SweepVariation variation = new SweepVariation();

    /** What is to be trained. */
    public Sweep toTrain(Path store) {
        return file(nameOrFile, variation.options())
                .or(() -> kept(nameOrFile, store, variation.options()))
                .orElseThrow(() -> unknown(store));
    }

    /** What was trained. */
    public Sweep trained(Path store) {
        return trained(nameOrFile, store, variation.options()).orElseThrow(() -> unknown(store));
    }

    private InputException unknown(Path store) {
        Path path = Path.of(nameOrFile);
        NotAFile.why(path)
                .filter(_ -> Files.exists(path, LinkOption.NOFOLLOW_LINKS))
                .ifPresent(why -> {
                    throw new InputException(
                            "%s %s; name a sweep file, which ends with .yaml, or a sweep".formatted(nameOrFile, why));
                });
        List<String> all = names(store);
        return new InputException("there is no sweep and no file called %s%s: the sweeps are %s"
                .formatted(
                        nameOrFile,
                        Check.didYouMean(nameOrFile, all),
                        all.isEmpty() ? "none yet" : String.join(", ", all)));
    }

    /** The sweeps in experiments/ and those that the store knows. */
    public static List<String> names(Path store) {
        List<String> all = new ArrayList<>(Experiments.sweepNames(ExperimentArgument.folder()));
        stored(store).stream()
                .map(StoredSweep::name)
                .filter(n -> !all.contains(n))
                .forEach(all::add);
        return all;
    }

    /** The sweep of that file, or the one of that name as the store keeps it, or else as experiments/ has it; empty if there is none. */
    public static Optional<Sweep> trained(String nameOrFile, Path store, Sweeps.Options options) {
        return isPath(nameOrFile)
                ? file(nameOrFile, options)
                : kept(nameOrFile, store, options)
                        .map(sweep -> beside(sweep, nameOrFile, options))
                        .or(() -> file(nameOrFile, options));
    }

    private static Optional<Sweep> file(String nameOrFile, Sweeps.Options options) {
        Path experiments = ExperimentArgument.folder();
        if (isPath(nameOrFile)) {
            return Optional.of(Sweeps.read(Path.of(nameOrFile), experiments, options));
        }
        return Experiments.sweepNames(experiments).contains(nameOrFile)
                ? Optional.of(Sweeps.read(experiments.resolve(nameOrFile + ".yaml"), experiments, options))
                : Optional.empty();
    }

    private static Optional<Sweep> kept(String name, Path store, Sweeps.Options options) {
        return stored(store).stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .map(found -> Sweeps.parse(found.text(), found.name() + ".yaml", options));
    }

    /** With a remark where the file of that name says other cells by now. */
    private static Sweep beside(Sweep kept, String name, Sweeps.Options options) {
        try {
            Optional<Sweep> file = file(name, options);
            return file.isEmpty() || hashes(file.get()).equals(hashes(kept))
                    ? kept
                    : kept.withRemark(
                            "These are the cells of %s as it was last trained here; its file now has others; to see them, give its path: %s."
                                    .formatted(name, ExperimentArgument.folder().resolve(name + ".yaml")));
        } catch (InputException broken) { // It is not what was asked for.
            return kept;
        }
    }

    private static Set<String> hashes(Sweep sweep) {
        return sweep.cells().stream().map(Cell::hash).collect(Collectors.toSet());
    }

    public static boolean isPath(String nameOrFile) {
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
