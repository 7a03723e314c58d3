package hooke.sweep.file;

import hooke.Check;
import hooke.Problems;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Tree.Scalar;
import hooke.config.form.Tree.Where;
import hooke.config.form.Values;
import hooke.sweep.axes.LabelTemplate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A sweep file of Weights and Biases (docs.wandb.ai, "Define a sweep configuration"; its schema in github.com/wandb/sweeps) in our own
 * form. A key is mapped, or named in a remark for the user, or refused by name; none is passed over.
 */
final class WandbFile {
    /** What tells of a program to be started and of the place where its runs are shown. */
    private static final List<String> ELSEWHERE = List.of(
            "program",
            "command",
            "project",
            "entity",
            "job",
            "image_uri",
            "imageuri",
            "controller",
            "scheduler",
            "apiVersion",
            "kind",
            "display_name",
            "prior_runs");

    /** Keys of ours that such a file may have, too. */
    private static final List<String> OURS = List.of("base", "seeds", "cap", "label", "note", "constraints");

    private static final List<String> METHODS = List.of("grid", "random", "bayes");
    /** Cells of a search that says no number. */
    private static final int SEARCHED = 30;

    private static final List<String> KEYS = Stream.of(
                    List.of("method", "parameters", "name", "description", "metric", "early_terminate", "run_cap"),
                    List.of("$schema"), // for editors
                    ELSEWHERE,
                    OURS)
            .flatMap(List::stream)
            .toList();

    private final Mapping file;
    private final List<String> remarks;

    private WandbFile(Mapping file, List<String> remarks) {
        this.file = present(Values.mapping(Yaml11.of(file), ""));
        this.remarks = remarks;
    }

    static boolean isOne(Mapping file) {
        return file.get("method") != null || file.get("parameters") != null;
    }

    /** @param remarks where sentences for the user are added */
    static Mapping translate(Mapping file, List<String> remarks) {
        new WandbFile(file, new ArrayList<>()).check();
        return new WandbFile(file, remarks).translated();
    }

    /** Without the keys that have no value: a block that is left empty says nothing. */
    static Mapping present(Mapping mapping) {
        Mapping present = mapping;
        for (Map.Entry<String, Tree> entry : mapping.entries().entrySet()) {
            if (entry.getValue() instanceof Scalar s && s.isNull()) {
                present = present.without(entry.getKey());
            }
        }
        return present;
    }

    private String method() {
        @Nullable Tree method = file.get("method");
        String name = method == null ? "" : Values.text(method, "method");
        Check.that(
                METHODS.contains(name),
                "%smethod (%s) must be one of %s%s",
                file.where().prefix(),
                Values.shown(name),
                String.join(", ", METHODS),
                Check.didYouMean(name, METHODS));
        return name;
    }

    /** Says all that is wrong together. */
    private void check() {
        var problems = new Problems();
        problems.attempt(() -> Values.mapping(file, "", KEYS));
        if (problems.isEmpty() || file.get("parameters") != null) { // Else its name has a typo, which was told.
            problems.attempt(this::method);
            boolean draws = !(file.get("method") instanceof Scalar s && s.text().equals("grid"));
            problems.attempt(() -> parameters(draws));
            problems.attempt(() ->
                    early(file.get("method") instanceof Scalar s && s.text().equals("bayes")));
        }
        Optional.ofNullable(file.get("run_cap"))
                .ifPresent(cap -> problems.attempt(() -> Values.whole(cap, "run_cap", 1, 1_000_000)));
        problems.check();
    }

    private WandbParameters parameters(boolean draws) {
        @Nullable Tree given = file.get("parameters");
        Check.that(given != null, "%sparameters is missing", file.where().prefix());
        Mapping parameters = Values.mapping(Objects.requireNonNull(given), "parameters");
        Check.that(
                !parameters.entries().isEmpty(),
                "%sparameters is empty: name what varies, as in lr: {values: [0.01, 0.001]}",
                parameters.where().prefix());
        return WandbParameters.of(parameters, draws, remarks);
    }

    private @Nullable Tree early(boolean bayes) {
        return bayes ? WandbHalving.bayes(file, remarks) : WandbHalving.of(file, remarks);
    }

    private Mapping translated() {
        Where where = file.where();
        boolean bayes = method().equals("bayes");
        boolean draws = bayes || method().equals("random");
        WandbParameters parameters = parameters(draws);
        Map<String, Tree> ours = new LinkedHashMap<>();
        put(ours, "name", name());
        put(ours, "note", file.get("description"));
        OURS.forEach(key -> put(ours, key, file.get(key)));
        parameters.blocks().forEach((block, keys) -> put(ours, block, new Mapping(where, keys)));
        @Nullable Tree runCap = file.get("run_cap");
        if (draws) {
            if (runCap == null) {
                remarks.add("%smethod (%s) does not end by itself: run_cap says how many cells to train; without it %s"
                        .formatted(where.prefix(), method(), SEARCHED));
                runCap = new Scalar(where, String.valueOf(SEARCHED), true);
            }
            Map<String, Tree> random = new LinkedHashMap<>();
            put(random, "samples", runCap);
            random.putAll(parameters.random());
            put(ours, "random", new Mapping(where, random));
        } else {
            put(ours, "first", runCap);
        }
        for (String key : ELSEWHERE) {
            @Nullable Tree value = file.get(key);
            if (value != null) {
                remarks.add("%s%s (%s) is not used: Hooke trains base itself%s"
                        .formatted(
                                value.where().prefix(),
                                key,
                                value instanceof Scalar s ? Values.shown(s.text()) : "...",
                                key.equals("command")
                                        ? "; what its arguments set belongs into base or --set"
                                        : ", and keeps its runs in the store"));
            }
        }
        put(ours, bayes ? "bayes" : "halving", early(bayes));
        return new Mapping(where, ours);
    }

    /** A title becomes a name. */
    private @Nullable Tree name() {
        @Nullable Tree given = file.get("name");
        if (!(given instanceof Scalar title)) {
            return given;
        }
        String clean = LabelTemplate.clean(title.text()).replaceAll("^[^A-Za-z0-9]+", "");
        String name = clean.substring(0, Math.min(clean.length(), SweepKeys.LONGEST_NAME));
        if (name.equals(title.text())) {
            return given;
        }
        remarks.add("%sname (%s) becomes %s"
                .formatted(
                        title.where().prefix(), Values.shown(title.text()), name.isEmpty() ? "the file's name" : name));
        return name.isEmpty() ? null : new Scalar(title.where(), name, false);
    }

    private static void put(Map<String, Tree> into, String key, @Nullable Tree value) {
        if (value != null) {
            into.put(key, value);
        }
    }
}
