package hooke.sweep;

import hooke.Check;
import hooke.InputException;
import hooke.config.Draft;
import hooke.config.Tree;
import hooke.config.Tree.Mapping;
import hooke.config.Tree.Scalar;
import hooke.config.Tree.Sequence;
import hooke.config.Tree.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.LongStream;
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
            "cap",
            "label",
            "halving");
    private static final int DEFAULT_CAP = 10_000;
    private static final int MAX_SEEDS = 100_000;

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
                "%sis no sweep: it needs base, and cells, grid or random, one below the other",
                prefix);
        List<String> remarks = new ArrayList<>();
        Mapping written = (Mapping) tree;
        if (WandbFile.isOne(written)) {
            written = WandbFile.translate(written, remarks);
        }
        Mapping file = Reading.mapping(written, "", KEYS);
        String name = name(file);
        Draft base = base(file);
        List<Axis> axes = Axes.of(file);
        Draws draws = Axes.draws(file);
        Axes.checkOnce(axes, draws, file.where());
        List<Condition> constraints = constraints(file);
        List<Long> seeds = seeds(file);
        @Nullable Tree most = file.get("cap");
        int cap = most == null ? DEFAULT_CAP : (int) Reading.whole(most, "cap", 1, 1_000_000);
        var expansion = new Expansion(
                prefix, name, base, axes, draws, constraints, cap, Reading.text(file.get("label"), "label", ""));
        Expansion.Cells cells = expansion.cells();
        remarks.addAll(cells.remarks());
        Optional<Halving> halving = halving(file, cells.all());
        checkSeeds(cells.all(), seeds, prefix);
        return new Sweep(
                name,
                Reading.text(file.get("note"), "note", ""),
                text(file, name, base, seeds),
                base.experiment(),
                cells.all(),
                seeds,
                cap,
                halving,
                remarks);
    }

    /** The same sweep without other files and options. */
    private static String text(Mapping file, String name, Draft base, List<Long> seeds) {
        Where where = file.where();
        List<Tree> written = seeds.stream()
                .map(s -> (Tree) new Scalar(where, s.toString(), true))
                .toList();
        return file.without("set")
                .with("name", new Scalar(where, name, true))
                .with(
                        "base",
                        base.written()
                                .with(
                                        "name",
                                        new Scalar(where, base.experiment().name(), true)))
                .with("seeds", new Sequence(where, written))
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
                            + "base is missing: the experiment that the cells are made of, a name or a file; --base NAME gives it, too");
        } else {
            found = given instanceof Mapping inline
                    ? Draft.of(inline, source)
                    : bases.apply(Reading.text(given, "base"));
        }
        @Nullable Tree sets = file.get("set");
        if (sets != null) {
            for (Map.Entry<String, Tree> set :
                    Reading.mapping(sets, "set").entries().entrySet()) {
                found = found.with(set.getKey(), set.getValue());
            }
        }
        Draft base = found.with(options.sets());
        base.experiment(); // What is wrong in it is said before what is wrong in a cell.
        return base;
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

    private List<Long> seeds(Mapping file) {
        @Nullable
        Tree given = options.seeds().isPresent() ? Tree.parse(options.seeds().get(), "--seeds") : file.get("seeds");
        if (given instanceof Scalar number) {
            if (!number.text().matches("[1-9][0-9]{0,5}") || Integer.parseInt(number.text()) > MAX_SEEDS) {
                throw Reading.refusal(
                        given,
                        "seeds",
                        "must be how many (at least 1, at most 100,000) or a list of them, in brackets");
            }
            return LongStream.range(0, Long.parseLong(number.text())).boxed().toList();
        }
        if (given == null) {
            return List.of(0L);
        }
        List<Long> seeds = Reading.list(given, "seeds").stream()
                .map(seed -> Reading.whole(seed, "seeds", 0, Long.MAX_VALUE / 10))
                .toList();
        Check.that(
                Set.copyOf(seeds).size() == seeds.size(),
                "%sseeds names one of them twice",
                given.where().prefix());
        return seeds;
    }

    private static void checkSeeds(List<Cell> cells, List<Long> seeds, String prefix) {
        for (Cell cell : cells) {
            Check.that(
                    seeds.size() == 1 || cell.experiment().readsSeed(),
                    "%sseeds (%s of them) would all be one run: %s names the seed of every stream under seeds",
                    prefix,
                    seeds.size(),
                    cell.label());
        }
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
