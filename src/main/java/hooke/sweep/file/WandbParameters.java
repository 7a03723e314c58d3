package hooke.sweep.file;

import hooke.Check;
import hooke.InputException;
import hooke.Problems;
import hooke.config.Experiments;
import hooke.config.form.Keys;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Tree.Where;
import hooke.config.form.Values;
import hooke.sweep.axes.Axes;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The block {@code parameters} of a sweep file of Weights and Biases, sorted into our own {@code set}, {@code grid} and {@code random}. */
final class WandbParameters {
    /** The keys of each distribution. */
    private static final Map<String, List<String>> KEYS = keys();

    private static final List<String> ANY_KEYS =
            List.of("value", "values", "distribution", "min", "max", "mu", "sigma", "a", "b", "q", "probabilities");

    private static final Scalar CHOICE = new Scalar(new Where("", 0), "choice", true);

    private static final String SEED = "seed";

    private final boolean draws;
    private final List<String> remarks;
    private final List<String> paths = Experiments.paths();
    private final Map<String, Tree> grid = new LinkedHashMap<>();
    private final Map<String, Tree> random = new LinkedHashMap<>();
    private final Map<String, Tree> fixed = new LinkedHashMap<>();
    private final Map<String, String> names = new LinkedHashMap<>();
    private final Problems problems = new Problems();

    private WandbParameters(boolean draws, List<String> remarks) {
        this.draws = draws;
        this.remarks = remarks;
    }

    private static Map<String, List<String>> keys() {
        List<String> ends = List.of("min", "max");
        List<String> bell = List.of("mu", "sigma");
        Map<String, List<String>> keys = new TreeMap<>();
        keys.put("constant", List.of("value"));
        keys.put("categorical", List.of("values", "probabilities"));
        keys.put("categorical_w_probabilities", List.of("values", "probabilities"));
        keys.put("int_uniform", ends);
        keys.put("inv_log_uniform", ends);
        keys.put("inv_log_uniform_values", ends);
        Map.of("uniform", ends, "log_uniform", ends, "log_uniform_values", ends)
                .forEach((name, own) -> putBoth(keys, name, own));
        Map.of("normal", bell, "log_normal", bell, "beta", List.of("a", "b"))
                .forEach((name, own) -> putBoth(keys, name, own));
        return keys;
    }

    private static void putBoth(Map<String, List<String>> keys, String name, List<String> own) {
        List<String> rounded = new ArrayList<>(own);
        rounded.add("q");
        keys.put(name, own);
        keys.put("q_" + name, rounded);
    }

    /** @param draws whether the method is random */
    static WandbParameters of(Mapping parameters, boolean draws, List<String> remarks) {
        var sorted = new WandbParameters(draws, remarks);
        sorted.all(WandbNames.withHeadWidths(parameters, "parameters"), "");
        sorted.problems.check();
        sorted.variants();
        return sorted;
    }

    /** A variant beside settings of its own is chosen by its kind; then each cell needs those anew, also where they are the same in all. */
    private void variants() {
        List<String> all = Stream.of(grid, random, fixed)
                .flatMap(block -> block.keySet().stream())
                .toList();
        for (String path : all) {
            if (paths.contains(Keys.kind(path)) && all.stream().anyMatch(other -> other.startsWith(path + "."))) {
                for (Map<String, Tree> block : List.of(grid, random, fixed)) {
                    moved(block, path, block, Keys.kind(path), false);
                }
            }
        }
        Map<String, Tree> varied = draws ? random : grid;
        for (String path : List.copyOf(varied.keySet())) {
            if (Keys.isKind(path)) {
                String above = path.substring(0, path.lastIndexOf('.') + 1);
                List.copyOf(fixed.keySet()).stream()
                        .filter(other -> other.startsWith(above))
                        .forEach(other -> moved(fixed, other, varied, other, true));
            }
        }
    }

    private void moved(Map<String, Tree> from, String path, Map<String, Tree> to, String as, boolean listed) {
        @Nullable Tree value = from.remove(path);
        if (value == null) {
            return;
        }
        Tree one = listed ? new Sequence(value.where(), List.of(value)) : value;
        to.put(as, listed && draws ? new Mapping(value.where(), Map.of("distribution", CHOICE, "values", one)) : one);
    }

    /** The blocks {@code set} and {@code grid}, those that have a key. */
    Map<String, Map<String, Tree>> blocks() {
        Map<String, Map<String, Tree>> blocks = new LinkedHashMap<>();
        boolean oneCell = !draws && grid.isEmpty();
        if (!fixed.isEmpty() && !oneCell) {
            blocks.put("set", fixed);
        }
        if (oneCell) { // All is fixed: the one cell is called by it.
            fixed.forEach((path, value) -> grid.put(path, new Sequence(value.where(), List.of(value))));
        }
        if (!grid.isEmpty()) {
            blocks.put("grid", grid);
        }
        return blocks;
    }

    Map<String, Tree> random() {
        return random;
    }

    /** Nested parameters are the parts of a path. */
    private void all(Mapping parameters, String above) {
        parameters
                .entries()
                .forEach((name, given) -> problems.attempt(() -> {
                    String key = above.isEmpty() ? name : above + "." + name;
                    if (!(given instanceof Mapping parameter)) {
                        throw Values.refusal(
                                given,
                                "parameters." + key,
                                "must have value, values, or a distribution with min and max below it");
                    }
                    @Nullable Tree nested = parameter.get("parameters");
                    if (nested != null) {
                        Values.mapping(parameter, "parameters." + key, List.of("parameters"));
                        all(
                                WandbNames.withHeadWidths(
                                        Values.mapping(nested, "parameters." + key), "parameters." + key),
                                key);
                    } else {
                        one(key, parameter);
                    }
                }));
    }

    private void one(String key, Mapping written) {
        @Nullable String unused = WandbNames.unused(key);
        if (unused != null) {
            remarks.add(
                    "%sparameters.%s is not used: %s".formatted(written.where().prefix(), key, unused));
            return;
        }
        String path = path(key, written.where());
        String name = "parameters." + key;
        @Nullable Tree constant = written.get("value"); // which may be null
        Mapping given = WandbFile.present(written);
        given = constant == null ? given : given.with("value", constant);
        given = WandbNames.inOurWords(path, paths, given);
        Values.mapping(given, name, ANY_KEYS);
        String distribution = Values.text(given.get("distribution"), name + ".distribution", kind(given, name));
        Check.that(
                KEYS.containsKey(distribution),
                "%s%s.distribution (%s) must be one of %s%s",
                given.where().prefix(),
                name,
                Values.shown(distribution),
                String.join(", ", KEYS.keySet()),
                Check.didYouMean(distribution, KEYS.keySet()));
        Values.mapping(given.without("distribution"), name, KEYS.getOrDefault(distribution, List.of()));
        if (path.equals(SEED)) {
            grid.put(SEED, seeds(distribution, given, name));
        } else if (distribution.equals("constant")) {
            fixed.put(path, Values.required(given, "value", name));
        } else if (draws) {
            if (distribution.equals("int_uniform") && given.get("distribution") == null && areNeighbours(given, name)) {
                remarks.add(
                        "%s%s is drawn from its two ends, since they are whole numbers; with a decimal point in one, from all between"
                                .formatted(given.where().prefix(), name));
            }
            Mapping ours = drawn(distribution, given, name);
            // So that what is wrong is told by the name that the file gives it: read as ours, it would be told as
            // random.PATH.
            Axes.checkDraw(path, ours, name);
            random.put(path, ours);
        } else {
            grid.put(path, listed(distribution, given, name));
        }
    }

    /** What is meant where no distribution is named. */
    private static String kind(Mapping given, String name) {
        if (given.get("value") != null) {
            return "constant";
        } else if (given.get("values") != null) {
            return "categorical";
        }
        Check.that(
                given.get("min") != null || given.get("max") != null || given.get("distribution") != null,
                "%s%s must have value, values, or a distribution with its keys",
                given.where().prefix(),
                name);
        return given.get("min") instanceof Scalar min
                        && given.get("max") instanceof Scalar max
                        && min.text().matches("[-+]?[0-9]+")
                        && max.text().matches("[-+]?[0-9]+")
                ? "int_uniform"
                : "uniform";
    }

    private static boolean areNeighbours(Mapping given, String name) {
        return decimal(given, "max", name).subtract(decimal(given, "min", name)).compareTo(BigDecimal.ONE) == 0;
    }

    private Tree seeds(String distribution, Mapping given, String name) {
        if (distribution.equals("constant")) {
            return new Sequence(given.where(), List.of(Values.required(given, "value", name)));
        }
        boolean isList = distribution.startsWith("categorical") && given.get("probabilities") == null;
        Check.that(isList || !draws, "%s%s: %s", given.where().prefix(), name, SweepSeeds.NO_AXIS);
        if (draws) {
            remarks.add("%s%s becomes seeds: each cell is trained from each of them"
                    .formatted(given.where().prefix(), name));
        }
        return isList ? Values.required(given, "values", name) : listed(distribution, given, name);
    }

    /** Every value, for a grid. */
    private static Tree listed(String distribution, Mapping given, String name) {
        return switch (distribution) {
            case "categorical", "categorical_w_probabilities" -> {
                Check.that(
                        given.get("probabilities") == null,
                        "%s%s.probabilities: method grid takes every value once, random draws them",
                        given.where().prefix(),
                        name);
                yield Values.required(given, "values", name);
            }
            case "int_uniform" -> {
                long min =
                        Values.whole(Values.required(given, "min", name), name + ".min", -1_000_000_000, 1_000_000_000);
                long max =
                        Values.whole(Values.required(given, "max", name), name + ".max", -1_000_000_000, 1_000_000_000);
                Check.that(
                        min <= max,
                        "%s%s.min (%s) must be at most max (%s)",
                        given.where().prefix(),
                        name,
                        min,
                        max);
                yield steps(BigDecimal.valueOf(min), BigDecimal.valueOf(max + 1), BigDecimal.ONE, given.where(), name);
            }
            case "q_uniform" -> {
                BigDecimal min = decimal(given, "min", name);
                BigDecimal max = decimal(given, "max", name);
                BigDecimal q = given.get("q") == null ? BigDecimal.ONE : decimal(given, "q", name);
                Check.that(
                        min.compareTo(max) < 0 && q.signum() > 0,
                        "%s%s: min (%s) must be less than max (%s), and q (%s) more than 0",
                        given.where().prefix(),
                        name,
                        min,
                        max,
                        q);
                yield steps(min, max, q, given.where(), name);
            }
            default ->
                throw new InputException("%s%s (%s) is continuous: with method grid give values, or use method random"
                        .formatted(given.where().prefix(), name, distribution));
        };
    }

    private static BigDecimal decimal(Mapping given, String key, String name) {
        return BigDecimal.valueOf(Values.number(Values.required(given, key, name), name + "." + key));
    }

    /** From min up to below max. */
    private static Sequence steps(BigDecimal min, BigDecimal max, BigDecimal by, Where where, String name) {
        BigDecimal count = max.subtract(min).divide(by, 0, java.math.RoundingMode.CEILING);
        Check.that(
                count.compareTo(BigDecimal.valueOf(100_000)) < 0,
                "%s%s has %,d values, too many: list some under values",
                where.prefix(),
                name,
                count.toBigInteger());
        List<Tree> all = new ArrayList<>();
        for (int i = 0; i < count.intValueExact(); i++) {
            BigDecimal value = min.add(by.multiply(BigDecimal.valueOf(i)));
            all.add(new Scalar(
                    where,
                    value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString(),
                    true));
        }
        return new Sequence(where, all);
    }

    /** A distribution of theirs as one of ours. */
    private Mapping drawn(String distribution, Mapping given, String name) {
        Map<String, Tree> ours = new LinkedHashMap<>();
        String of = distribution.startsWith("q_") ? distribution.substring(2) : distribution;
        switch (of) {
            case "categorical", "categorical_w_probabilities" -> {
                ours.put("values", Values.required(given, "values", name));
                @Nullable Tree probabilities = given.get("probabilities");
                if (probabilities != null) {
                    ours.put("probabilities", probabilities);
                }
            }
            case "normal", "log_normal" -> {
                ours.put("mean", or(given, "mu", "0"));
                ours.put("sd", or(given, "sigma", "1"));
            }
            case "beta" -> {
                ours.put("a", or(given, "a", "1"));
                ours.put("b", or(given, "b", "1"));
            }
            case "log_uniform" -> exponents(given, name, 1, ours);
            case "inv_log_uniform" -> exponents(given, name, -1, ours);
            default -> {
                ours.put("min", Values.required(given, "min", name));
                ours.put("max", Values.required(given, "max", name));
            }
        }
        if (!of.equals(distribution)) {
            ours.put("q", or(given, "q", "1"));
        }
        ours.put("distribution", new Scalar(given.where(), called(of), true));
        return new Mapping(given.where(), ours);
    }

    private static String called(String distribution) {
        return switch (distribution) {
            case "categorical", "categorical_w_probabilities" -> "choice";
            case "int_uniform" -> "int";
            case "log_uniform_values", "inv_log_uniform", "inv_log_uniform_values" -> "log-uniform";
            default -> distribution.replace('_', '-');
        };
    }

    /** The ends as powers of e, or of 1/e where the sign is -1, so that the greater exponent is the lesser end. */
    private void exponents(Mapping given, String name, int sign, Map<String, Tree> ours) {
        double min = power(given, sign > 0 ? "min" : "max", name, sign);
        double max = power(given, sign > 0 ? "max" : "min", name, sign);
        ours.put("min", new Scalar(given.where(), Double.toString(min), true));
        ours.put("max", new Scalar(given.where(), Double.toString(max), true));
        String distribution = Values.text(given.get("distribution"), name, "");
        remarks.add(
                "%s%s: min and max of %s are exponents of e, so it is drawn from %.4g to %.4g; %s_values takes the values themselves"
                        .formatted(given.where().prefix(), name, distribution, min, max, distribution));
    }

    private static double power(Mapping given, String key, String name, int sign) {
        double exponent = Values.number(Values.required(given, key, name), name + "." + key);
        double power = Math.exp(sign * exponent);
        Check.that(
                power > 0 && power <= Double.MAX_VALUE,
                "%s%s.%s (%s) is taken as an exponent of e, and e to that power is out of range",
                given.where().prefix(),
                name,
                key,
                exponent);
        return power;
    }

    private static Tree or(Mapping given, String key, String otherwise) {
        @Nullable Tree value = given.get(key);
        return value == null ? new Scalar(given.where(), otherwise, true) : value;
    }

    /** Which setting is meant, and that no other parameter means it, too. */
    private String path(String key, Where where) {
        String path = WandbNames.path(key, where, paths);
        @Nullable String other = names.put(path, key);
        Check.that(
                other == null,
                "%sparameters.%s and parameters.%s are one setting, %s: keep one of them",
                where.prefix(),
                Values.shown(key),
                other,
                path);
        if (!path.equals(key)) {
            remarks.add("%s%s is %s".formatted(where.prefix(), key, path));
        }
        return path;
    }
}
