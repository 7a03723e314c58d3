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
import hooke.sweep.Bayes;
import hooke.sweep.Cell;
import hooke.sweep.Halving;
import hooke.sweep.Sweep;
import hooke.sweep.axes.Axes;
import hooke.sweep.axes.Condition;
import hooke.sweep.axes.Draws;
import hooke.sweep.axes.Expansion;
import hooke.sweep.axes.Reading;
import hooke.sweep.axes.SweepAxis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Makes a sweep of what a file says. */
final class SweepFile {
    private static final List<String> KEYS = List.of(
            "name",
            "note",
            "base",
            "set",
            "cells",
            "grid",
            "random",
            "constraints",
            "seeds",
            "first",
            "cap",
            "label",
            "halving",
            "bayes");
    static final int LONGEST_NAME = 60;

    private static final int DEFAULT_CAP = 10_000;
    /** What two to four workers share without much waiting. */
    private static final int BATCH = 4;

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
        String name = name(file);
        Draft unset = base(file);
        Mapping sets = sets(file);
        Draft base = unset.withAll(List.copyOf(sets.entries().entrySet()));
        Experiment experiment = base.experiment();
        List<SweepAxis> axes = Axes.of(file);
        Draws draws = Axes.draws(file);
        Check.that(
                !axes.isEmpty() || !draws.keys().isEmpty() || file.get("seeds") != null,
                "%shas nothing that varies from run to run: give cells, grid, random or seeds",
                prefix);
        Axes.checkOnce(axes, draws, file.where());
        Axes.checkRead(sets.entries(), axes, draws);
        List<Long> seeds = seeds(file, experiment.seed());
        int cap = count(file, "cap", DEFAULT_CAP);
        Expansion.Cells cells = new Expansion(
                        prefix,
                        name,
                        base,
                        axes,
                        draws,
                        constraints(file),
                        count(file, "first", Integer.MAX_VALUE),
                        cap,
                        Reading.text(file.get("label"), "label", ""))
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
        Optional<Halving> halving = halving(fitted, cells.all());
        if (halving.isPresent() && seeds.size() < Halving.LEAST_SEEDS) {
            remarks.add("%shalving will not stop any cell: it needs %s seeds to know the spread between seeds"
                    .formatted(prefix, Halving.LEAST_SEEDS));
        }
        SweepSeeds.check(cells.all(), seeds, prefix);
        Optional<Bayes> bayes = bayes(file);
        halving.ifPresent(h -> checkCompares("halving", h.metric(), fitted, cells.all()));
        bayes.ifPresent(b -> checkCompares("bayes", b.metric(), file, cells.all()));
        bayes.filter(_ -> draws.count() < draws.samples())
                .ifPresent(b -> remarks.add(
                        "%s%,d of %,d cells are known: TPE proposes the others, %,d at a time, from %s of those before"
                                .formatted(prefix, draws.count(), draws.samples(), b.batch(), b.metric())));
        return new Sweep(
                name,
                Reading.text(file.get("note"), "note", ""),
                text(fitted, name, unset.written().with("name", named(experiment)), sets, seeds),
                experiment,
                cells.all(),
                seeds,
                cap,
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

    private static Optional<Bayes> bayes(Mapping file) {
        @Nullable Tree given = file.get("bayes");
        if (given == null) {
            return Optional.empty();
        }
        Mapping all = Reading.mapping(given, "bayes");
        String prefix = all.where().prefix();
        Check.that(file.get("random") != null, "%sbayes needs random, which says what is drawn", prefix);
        for (String other : List.of("cells", "grid", "halving")) {
            Check.that(
                    file.get(other) == null,
                    "%sbayes cannot learn from %s: give random alone",
                    prefix,
                    other.equals("halving") ? "cells that halving stopped" : "draws that are combined with " + other);
        }
        Check.that(all.get("metric") != null, "%sbayes.metric is missing", prefix);
        String metric = Reading.text(java.util.Objects.requireNonNull(all.get("metric")), "bayes.metric");
        try {
            return Optional.of(new Bayes(
                    Reading.shown(metric.replace('_', '-')),
                    count(all, "startup", Axes.STARTUP),
                    count(all, "batch", BATCH)));
        } catch (InputException e) {
            throw new InputException(prefix + e.getMessage(), e);
        }
    }

    /** What is wrong with any part is said together, and before what is wrong in a cell. */
    private void checkParts(Mapping file) {
        var problems = new Problems();
        problems.attempt(() -> Reading.mapping(file, "", KEYS));
        problems.attempt(() -> name(file));
        problems.attempt(() ->
                base(file).withAll(List.copyOf(sets(file).entries().entrySet())).experiment());
        problems.attempt(() -> Axes.of(file));
        problems.attempt(() -> Axes.draws(file));
        problems.attempt(() -> constraints(file));
        problems.attempt(() -> bayes(file));
        problems.attempt(() -> seeds(file, 0));
        problems.attempt(() -> count(file, "cap", DEFAULT_CAP));
        problems.attempt(() -> count(file, "first", Integer.MAX_VALUE));
        problems.attempt(() -> Reading.text(file.get("label"), "label", ""));
        problems.attempt(() -> Reading.text(file.get("note"), "note", ""));
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

    private static int count(Mapping file, String key, int otherwise) {
        @Nullable Tree given = file.get(key);
        return given == null ? otherwise : (int) Reading.whole(given, key, 1, 1_000_000);
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

    private String name(Mapping file) {
        String fromSource = source.replaceAll(".*[/\\\\]", "").replaceAll("\\.ya?ml$", "");
        String name = Reading.text(file.get("name"), "name", fromSource);
        Check.that(
                name.matches("[A-Za-z0-9][A-Za-z0-9._+-]{0,59}"),
                "%sname (%s) must be letters, digits and . _ + -, starting with a letter or digit, at most 60 characters",
                file.where().prefix(),
                Reading.shown(name));
        return name;
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
                    : bases.apply(Reading.text(given, "base"));
        }
        return found;
    }

    /** What is laid over the base: by the file, and then by the command line. */
    private Mapping sets(Mapping file) {
        @Nullable Tree given = file.get("set");
        Map<String, Tree> all = new LinkedHashMap<>();
        if (given != null) {
            all.putAll(Reading.mapping(given, "set").entries());
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
        List<Tree> all = given instanceof Scalar ? List.of(given) : Reading.list(given, "constraints");
        return all.stream()
                .map(c -> Condition.parse(Reading.text(c, "constraints"), c.where()))
                .toList();
    }

    private List<Long> seeds(Mapping file, long ofBase) {
        Optional<Tree> given = SweepSeeds.asked(options).or(() -> Optional.ofNullable(file.get("seeds")));
        return given.map(seeds -> SweepSeeds.read(seeds, "seeds")).orElse(List.of(ofBase));
    }

    private static Optional<Halving> halving(Mapping file, List<Cell> cells) {
        @Nullable Tree given = file.get("halving");
        if (given == null) {
            return Optional.empty();
        }
        Mapping all = Reading.mapping(given, "halving", List.of("metric", "rungs", "keep"));
        for (String key : List.of("metric", "rungs")) {
            Check.that(
                    all.get(key) != null, "%shalving.%s is missing", all.where().prefix(), key);
        }
        String written = Reading.text(java.util.Objects.requireNonNull(all.get("metric")), "halving.metric");
        String hyphened = written.replace('_', '-');
        String metric = Halving.METRICS.contains(hyphened) ? hyphened : Reading.shown(written);
        List<Long> rungs = Reading.list(java.util.Objects.requireNonNull(all.get("rungs")), "halving.rungs").stream()
                .map(rung -> Reading.whole(rung, "halving.rungs", 1, Integer.MAX_VALUE))
                .toList();
        @Nullable Tree share = all.get("keep");
        double keep = share == null ? 0.5 : Reading.number(share, "halving.keep");
        Halving halving = halving(all, metric, rungs, keep);
        int steps = cells.stream()
                .mapToInt(c -> c.experiment().train().steps())
                .max()
                .orElse(1);
        for (long rung : rungs) {
            Check.that(
                    rung < steps,
                    "%shalving.rungs (%s) must lie before the last step (%s): there all are done",
                    where(all, "rungs").prefix(),
                    rung,
                    steps);
        }
        for (Cell cell : cells) {
            int every = cell.experiment().train().evaluateEvery();
            for (long rung : rungs) {
                Check.that(
                        rung % every == 0,
                        "%shalving.rungs (%s) must be multiples of train.evaluate_every (%s): nothing is measured there",
                        where(all, "rungs").prefix(),
                        rung,
                        every);
            }
        }
        return Optional.of(halving);
    }

    /** What it objects to is said with the place of the key that the sentence begins with. */
    private static Halving halving(Mapping given, String metric, List<Long> rungs, double keep) {
        try {
            return new Halving(metric, rungs, keep);
        } catch (InputException e) {
            String sentence = String.valueOf(e.getMessage());
            String key = sentence.replaceAll("(?s)^halving\\.([a-z]+).*", "$1");
            throw new InputException(where(given, key).prefix() + sentence, e);
        }
    }

    private static Where where(Mapping given, String key) {
        @Nullable Tree value = given.get(key);
        return value == null ? given.where() : value.where();
    }
}
