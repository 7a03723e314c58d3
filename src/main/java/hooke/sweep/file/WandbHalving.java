package hooke.sweep.file;

import hooke.Check;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Sequence;
import hooke.config.form.Tree.Where;
import hooke.config.form.Values;
import hooke.sweep.Cell;
import hooke.sweep.Halving;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Weights and Biases' {@code early_terminate}, with the {@code metric} that it goes by, as {@link Halving}. */
final class WandbHalving {
    private static final List<String> KEYS = List.of("type", "min_iter", "max_iter", "s", "eta", "strict");
    private static final List<String> METRIC = List.of("name", "goal", "target", "impute", "impute_while_running");
    /** What others call the set that is not trained on, and the share of right answers. */
    private static final Pattern SET_AND_MEASURE =
            Pattern.compile("((?<set>train|training|test|val|valid|validation|eval|dev)-)?"
                    + "(?<measure>accuracy|acc|loss|perplexity|ppl|bits-per-byte|bpb)");

    /** A perplexity is the exponential of a loss, and so orders runs as the loss does. */
    private static final Map<String, String> MEASURES =
            Map.of("acc", "accuracy", "bpb", "bits-per-byte", "perplexity", "loss", "ppl", "loss");

    private static final int MOST_BANDS = 100;

    private final List<String> remarks;

    private WandbHalving(List<String> remarks) {
        this.remarks = remarks;
    }

    /**
     * In our own form, with the bands as they are written; null where no run is to be ended early.
     *
     * @param file of which no key is null
     */
    static @Nullable Tree of(Mapping file, List<String> remarks) {
        return new WandbHalving(remarks).halving(file.get("metric"), file.get("early_terminate"));
    }

    /** Of {@code method: bayes} what proposals go by; every run is trained to its end. */
    static Mapping bayes(Mapping file, List<String> remarks) {
        @Nullable Tree metric = file.get("metric");
        Check.that(
                metric != null,
                "%smethod (bayes) needs metric: what its proposals are to make better",
                file.where().prefix());
        var halving = new WandbHalving(remarks);
        Mapping given = halving.metric(Objects.requireNonNull(metric));
        @Nullable Tree early = file.get("early_terminate");
        if (early != null) {
            remarks.add(early.where().prefix()
                    + "early_terminate is not used with method bayes: every run is trained to its end");
        }
        return new Mapping(given.where(), Map.of("metric", halving.series(given)));
    }

    private Mapping metric(Tree metric) {
        Mapping given = Values.mapping(metric, "metric", METRIC);
        given.entries().forEach((key, value) -> {
            if (!key.equals("name") && !key.equals("goal")) {
                remarks.add("%smetric.%s is not used: %s"
                        .formatted(
                                value.where().prefix(),
                                key,
                                key.equals("target")
                                        ? "every cell is trained, and a run that is to end at a value says so by train.stop"
                                        : "a run that diverged or failed counts as the worst"));
            }
        });
        return given;
    }

    private @Nullable Tree halving(@Nullable Tree metric, @Nullable Tree early) {
        if (metric != null) {
            metric(metric);
        }
        if (early == null) {
            if (metric != null) {
                remarks.add(metric.where().prefix()
                        + "metric orders nothing: without early_terminate every run is trained to its end");
            }
            return null;
        }
        Mapping given = WandbFile.present(Values.mapping(early, "early_terminate", KEYS));
        Where where = given.where();
        String type = Values.text(given.get("type"), "early_terminate.type", "");
        Check.that(
                type.equals("hyperband"),
                "%searly_terminate.type (%s) must be hyperband, which becomes halving",
                where.prefix(),
                Values.shown(type));
        Check.that(metric != null, "%searly_terminate needs metric", where.prefix());
        if (given.get("strict") != null) {
            remarks.add(
                    where.prefix()
                            + "early_terminate.strict is not used: at a rung all cells are compared at once, when each has reached it");
        }
        @Nullable Tree ratio = given.get("eta");
        double eta = ratio == null ? 3 : Values.number(ratio, "early_terminate.eta");
        Check.that(eta > 1, "%searly_terminate.eta (%s) must be more than 1", where.prefix(), eta);
        List<Tree> bands = bands(given, eta).stream()
                .map(band -> (Tree) new Scalar(where, band.toString(), true))
                .toList();
        return new Mapping(
                where,
                Map.of(
                        "metric", series((Mapping) Objects.requireNonNull(metric)),
                        "rungs", new Sequence(where, bands),
                        "keep", new Scalar(where, Double.toString(1 / eta), true)));
    }

    /** From the first upwards without end, or from the last downwards so many times. */
    private List<Long> bands(Mapping given, double eta) {
        @Nullable Tree first = given.get("min_iter");
        @Nullable Tree last = given.get("max_iter");
        @Nullable Tree times = given.get("s");
        var bands = new TreeSet<Long>();
        if (last != null) {
            Check.that(
                    times != null,
                    "%searly_terminate.s is missing: how many bands there are below max_iter",
                    given.where().prefix());
            unused("min_iter", first, "max_iter and s");
            long s = Values.whole(Objects.requireNonNull(times), "early_terminate.s", 1, MOST_BANDS);
            double band = Values.whole(last, "early_terminate.max_iter", 1, Integer.MAX_VALUE) / eta;
            for (int i = 0; i < s && band >= 1; i++) {
                bands.add((long) band);
                band /= eta;
            }
            Check.that(
                    !bands.isEmpty(),
                    "%searly_terminate.max_iter (%s) leaves no bracket: divided by eta it must be at least 1",
                    given.where().prefix(),
                    last instanceof Scalar m ? m.text() : "");
        } else {
            Check.that(
                    first != null,
                    "%searly_terminate.min_iter is missing, or max_iter with s: at which evaluation runs are first or last ended",
                    given.where().prefix());
            unused("s", times, "min_iter");
            double band = Values.whole(Objects.requireNonNull(first), "early_terminate.min_iter", 1, Integer.MAX_VALUE);
            for (int i = 0; i < MOST_BANDS && band <= Integer.MAX_VALUE; i++) {
                bands.add((long) band);
                band *= eta;
            }
        }
        return List.copyOf(bands);
    }

    private void unused(String key, @Nullable Tree value, String beside) {
        if (value != null) {
            remarks.add("%searly_terminate.%s is not used beside %s, there as here"
                    .formatted(value.where().prefix(), key, beside));
        }
    }

    private Scalar series(Mapping metric) {
        @Nullable Tree given = metric.get("name");
        Check.that(given != null, "%smetric.name is missing", metric.where().prefix());
        String written = Values.text(Objects.requireNonNull(given), "metric.name");
        String hyphened = written.replaceAll("[_/.]", "-");
        String name = known(hyphened);
        Check.that(
                Halving.METRICS.contains(name),
                "%smetric.name (%s) is not measured of a run: %s are%s",
                metric.where().prefix(),
                Values.shown(written),
                String.join(", ", Halving.METRICS),
                Check.didYouMean(name, Halving.METRICS));
        if (!name.equals(hyphened)) {
            remarks.add("%smetric.name (%s) is %s".formatted(metric.where().prefix(), Values.shown(written), name));
        }
        String right = Halving.higherIsBetter(name) ? "maximize" : "minimize";
        String goal = Values.text(metric.get("goal"), "metric.goal", "minimize");
        Check.that(
                goal.equals(right),
                "%smetric.goal (%s) of %s must be %s",
                metric.where().prefix(),
                Values.shown(goal),
                name,
                right);
        return new Scalar(metric.where(), name, true);
    }

    private static String known(String name) {
        Matcher parts = SET_AND_MEASURE.matcher(name);
        if (!parts.matches()) {
            return name;
        }
        @Nullable String set = parts.group("set");
        String measure = parts.group("measure");
        boolean isOfTrain = set != null && set.startsWith("train"); // What is to be better is on unseen examples.
        return (isOfTrain ? "train-" : "test-") + MEASURES.getOrDefault(measure, measure);
    }

    /**
     * The file with rungs where something is measured: there, iterations count how often the metric was logged, from 0, so each band is that
     * evaluation; those behind the last step are left out.
     *
     * @param file in our own form
     */
    static Mapping fitted(Mapping file, List<Cell> cells, List<String> remarks) {
        if (!(file.get("halving") instanceof Mapping halving && halving.get("rungs") instanceof Sequence bands)) {
            return file;
        }
        int every = cells.stream()
                .mapToInt(c -> c.experiment().train().evaluateEvery())
                .max()
                .orElse(1);
        int steps = cells.stream()
                .mapToInt(c -> c.experiment().train().steps())
                .max()
                .orElse(1);
        List<Long> rungs = bands.items().stream()
                .map(band -> Values.whole(band, "early_terminate", 1, Integer.MAX_VALUE) * every)
                .filter(rung -> rung < steps)
                .distinct()
                .toList();
        String prefix = halving.where().prefix();
        if (rungs.isEmpty()) {
            remarks.add("%searly_terminate ends no run early: no band lies before the last step (%,d)"
                    .formatted(prefix, steps));
            return file.without("halving");
        }
        remarks.add(
                "%searly_terminate becomes halving at %s: at each, the best %.3g of the cells continue; an iteration is an evaluation, of which there is one in %,d steps"
                        .formatted(
                                prefix,
                                (rungs.size() == 1 ? "step " : "the steps ")
                                        + String.join(
                                                ", ",
                                                rungs.stream()
                                                        .map(String::valueOf)
                                                        .toList()),
                                Values.number(Objects.requireNonNull(halving.get("keep")), "keep"),
                                every));
        List<Tree> fitted = new ArrayList<>();
        rungs.forEach(rung -> fitted.add(new Scalar(halving.where(), rung.toString(), true)));
        return file.with("halving", halving.with("rungs", new Sequence(halving.where(), fitted)));
    }
}
