package hooke.cli.arguments;

import hooke.Check;
import hooke.Printable;
import hooke.cli.terminal.Terminal;
import hooke.config.Draft;
import hooke.config.Experiment;
import hooke.config.Experiments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments that name an experiment: its file or its name, and settings laid over it. */
public final class ExperimentArgument {
    @Parameters(
            paramLabel = "EXPERIMENT",
            description = "A file, or the name of an experiment in experiments/ or built into Hooke.")
    private String nameOrFile = "";

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set a key, as in --set train.optimizer.lr=3e-4; may be repeated.")
    private List<String> settings = List.of();

    @Option(names = "--seed", paramLabel = "N", description = "Short for --set seed=N.")
    private @Nullable String seed;

    @Option(names = "--device", paramLabel = "NAME", description = "cpu or cuda; short for --set train.device=NAME.")
    private @Nullable String device;

    @Option(names = "--threads", paramLabel = "N", description = "Short for --set train.threads=N.")
    private @Nullable String threads;

    /** Reads and checks it; what its own file sets to no effect is said on the error stream. */
    public Experiment read(Terminal terminal) {
        List<String> sets = new ArrayList<>(settings);
        add(sets, "seed", seed);
        add(sets, "train.device", device);
        add(sets, "train.threads", threads);
        Draft draft = Experiments.draft(nameOrFile, folder()).with(sets);
        Experiment experiment = draft.asked();
        Stream.concat(draft.idle().stream(), draft.vain().stream())
                .forEach(sentence -> terminal.err().println("hooke: " + Printable.lines(sentence)));
        return experiment;
    }

    private void add(List<String> sets, String key, @Nullable String value) {
        if (value != null) {
            Check.that(
                    settings.stream().noneMatch(set -> set.startsWith(key + "=")),
                    "%s is given twice: by --%s and by --set",
                    key,
                    key.substring(key.lastIndexOf('.') + 1));
            sets.add(key + "=" + value);
        }
    }

    /** Experiments by name: of the folder where the user stands, or else of the project. */
    public static Path folder() {
        Path here = Path.of("experiments");
        return Files.isDirectory(here) ? here : Path.of(System.getProperty("hooke.home", ""), "experiments");
    }
}
