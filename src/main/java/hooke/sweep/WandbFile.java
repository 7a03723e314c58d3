package hooke.sweep;

import hooke.Check;
import hooke.InputException;
import hooke.config.Experiments;
import hooke.config.Tree;
import hooke.config.Tree.Mapping;
import hooke.config.Tree.Scalar;
import hooke.config.Tree.Sequence;
import hooke.config.Tree.Where;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A sweep file of Weights and Biases (docs.wandb.ai, "Define a sweep configuration") in our own form. A key is mapped, or named in a
 * remark for the user, or refused by name; none is passed over.
 */
final class WandbFile {
    /** What tells of a program to be started and of the place where its runs are shown. */
    private static final List<String> ELSEWHERE = List.of("program", "command", "project", "entity");

    /** Keys of ours that such a file may have, too. */
    private static final List<String> OURS = List.of("base", "seeds", "cap", "label", "note", "constraints");

    private static final List<String> KEYS = List.of(
            "method",
            "parameters",
            "name",
            "description",
            "metric",
            "early_terminate",
            "run_cap",
            "program",
            "command",
            "project",
            "entity",
            "base",
            "seeds",
            "cap",
            "label",
            "note",
            "constraints");

    private final Mapping file;
    private final List<String> remarks;
    private final Map<String, Tree> grid = new LinkedHashMap<>();
    private final Map<String, Tree> random = new LinkedHashMap<>();
    private final Map<String, Tree> fixed = new LinkedHashMap<>();
    private final List<String> paths = Experiments.paths();
    private final boolean draws;

    private WandbFile(Mapping file, List<String> remarks) {
        this.file = Reading.mapping(file, "", KEYS);
        this.remarks = remarks;
        this.draws = method().equals("random");
    }

    static boolean isOne(Mapping file) {
        return file.get("method") != null || file.get("parameters") != null;
    }

    /** @param remarks where sentences for the user are added */
    static Mapping translate(Mapping file, List<String> remarks) {
        return new WandbFile(file, remarks).translated();
    }

    private String method() {
        @Nullable Tree method = file.get("method");
        String name = method == null ? "" : Reading.text(method, "method");
        Check.that(
                !name.equals("bayes"),
                "%smethod (bayes) is not offered: its next cell depends on which run ends first, so the sweep would not be the"
                        + " same twice; use random with run_cap, or grid, and early_terminate for halving",
                file.where().prefix());
        Check.that(
                name.equals("grid") || name.equals("random"),
                "%smethod (%s) must be grid or random",
                file.where().prefix(),
                name);
        return name;
    }

    private Mapping translated() {
        Where where = file.where();
        @Nullable Tree parameters = file.get("parameters");
        Check.that(parameters != null, "%sparameters is missing", where.prefix());
        parameters(Reading.mapping(java.util.Objects.requireNonNull(parameters), "parameters"), "");
        Map<String, Tree> ours = new LinkedHashMap<>();
        put(ours, "name", file.get("name"));
        put(ours, "note", file.get("description"));
        OURS.forEach(key -> put(ours, key, file.get(key)));
        put(ours, "set", fixed.isEmpty() ? null : new Mapping(where, fixed));
        put(ours, "grid", grid.isEmpty() ? null : new Mapping(where, grid));
        @Nullable Tree runCap = file.get("run_cap");
        if (draws) {
            Check.that(
                    runCap != null,
                    "%smethod (random) has no end by itself: run_cap must say how many cells to draw",
                    where.prefix());
            put(random, "samples", runCap);
            put(ours, "random", new Mapping(where, random));
        } else {
            put(ours, "cap", runCap);
        }
        for (String key : ELSEWHERE) {
            @Nullable Tree value = file.get(key);
            if (value != null) {
                remarks.add("%s%s (%s) is not used: Hooke trains base itself, and keeps its runs in the store"
                        .formatted(
                                value.where().prefix(),
                                key,
                                value instanceof Scalar s ? Reading.shown(s.text()) : "..."));
            }
        }
        put(ours, "halving", halving());
        return new Mapping(where, ours);
    }

    private static void put(Map<String, Tree> into, String key, @Nullable Tree value) {
        if (value != null) {
            into.put(key, value);
        }
    }

    /** Nested parameters are the parts of a path. */
    private void parameters(Mapping all, String above) {
        all.entries().forEach((name, given) -> {
            String key = above.isEmpty() ? name : above + "." + name;
            Mapping parameter = Reading.mapping(given, "parameters." + key);
            @Nullable Tree nested = parameter.get("parameters");
            if (nested != null) {
                Reading.mapping(parameter, "parameters." + key, List.of("parameters"));
                parameters(Reading.mapping(nested, "parameters." + key), key);
            } else {
                parameter(key, parameter);
            }
        });
    }

    private void parameter(String key, Mapping given) {
        String path = path(key, given.where());
        String name = "parameters." + key;
        Reading.mapping(given, name, List.of("value", "values", "distribution", "min", "max", "mu", "sigma"));
        Tree asked = given.get("distribution");
        String distribution = asked == null ? kind(given, name) : Reading.text(asked, name + ".distribution");
        switch (distribution) {
            case "constant" -> fixed.put(path, need(given, "value", name));
            case "categorical" -> {
                Tree values = need(given, "values", name);
                if (draws) {
                    random.put(path, drawn("choice", given, Map.of("values", values)));
                } else {
                    grid.put(path, values);
                }
            }
            case "int_uniform" -> {
                Map<String, Tree> ends = Map.of("min", need(given, "min", name), "max", need(given, "max", name));
                if (draws) {
                    random.put(path, drawn("int", given, ends));
                } else {
                    grid.put(path, allBetween(given, name));
                }
            }
            case "uniform", "log_uniform_values", "log_uniform" -> {
                refuseInGrid(given, name, distribution);
                boolean exponents = distribution.equals("log_uniform");
                Tree min = need(given, "min", name);
                Tree max = need(given, "max", name);
                random.put(
                        path,
                        drawn(
                                distribution.equals("uniform") ? "uniform" : "log-uniform",
                                given,
                                Map.of(
                                        "min",
                                        exponents ? exp(min, name) : min,
                                        "max",
                                        exponents ? exp(max, name) : max)));
            }
            case "normal" -> {
                refuseInGrid(given, name, distribution);
                random.put(
                        path,
                        drawn(
                                "normal",
                                given,
                                Map.of("mean", need(given, "mu", name), "sd", need(given, "sigma", name))));
            }
            default ->
                throw new InputException(
                        "%s%s.distribution (%s) is not offered: constant, categorical, int_uniform, uniform, log_uniform, log_uniform_values and normal are"
                                .formatted(given.where().prefix(), name, Reading.shown(distribution)));
        }
    }

    /** What is meant where no distribution is named. */
    private static String kind(Mapping given, String name) {
        if (given.get("value") != null) {
            return "constant";
        }
        if (given.get("values") != null) {
            return "categorical";
        }
        boolean whole = need(given, "min", name) instanceof Scalar min
                && need(given, "max", name) instanceof Scalar max
                && min.text().matches("-?[0-9]+")
                && max.text().matches("-?[0-9]+");
        return whole ? "int_uniform" : "uniform";
    }

    private void refuseInGrid(Mapping given, String name, String distribution) {
        Check.that(
                draws,
                "%s%s (%s) has no end of values: with method grid give values, or use method random",
                given.where().prefix(),
                name,
                distribution);
    }

    private static Mapping drawn(String distribution, Mapping given, Map<String, Tree> rest) {
        Map<String, Tree> all = new LinkedHashMap<>();
        all.put("distribution", new Scalar(given.where(), distribution, true));
        all.putAll(rest);
        return new Mapping(given.where(), all);
    }

    private static Sequence allBetween(Mapping given, String name) {
        long min = Reading.whole(need(given, "min", name), name + ".min", -1_000_000_000, 1_000_000_000);
        long max = Reading.whole(need(given, "max", name), name + ".max", -1_000_000_000, 1_000_000_000);
        Check.that(
                min <= max,
                "%s%s.min (%s) must be at most max (%s)",
                given.where().prefix(),
                name,
                min,
                max);
        Check.that(
                max - min < 100_000,
                "%s%s has %,d values from %s to %s: give a few as values",
                given.where().prefix(),
                name,
                max - min + 1,
                min,
                max);
        List<Tree> all = new ArrayList<>();
        for (long value = min; value <= max; value++) {
            all.add(new Scalar(given.where(), Long.toString(value), true));
        }
        return new Sequence(given.where(), all);
    }

    private static Tree exp(Tree exponent, String name) {
        return new Scalar(exponent.where(), Double.toString(Math.exp(Reading.number(exponent, name))), true);
    }

    private static Tree need(Mapping given, String key, String name) {
        @Nullable Tree value = given.get(key);
        Check.that(value != null, "%s%s.%s is missing", given.where().prefix(), name, key);
        return java.util.Objects.requireNonNull(value);
    }

    /** A path, or the last word of just one path: such files say lr where we say train.optimizer.lr. */
    private String path(String key, Where where) {
        if (paths.contains(key)) {
            return key;
        }
        List<String> ending =
                paths.stream().filter(p -> p.endsWith("." + key)).distinct().toList();
        Check.that(
                ending.size() == 1,
                "%sparameters.%s is %s%s",
                where.prefix(),
                Reading.shown(key),
                ending.isEmpty() ? "no path of a setting" : "the end of several paths: " + String.join(", ", ending),
                ending.isEmpty() ? Check.didYouMean(key, paths) : "");
        remarks.add("%s%s is %s".formatted(where.prefix(), key, ending.getFirst()));
        return ending.getFirst();
    }

    private @Nullable Tree halving() {
        @Nullable Tree metric = file.get("metric");
        @Nullable Tree early = file.get("early_terminate");
        @Nullable Tree series = metric == null ? null : series(metric);
        if (early == null) {
            if (series != null) {
                remarks.add(series.where().prefix()
                        + "metric orders nothing: without early_terminate every run is trained to its end");
            }
            return null;
        }
        Mapping given = Reading.mapping(early, "early_terminate", List.of("type", "min_iter", "eta"));
        String type = Reading.text(given.get("type"), "early_terminate.type", "");
        Check.that(
                type.equals("hyperband"),
                "%searly_terminate.type (%s) must be hyperband, which becomes halving",
                given.where().prefix(),
                type);
        Check.that(
                series != null, "%searly_terminate needs metric", given.where().prefix());
        long first =
                Reading.whole(need(given, "min_iter", "early_terminate"), "early_terminate.min_iter", 1, 1_000_000_000);
        @Nullable Tree ratio = given.get("eta");
        double eta = ratio == null ? 3 : Reading.number(ratio, "early_terminate.eta");
        Check.that(
                eta > 1,
                "%searly_terminate.eta (%s) must be more than 1",
                given.where().prefix(),
                eta);
        remarks.add("%searly_terminate becomes halving at step %s, where the best 1/%s of the cells goes on"
                .formatted(given.where().prefix(), first, eta));
        return new Mapping(
                given.where(),
                Map.of(
                        "metric", java.util.Objects.requireNonNull(series),
                        "rungs",
                                new Sequence(
                                        given.where(), List.of(new Scalar(given.where(), Long.toString(first), true))),
                        "keep", new Scalar(given.where(), Double.toString(1 / eta), true)));
    }

    private static Scalar series(Tree tree) {
        Mapping given = Reading.mapping(tree, "metric", List.of("name", "goal"));
        String written = Reading.text(need(given, "name", "metric"), "metric.name");
        String name = written.replaceAll("[_/]", "-");
        Check.that(
                Halving.METRICS.contains(name),
                "%smetric.name (%s) is nothing that is measured of a run: %s are%s",
                given.where().prefix(),
                Reading.shown(written),
                String.join(", ", Halving.METRICS),
                Check.didYouMean(name, Halving.METRICS));
        String right = name.endsWith("loss") ? "minimize" : "maximize";
        String goal = Reading.text(given.get("goal"), "metric.goal", "minimize");
        Check.that(
                goal.equals(right),
                "%smetric.goal (%s) of %s must be %s",
                given.where().prefix(),
                Reading.shown(goal),
                name,
                right);
        return new Scalar(given.where(), name, true);
    }
}
