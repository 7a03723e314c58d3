package hooke.cli;

import hooke.config.Experiment;
import hooke.config.Experiments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The arguments that name an experiment: its file or its name, and settings laid over it. */
final class ExperimentArgument {
    @Parameters(
            paramLabel = "EXPERIMENT",
            description = "A file, or the name of one in experiments/ or of one that comes with Hooke.")
    private String nameOrFile = "";

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set a key, as in --set train.optimizer.lr=3e-4; may be repeated.")
    private List<String> settings = List.of();

    /** Reads and checks it. */
    Experiment read() {
        return Experiments.named(nameOrFile, folder(), settings);
    }

    /** Experiments by name: of the folder where the user stands, or else of the project. */
    static Path folder() {
        Path here = Path.of("experiments");
        return Files.isDirectory(here) ? here : Path.of(System.getProperty("hooke.home", ""), "experiments");
    }
}
