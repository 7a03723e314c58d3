package hooke.sweep.file;

import hooke.config.Experiments;
import hooke.config.Tree;
import hooke.sweep.Sweep;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Reads sweeps: files of our own form, and those of Weights and Biases. */
public final class Sweeps {
    private Sweeps() {}

    /**
     * What the command line says about a sweep.
     *
     * @param sets laid over the base, each as it follows {@code --set}
     * @param seeds a number of seeds or a list, instead of the file's
     * @param base a file or a name, instead of the file's
     */
    public record Options(List<String> sets, Optional<String> seeds, Optional<String> base) {
        public static final Options NONE = new Options(List.of(), Optional.empty(), Optional.empty());
    }

    /**
     * A sweep from a file. Throws {@link hooke.InputException} with file, line and key for what is wrong in it.
     *
     * @param experiments where a base given by name lies, if not beside the file
     */
    public static Sweep read(Path file, Path experiments, Options options) {
        Tree tree = Tree.read(file, "a sweep file");
        Path beside = Optional.ofNullable(file.getParent()).orElse(Path.of(""));
        return new SweepFile(file.toString(), options, base -> {
                    boolean isPath = base.contains("/") || base.matches("(?i).*\\.ya?ml");
                    if (isPath) {
                        return Experiments.draft(beside.resolve(base).toString(), experiments);
                    }
                    boolean here = Files.exists(beside.resolve(base + ".yaml"));
                    return Experiments.draft(base, here ? beside : experiments);
                })
                .sweep(tree);
    }

    /** A sweep from a text that needs no other file, as {@link Sweep#text}; the source names it in sentences. */
    public static Sweep parse(String yaml, String source, Options options) {
        return new SweepFile(source, options, base -> Experiments.draft(base, Path.of("")))
                .sweep(Tree.parse(yaml, source));
    }
}
