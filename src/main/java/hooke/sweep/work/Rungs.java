package hooke.sweep.work;

import hooke.config.EventKind;
import hooke.store.RunReader;
import hooke.store.series.Series;
import hooke.sweep.Cell;
import hooke.sweep.CellResults;
import hooke.sweep.Halving;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import hooke.sweep.SweepRun.Status;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which cells go on from a rung of {@link Halving}: the better ones by the median over seeds, where the cells differ by more than their
 * seeds do. A seed that has diverged is worse than any number, so a cell in which most seeds have diverged has lost, and the others are
 * ranked as if it were not there. A cell that has too few known seeds, because runs of it failed, is not judged and goes on.
 */
final class Rungs {
    private static final double DIVERGED = Double.POSITIVE_INFINITY;

    private Rungs() {}

    /**
     * What became of a rung.
     *
     * @param goOn cells that are trained further
     * @param sentence for the user
     */
    record Decision(List<Cell> goOn, String sentence) {}

    /** How bad each known seed of a cell is at the rung, sorted: its loss, or its accuracy with the sign turned. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Standing(Cell cell, double[] values) {
        double median() {
            int n = values.length;
            return (values[(n - 1) / 2] + values[n / 2]) / 2;
        }

        boolean hasLost() {
            return median() == DIVERGED;
        }

        double best() {
            return values[0];
        }

        /** Of the seeds that have not diverged: one that has tells nothing of how far the others are apart. */
        double worst() {
            return Arrays.stream(values).filter(v -> v < DIVERGED).max().orElse(DIVERGED);
        }

        boolean overlaps(Standing other) {
            return best() <= other.worst() && other.best() <= worst();
        }
    }

    /** @param alive cells that were trained up to the rung */
    static Decision decide(Halving halving, long rung, List<Cell> alive, SweepResults results) {
        List<Standing> standings = results.cells().stream()
                .filter(row -> alive.contains(row.cell()))
                .map(row -> new Standing(row.cell(), values(halving, rung, row, results)))
                .toList();
        List<Standing> judged = standings.stream()
                .filter(s -> s.values().length >= Halving.LEAST_SEEDS)
                .toList();
        List<Standing> ranked = judged.stream()
                .filter(s -> !s.hasLost())
                .sorted(Comparator.comparingDouble(Standing::median))
                .toList();
        String at = "halving at step %,d".formatted(rung);
        String by = at + " by " + halving.metric();
        if (judged.isEmpty()) {
            int seeds =
                    standings.stream().mapToInt(s -> s.values().length).max().orElse(0);
            return new Decision(
                    alive,
                    by
                            + " stops no cell: a cell has %s seeds there, and with fewer than %s the spread between seeds is unknown"
                                    .formatted(seeds, Halving.LEAST_SEEDS));
        }
        if (ranked.isEmpty()) {
            return new Decision(alive, by + " stops no cell: in all of them most seeds have diverged");
        }
        Set<Cell> lost = new HashSet<>();
        judged.stream().filter(Standing::hasLost).forEach(s -> lost.add(s.cell()));
        int keep = (int) Math.ceil(halving.keep() * ranked.size());
        Standing best = ranked.getFirst();
        Standing worst = ranked.getLast();
        Set<Cell> out = new HashSet<>(lost);
        if (!best.overlaps(worst)) {
            // Who cannot be told from the last that is kept is kept, too.
            Standing last = ranked.get(keep - 1);
            ranked.stream().skip(keep).filter(s -> !s.overlaps(last)).forEach(s -> out.add(s.cell()));
        }
        List<Cell> goOn = alive.stream().filter(cell -> !out.contains(cell)).toList();
        String sentence = out.size() == lost.size()
                ? "%s stops no %s: %s"
                        .formatted(
                                by,
                                lost.isEmpty() ? "cell" : "other cell",
                                whyNone(halving, best, worst, ranked.size()))
                : "%s: %s of %s cells continue by the median %s of %s seeds, the best %s; the others are stopped"
                        .formatted(
                                at,
                                goOn.size(),
                                alive.size(),
                                halving.metric(),
                                judged.stream()
                                        .mapToInt(s -> s.values().length)
                                        .min()
                                        .orElse(0),
                                shown(halving, best));
        return new Decision(goOn, sentence + apart(lost.size(), standings.size() - judged.size()));
    }

    /** The end of the sentence: which cells the ranking was made without. */
    private static String apart(int lost, int unknown) {
        return (lost == 0 ? "" : "; " + count(lost, "has", "have") + " lost, since most of the seeds diverged")
                + (unknown == 0
                        ? ""
                        : "; " + count(unknown, "goes", "go")
                                + " on without being judged, with fewer than %s seeds there"
                                        .formatted(Halving.LEAST_SEEDS));
    }

    private static String count(int cells, String one, String many) {
        return cells + (cells == 1 ? " cell " + one : " cells " + many);
    }

    private static String whyNone(Halving halving, Standing best, Standing worst, int ranked) {
        if (ranked == 1) {
            return "there is only one to be ranked";
        }
        return best.overlaps(worst)
                ? "the seeds of the best cell (%s) and of the worst (%s) overlap, so the cells cannot be ranked yet: a run that groks late looks like chance until it does"
                        .formatted(shown(halving, best), shown(halving, worst))
                : "the best %s of %s cells are all that differ by more than their seeds do"
                        .formatted(halving.keep(), ranked);
    }

    private static double[] values(Halving halving, long rung, CellResults row, SweepResults results) {
        return row.runs().stream()
                .map(run -> value(halving, rung, run, results.reader(run)))
                .flatMapToDouble(OptionalDouble::stream)
                .sorted()
                .toArray();
    }

    /** A run that is done stands where it ended, if that was before the rung; of one that broke before it nothing is known. */
    private static OptionalDouble value(Halving halving, long rung, SweepRun run, @Nullable RunReader reader) {
        if (reader == null) {
            return OptionalDouble.empty();
        }
        if (reader.events().stream().anyMatch(e -> e.is(EventKind.DIVERGED) && e.step() <= rung)) {
            return OptionalDouble.of(DIVERGED);
        }
        if (!reader.seriesNames().contains(halving.series())) {
            return OptionalDouble.empty();
        }
        Series series = reader.series(halving.series());
        int place = Arrays.binarySearch(series.steps(), rung);
        int at = place >= 0 ? place : -place - 2;
        boolean reaches = place >= 0 || at < series.steps().length - 1 || run.status() == Status.DONE;
        if (at < 0 || !reaches) {
            return OptionalDouble.empty();
        }
        double value = series.values()[at];
        return OptionalDouble.of(Double.isNaN(value) ? DIVERGED : halving.higherIsBetter() ? -value : value);
    }

    private static String shown(Halving halving, Standing standing) {
        double first = halving.higherIsBetter() ? -standing.worst() : standing.best();
        double last = halving.higherIsBetter() ? -standing.best() : standing.worst();
        return String.format(Locale.ROOT, "%s: %.4g to %.4g", standing.cell().label(), first, last);
    }
}
