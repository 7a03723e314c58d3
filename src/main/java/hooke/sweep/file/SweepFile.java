package hooke.sweep.file;

import hooke.Check;
import hooke.InputException;
import hooke.Problems;
import hooke.config.Draft;
import hooke.config.Experiment;
import hooke.config.FilePaths;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Tree.Where;
import hooke.config.form.Values;
import hooke.sweep.Bayes;
import hooke.sweep.Cell;
import hooke.sweep.Halving;
import hooke.sweep.Sweep;
import hooke.sweep.axes.Axes;
import hooke.sweep.axes.Condition;
import hooke.sweep.axes.Draws;
import hooke.sweep.axes.Expansion;
import hooke.sweep.axes.SweepAxis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a sweep of what a file says. */
final class SweepFile {
    private final String source;
    private final Sweeps.Options options;
    private final Function<String, Draft> bases;

    /** @param bases finds an experiment by the name or path given */
    SweepFile(String source, Sweeps.Options options, Function<String, Draft> bases) {
        this.source = source;
        this.options = options;
        this.bases = bases;
    }

    Sweep sweep(Tree tree) {
        String prefix = new Where(source, 0).prefix();
        Check.that(
                tree instanceof Mapping,
                "%sis not a sweep: it needs base, and one or more of cells, grid and random",
                prefix);
        List<String> remarks = new ArrayList<>();
        Mapping written = (Mapping) tree;
        boolean foreign = WandbFile.isOne(written);
        Mapping ours = foreign ? WandbFile.translate(written, remarks) : written;
        Mapping file = SweepSeeds.lifted(ours);
        checkParts(file);
        SweepKeys keys = SweepKeys.of(file, source);
        String name = keys.name();
        Draft unset = base(file);
        Mapping sets = sets(file);
        Draft base = unset.withAll(List.copyOf(sets.entries().entrySet()));
        Experiment experiment = base.experiment();
        List<SweepAxis> axes = Axes.of(file);
        Draws draws = Axes.draws(file, keys.bayes());
        Check.that(
                !axes.isEmpty() || !draws.keys().isEmpty() || file.get("seeds") != null,
                "%shas nothing that varies from run to run: give cells, grid, random or seeds",
                prefix);
        Axes.checkOnce(axes, draws, file.where());
        Axes.checkRead(sets.entries(), axes, draws);
        List<Long> seeds = seeds(file, experiment.seed());
        Expansion.Cells cells = new Expansion(
                        prefix,
                        name,
                        base,
                        axes,
                        draws,
                        constraints(file),
                        keys.first().orElse(Integer.MAX_VALUE),
                        keys.cap(),
                        keys.label())
                .cells();
        remarks.addAll(cells.remarks());
        Map<String, String> unread = inAll(cells.all(), Experiment::unread);
        base.checkRead(unread);
        remarks.addAll(base.idle(unread, source));
        remarks.addAll(base.vain(inAll(cells.all(), Experiment::vain), source));
        unread.keySet().retainAll(cells.all().getFirst().choices().keySet());
        unread.forEach(
                (key, why) -> remarks.add("%s%s is varied, but changes nothing: %s".formatted(prefix, key, why)));
        Mapping fitted = foreign ? WandbHalving.fitted(file, cells.all(), remarks) : file;
        Optional<Halving> halving = SweepKeys.of(fitted, source).halving();
        halving.ifPresent(h -> checkRungs(h, fitted, cells.all()));
        if (halving.isPresent() && seeds.size() < Halving.LEAST_SEEDS) {
            remarks.add("%shalving will not stop any cell: it needs %s seeds to know the spread between seeds"
                    .formatted(prefix, Halving.LEAST_SEEDS));
        }
        SweepSeeds.check(cells.all(), seeds, prefix);
        Optional<Bayes> bayes = keys.bayes();
        halving.ifPresent(h -> checkCompares("halving", h.metric(), fitted, cells.all()));
        bayes.ifPresent(b -> checkCompares("bayes", b.metric(), file, cells.all()));
        bayes.filter(_ -> draws.count() < draws.samples())
                .ifPresent(b -> remarks.add(
                        "%s%,d of %,d cells are known: TPE proposes the others, %,d at a time, from %s of those before"
                                .formatted(prefix, draws.count(), draws.samples(), b.batch(), b.metric())));
        return new Sweep(
                name,
                keys.note(),
                text(fitted, name, unset.written().with("name", named(experiment)), sets, seeds),
                experiment,
                cells.all(),
                seeds,
                keys.cap(),
                halving,
                bayes,
                remarks);
    }

    private static void checkCompares(String by, String metric, Mapping file, List<Cell> cells) {
        try {
            Halving.checkCompares(
                    metric, cells.stream().map(cell -> cell.experiment().task()).toList());
        } catch (InputException e) {
            throw new InputException(where(file, by).prefix() + by + "." + e.getMessage(), e);
        }
    }

    /** What is wrong with any part is said together, and before what is wrong in a cell. */
    private void checkParts(Mapping file) {
        var problems = new Problems();
        problems.attempt(() -> SweepKeys.of(file, source));
        problems.attempt(() ->
                base(file).withAll(List.copyOf(sets(file).entries().entrySet())).experiment());
        problems.attempt(() -> Axes.of(file));
        problems.attempt(() -> Axes.draws(file, Optional.empty()));
        problems.attempt(() -> constraints(file));
        problems.attempt(() -> seeds(file, 0));
        problems.check();
    }

    /** What is said of every cell, with the first one's reason. */
    private static Map<String, String> inAll(List<Cell> cells, Function<Experiment, Map<String, String>> said) {
        Map<String, String> all = said.apply(cells.getFirst().experiment());
        cells.forEach(
                cell -> all.keySet().retainAll(said.apply(cell.experiment()).keySet()));
        return all;
    }

    private static Scalar named(Experiment experiment) {
        return new Scalar(new Where("", 0), experiment.name(), true);
    }

    /** The same sweep without other files and options. */
    private static String text(Mapping file, String name, Mapping base, Mapping sets, List<Long> seeds) {
        Where where = file.where();
        List<Tree> written = seeds.stream()
                .map(s -> (Tree) new Scalar(where, s.toString(), true))
                .toList();
        Mapping whole = file.with("name", new Scalar(where, name, true))
                .with("base", base)
                .with("seeds", new Sequence(where, written));
        return FilePaths.absolute(sets.entries().isEmpty() ? whole.without("set") : whole.with("set", sets))
                .yaml();
    }

    private Draft base(Mapping file) {
        @Nullable Tree given = file.get("base");
        Draft found;
        if (options.base().isPresent()) {
            found = bases.apply(options.base().get());
        } else if (given == null) {
            throw new InputException(
                    new Where(source, 0).prefix()
                            + "base is missing: it is the experiment whose settings the cells change, by name or file; --base NAME can give it too");
        } else {
            found = given instanceof Mapping inline
                    ? Draft.of(inline, source)
                    : bases.apply(Values.text(given, "base"));
        }
        return found;
    }

    /** What is laid over the base: by the file, and then by the command line. */
    private Mapping sets(Mapping file) {
        @Nullable Tree given = file.get("set");
        Map<String, Tree> all = new LinkedHashMap<>();
        if (given != null) {
            all.putAll(Values.mapping(given, "set").entries());
        }
        SweepSeeds.others(options.sets()).stream().map(Draft::setting).forEach(set -> {
            all.remove(set.getKey()); // The last one has the last word, also over what lies above or below it.
            all.put(set.getKey(), set.getValue());
        });
        @Nullable Tree name = all.get("name");
        Check.that(
                name == null,
                "%sname has no effect here: runs are named after the sweep and the label of their cell",
                name == null ? "" : name.where().prefix());
        return new Mapping(file.where(), all);
    }

    private static List<Condition> constraints(Mapping file) {
        @Nullable Tree given = file.get("constraints");
        if (given == null) {
            return List.of();
        }
        List<Tree> all = given instanceof Scalar ? List.of(given) : Values.some(given, "constraints");
        return all.stream()
                .map(c -> Condition.parse(Values.text(c, "constraints"), c.where()))
                .toList();
    }

    private List<Long> seeds(Mapping file, long ofBase) {
        Optional<Tree> given = SweepSeeds.asked(options).or(() -> Optional.ofNullable(file.get("seeds")));
        return given.map(seeds -> SweepSeeds.read(seeds, "seeds")).orElse(List.of(ofBase));
    }

    /** At a rung something must be measured, and something still be to do. */
    private static void checkRungs(Halving halving, Mapping file, List<Cell> cells) {
        String prefix = where((Mapping) Objects.requireNonNull(file.get("halving")), "rungs")
                .prefix();
        int steps = cells.stream()
                .mapToInt(c -> c.experiment().train().steps())
                .max()
                .orElse(1);
        for (long rung : halving.rungs()) {
            Check.that(
                    rung < steps,
                    "%shalving.rungs (%s) must lie before the last step (%s): there all are done",
                    prefix,
                    rung,
                    steps);
            for (Cell cell : cells) {
                int every = cell.experiment().train().evaluateEvery();
                Check.that(
                        rung % every == 0,
                        "%shalving.rungs (%s) must be multiples of train.evaluate_every (%s): nothing is measured there",
                        prefix,
                        rung,
                        every);
            }
        }
    }

    private static Where where(Mapping given, String key) {
        @Nullable Tree value = given.get(key);
        return value == null ? given.where() : value.where();
    }
}
