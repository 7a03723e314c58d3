package hooke.sweep.file;

import hooke.Check;
import hooke.config.form.Binder;
import hooke.config.form.Entries;
import hooke.config.form.Form;
import hooke.config.form.Tree;
import hooke.config.form.Tree.Mapping;
import hooke.config.form.Values;
import hooke.sweep.Bayes;
import hooke.sweep.Halving;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of a sweep file. Those that are trees are read by who knows what stands below them: the paths of another form's settings, a
 * name or a whole experiment, a number or a list.
 *
 * @param first how many of the cells to train; all where it is left out
 */
record SweepKeys(
        String name,
        String note,
        Optional<Tree> base,
        Optional<Tree> set,
        Optional<Tree> cells,
        Optional<Tree> grid,
        Optional<Tree> random,
        Optional<Tree> constraints,
        Optional<Tree> seeds,
        Optional<Integer> first,
        int cap,
        String label,
        Optional<Halving> halving,
        Optional<Bayes> bayes) {
    static final int LONGEST_NAME = 60;

    private static final int MOST = 1_000_000;

    SweepKeys {
        Check.that(
                name.matches("[A-Za-z0-9][A-Za-z0-9._+-]{0,%s}".formatted(LONGEST_NAME - 1)),
                "name (%s) must be letters, digits and . _ + -, starting with a letter or digit, at most %s characters",
                Values.shown(name),
                LONGEST_NAME);
        Check.that(cap >= 1 && cap <= MOST, "cap (%s) must be from 1 to %s", cap, MOST);
        int some = first.orElse(MOST);
        Check.that(some >= 1 && some <= MOST, "first (%s) must be from 1 to %s", some, MOST);
        if (bayes.isPresent()) {
            Check.that(random.isPresent(), "bayes needs random, which says what is drawn");
            Check.that(halving.isEmpty(), "bayes cannot learn from cells that halving stopped: give random alone");
            Check.that(
                    cells.isEmpty() && grid.isEmpty(),
                    "bayes cannot learn from draws that are combined with %s: give random alone",
                    cells.isPresent() ? "cells" : "grid");
        }
    }

    /** Of a file; its name is the sweep's unless it says another. */
    static SweepKeys of(Mapping file, String source) {
        Mapping own = file.get("bayes") instanceof Mapping bayes
                ? file.with("bayes", bayes.without("proposed")) // which the draws read
                : file;
        var form = new Form(
                "a sweep",
                Entries.read(SweepKeys.class, "sweep.yaml"),
                (_, _, from) -> from.replaceAll(".*[/\\\\]", "").replaceAll("\\.ya?ml$", ""),
                Map.of("metric", SweepKeys::metric));
        return Binder.bind(form, SweepKeys.class, own, source);
    }

    /** Also as the store and other programs spell it. */
    private static String metric(Tree tree, String path) {
        String written = Values.text(tree, path);
        String hyphened = written.replace('_', '-');
        return Halving.METRICS.contains(hyphened) ? hyphened : Values.shown(written);
    }
}
