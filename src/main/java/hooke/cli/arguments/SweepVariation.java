package hooke.cli.arguments;

import hooke.sweep.file.Sweeps;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that are laid over a sweep's file. */
public final class SweepVariation {
    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set a key of the base, as in --set train.steps=500; may be repeated.")
    private List<String> settings = List.of();

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "How many seeds, or a list of seeds in brackets, instead of the file's.")
    private @Nullable String seeds;

    @Option(names = "--base", paramLabel = "EXPERIMENT", description = "The experiment to vary, instead of the file's.")
    private @Nullable String base;

    public Sweeps.Options options() {
        return new Sweeps.Options(settings, Optional.ofNullable(seeds), Optional.ofNullable(base));
    }
}
