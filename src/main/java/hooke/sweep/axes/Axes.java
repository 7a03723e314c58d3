package hooke.sweep.axes;

import hooke.Check;
import hooke.Problems;
import hooke.config.Experiments;
import hooke.config.form.Keys;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Where;
import hooke.config.form.Values;
import hooke.sweep.Bayes;
import hooke.sweep.Cell;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** In what the cells of a sweep file differ: its blocks {@code cells}, {@code grid} and {@code random}. */
public final class Axes {
    static final List<String> NOT_AXES = List.of("name", "note", "tags", "seed");

    private Axes() {}

    public static List<SweepAxis> of(Mapping file) {
        List<SweepAxis> axes = new ArrayList<>();
        Problems problems = new Problems();
        @Nullable Tree cells = file.get("cells");
        if (cells != null) {
            List<Choice> named = new ArrayList<>();
            Mapping all = Values.mapping(cells, "cells");
            Check.that(
                    !all.entries().isEmpty(),
                    "%scells is empty: it needs at least one named group of settings",
                    all.where().prefix());
            all.entries().forEach((name, settings) -> problems.attempt(() -> named.add(cell(name, settings))));
            axes.add(new SweepAxis(Cell.NAMED, named, null));
        }
        @Nullable Tree grid = file.get("grid");
        if (grid != null) {
            Mapping all = Values.mapping(grid, "grid");
            Check.that(
                    !all.entries().isEmpty(),
                    "%sgrid is empty: it needs at least one setting",
                    all.where().prefix());
            all.entries().forEach((path, values) -> problems.attempt(() -> axes.add(axis(path, values))));
        }
        problems.check();
        return axes;
    }

    private static Choice cell(String name, Tree settings) {
        checkName(name, settings.where());
        List<Choice.Setting> all = new ArrayList<>();
        Problems problems = new Problems();
        boolean none = settings instanceof Scalar s && (s.isEmpty() || s.isNull());
        if (!none) {
            Values.mapping(settings, "cells." + name).entries().forEach((path, value) -> {
                problems.attempt(() -> checkPath(path, value.where(), "cells." + name));
                all.add(new Choice.Setting(path, value));
            });
        }
        problems.check();
        return new Choice(name, true, all);
    }

    private static SweepAxis axis(String path, Tree values) {
        String key = "grid." + path;
        checkPath(path, values.where(), "grid");
        @Nullable Tree inner = values instanceof Mapping m ? m.get("values") : null;
        if (inner != null) {
            Mapping conditional = Values.mapping(values, key, List.of("values", "when"));
            return new SweepAxis(path, choices(path, inner, key + ".values"), when(conditional, key));
        }
        return new SweepAxis(path, choices(path, values, key), null);
    }

    /** A list of values, or values by their names. */
    static List<Choice> choices(String path, Tree values, String key) {
        List<Choice> choices = new ArrayList<>();
        if (values instanceof Mapping named) {
            Check.that(
                    !named.entries().isEmpty(),
                    "%s%s has no values",
                    named.where().prefix(),
                    key);
            named.entries().forEach((name, value) -> {
                checkName(name, value.where());
                choices.add(new Choice(name, true, List.of(new Choice.Setting(path, value))));
            });
        } else {
            Values.some(values, key).forEach(value -> choices.add(Choice.of(path, value)));
        }
        Set<String> seen = new LinkedHashSet<>();
        for (Choice choice : choices) {
            Check.that(
                    seen.add(choice.name()),
                    "%s%s has %s twice",
                    values.where().prefix(),
                    key,
                    Values.shown(choice.name()));
        }
        return choices;
    }

    private static @Nullable Condition when(Mapping given, String key) {
        @Nullable Tree when = given.get("when");
        return when == null ? null : Condition.parse(Values.text(when, key + ".when"), when.where());
    }

    /** @param bayes what the file says of draws that learn from results */
    public static Draws draws(Mapping file, Optional<Bayes> bayes) {
        @Nullable Tree random = file.get("random");
        if (random == null) {
            return Draws.NONE;
        }
        Mapping all = Values.mapping(random, "random");
        @Nullable Tree samples = all.get("samples");
        Check.that(
                samples != null,
                "%srandom.samples is missing: how many cells to draw",
                all.where().prefix());
        long count = Values.whole(Objects.requireNonNull(samples), "random.samples", 1, 1_000_000);
        @Nullable Tree stream = all.get("seed");
        long seed = stream == null ? 0 : Values.whole(stream, "random.seed", 0, Long.MAX_VALUE / 10);
        List<Draws.Key> keys = new ArrayList<>();
        Problems problems = new Problems();
        all.without("samples")
                .without("seed")
                .entries()
                .forEach((path, given) -> problems.attempt(() -> {
                    String key = "random." + path;
                    checkPath(path, given.where(), "random");
                    Distribution distribution = Distribution.of(path, given, key);
                    keys.add(new Draws.Key(path, distribution, when((Mapping) given, key), given.where()));
                }));
        problems.check();
        Check.that(
                !keys.isEmpty(),
                "%srandom draws nothing: below it belongs at least one setting's path",
                all.where().prefix());
        long startup = bayes.map(b -> Math.min(b.startup(), count)).orElse(count);
        return new Draws((int) count, seed, keys, (int) startup, proposed(file, keys));
    }

    /** The cells that have been proposed so far. */
    private static List<List<Choice>> proposed(Mapping file, List<Draws.Key> keys) {
        @Nullable Tree proposed = file.get("bayes") instanceof Mapping block ? block.get("proposed") : null;
        List<List<Choice>> known = new ArrayList<>();
        for (Tree one : proposed == null ? List.<Tree>of() : Values.some(proposed, "bayes.proposed")) {
            Mapping names = Values.mapping(
                    one, "bayes.proposed", keys.stream().map(Draws.Key::path).toList());
            List<Choice> choices = new ArrayList<>();
            for (Draws.Key key : keys) {
                @Nullable Tree name = names.get(key.path());
                Check.that(
                        name != null, "%sbayes.proposed lacks %s", names.where().prefix(), key.path());
                choices.add(key.distribution()
                        .named(key.path(), Values.text(Objects.requireNonNull(name), key.path()), names.where()));
            }
            known.add(choices);
        }
        return known;
    }

    /** One key must not be set by two axes: the later would silently win. */
    public static void checkOnce(List<SweepAxis> axes, Draws draws, Where where) {
        Map<String, String> byPath = new LinkedHashMap<>();
        for (SweepAxis axis : axes) {
            Set<String> paths = new LinkedHashSet<>();
            axis.choices().forEach(c -> c.settings().forEach(s -> paths.add(s.path())));
            paths.forEach(path -> checkFree(byPath, path, axis.key().equals(Cell.NAMED) ? "cells" : "grid", where));
        }
        draws.keys().forEach(key -> checkFree(byPath, key.path(), "random", where));
    }

    private static void checkFree(Map<String, String> byPath, String path, String block, Where where) {
        byPath.forEach((other, by) -> Check.that(
                !path.equals(other) && !path.startsWith(other + ".") && !other.startsWith(path + "."),
                "%s%s is set by %s, and %s by %s: set it in only one of them",
                where.prefix(),
                path,
                block,
                other,
                by));
        byPath.put(path, block);
    }

    private static void checkPath(String path, Where where, String block) {
        List<String> paths = Experiments.paths();
        Check.that(
                !NOT_AXES.contains(path),
                "%s%s: cells cannot differ in %s%s",
                where.prefix(),
                block,
                path,
                path.equals("seed") ? "; the seeds of every cell are given by seeds" : ", which no result depends on");
        Check.that(
                paths.contains(withoutIndex(path)),
                "%s%s: %s is not the path of a setting%s",
                where.prefix(),
                block,
                Values.shown(path),
                meant(path));
    }

    /** Of the path of a list's member, {@code train.optimizer.betas.0}, the list's. */
    public static String withoutIndex(String path) {
        return path.replaceFirst("\\.[0-9]{1,4}$", "");
    }

    /** The last word of a path, with the number of a list's member; of a kind that of its variant. */
    public static String lastWord(String path) {
        String list = withoutIndex(Keys.variant(path));
        return Keys.variant(path).substring(list.lastIndexOf('.') + 1);
    }

    /** The end of a sentence: the path that a typo most likely meant, or the first whose last word is the same, or nearly. */
    public static String meant(String path) {
        List<String> paths = Experiments.paths();
        String similar = Check.didYouMean(path, paths);
        if (!similar.isEmpty()) {
            return similar;
        }
        String word = lastWord(path);
        List<String> words = paths.stream().map(Axes::lastWord).toList();
        return (words.contains(word) ? Optional.of(word) : Check.nearest(word, words))
                .map(end -> " (did you mean '" + paths.get(words.indexOf(end)) + "'?)")
                .orElse("");
    }

    /** Throws unless the setting can be drawn so, by a sentence that calls it as given. */
    public static void checkDraw(String path, Tree draw, String called) {
        Distribution.of(path, draw, called);
    }

    /** A setting for all cells that each of them sets anew would change nothing. */
    public static void checkRead(Map<String, Tree> sets, List<SweepAxis> axes, Draws draws) {
        sets.forEach((path, value) -> {
            List<String> leaves = leaves(path, value);
            Check.that(
                    leaves.stream().noneMatch(leaf -> axes.stream().anyMatch(axis -> sets(axis, leaf))),
                    "%s%s has no effect: every cell gets its own value from %s",
                    value.where().prefix(),
                    path,
                    axes.stream()
                            .filter(axis -> leaves.stream().anyMatch(leaf -> sets(axis, leaf)))
                            .findFirst()
                            .map(axis -> axis.key().equals(Cell.NAMED) ? "cells" : "grid")
                            .orElse(""));
            Stream.concat(
                            axes.stream().map(SweepAxis::key),
                            draws.keys().stream().map(Draws.Key::path))
                    .filter(key -> Keys.isKind(key) && !path.equals(key))
                    .map(key -> Keys.variant(key) + ".")
                    .forEach(above -> Check.that(
                            !path.startsWith(above),
                            "%s%s is lost where a cell chooses another %skind: list it in grid or random, too, with one value",
                            value.where().prefix(),
                            path,
                            above));
            Check.that(
                    draws.keys().stream().noneMatch(key -> key.when() == null && leaves.contains(key.path())),
                    "%s%s has no effect: every cell gets its own value from random",
                    value.where().prefix(),
                    path);
        });
    }

    private static List<String> leaves(String path, Tree value) {
        return value instanceof Mapping m && !m.entries().isEmpty()
                ? m.entries().entrySet().stream()
                        .flatMap(e -> leaves(path + "." + e.getKey(), e.getValue()).stream())
                        .toList()
                : List.of(path);
    }

    private static boolean sets(SweepAxis axis, String leaf) {
        return axis.when() == null
                && axis.choices().stream()
                        .allMatch(choice -> choice.settings().stream()
                                .anyMatch(s -> leaves(s.path(), s.value()).contains(leaf)));
    }

    private static void checkName(String name, Where where) {
        Check.that(
                name.matches("[A-Za-z0-9._+-]{1,60}"),
                "%sthe name %s must be letters, digits and . _ + -, at most 60 of them",
                where.prefix(),
                Values.shown(name));
    }
}
