package hooke.sweep.file;

import hooke.config.Experiments;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import hooke.sweep.Bayes;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import hooke.sweep.axes.Axes;
import hooke.sweep.axes.Draws;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /**
     * The sweep with the next cells that are proposed, see {@link Bayes}; empty where there are none, or not yet: runs are missing.
     *
     * @param results of the sweep as it is
     */
    public static Optional<Sweep> grown(SweepResults results) {
        Sweep sweep = results.sweep();
        long ended = results.count(SweepRun.Status.DONE) + results.count(SweepRun.Status.FAILED);
        if (sweep.bayes().isEmpty() || ended < sweep.size()) {
            return Optional.empty();
        }
        Bayes bayes = sweep.bayes().get();
        Mapping file = (Mapping) Tree.parse(sweep.text(), sweep.name() + ".yaml");
        Draws draws = Axes.draws(file, sweep.bayes());
        List<Draws.Seen> seen = results.cells().stream()
                .map(row -> new Draws.Seen(row.cell().choices(), bayes.loss(row)))
                .toList();
        Mapping block = (Mapping) Objects.requireNonNull(file.get("bayes"));
        List<Tree> proposed =
                new ArrayList<>(block.get("proposed") instanceof Sequence before ? before.items() : List.of());
        int next = Math.min(draws.samples(), draws.count() + bayes.batch());
        List<Draws.Seen> waiting = new ArrayList<>();
        for (int number = draws.count(); number < next; number++) {
            Map<String, String> names = draws.propose(seen, waiting, number);
            Map<String, Tree> written = new LinkedHashMap<>();
            names.forEach((path, name) -> written.put(path, new Scalar(block.where(), name, false)));
            proposed.add(new Mapping(block.where(), written));
            waiting.add(new Draws.Seen(names, Double.POSITIVE_INFINITY));
        }
        if (next == draws.count()) {
            return Optional.empty();
        }
        Mapping more = file.with("bayes", block.with("proposed", new Sequence(block.where(), proposed)));
        return Optional.of(parse(more.yaml(), sweep.name() + ".yaml", Options.NONE));
    }
}
