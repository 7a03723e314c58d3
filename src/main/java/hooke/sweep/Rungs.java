package hooke.sweep;

import hooke.store.RunReader;
import hooke.store.Series;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Which cells go on from a rung of {@link Halving}: the better ones by the median over seeds, where the cells differ by more than their
 * seeds do.
 */
final class Rungs {
    /** With two seeds every difference looks large. */
    private static final int LEAST_SEEDS = 3;

    private Rungs() {}

    /**
     * What became of a rung.
     *
     * @param goOn cells that are trained further
     * @param sentence for the user
     */
    record Decision(List<Cell> goOn, String sentence) {}

    /** Values of a cell's seeds at the rung, sorted. */
    @SuppressWarnings("ArrayRecordComponent") // read, never compared
    private record Standing(Cell cell, double[] values) {
        double median() {
            int n = values.length;
            return (values[(n - 1) / 2] + values[n / 2]) / 2;
        }
    }

    /** @param alive cells that were trained up to the rung */
    static Decision decide(Halving halving, long rung, List<Cell> alive, SweepResults results) {
        int keep = (int) Math.ceil(halving.keep() * alive.size());
        List<Standing> standings = new ArrayList<>();
        for (CellResults row : results.cells()) {
            if (alive.contains(row.cell())) {
                standings.add(new Standing(row.cell(), values(halving, rung, row, results)));
            }
        }
        int seeds = standings.stream().mapToInt(s -> s.values().length).min().orElse(0);
        if (seeds < LEAST_SEEDS) {
            return all(
                    alive,
                    halving,
                    rung,
                    "a cell has %s seeds there, and with fewer than %s nobody knows how far seeds alone are apart"
                            .formatted(seeds, LEAST_SEEDS));
        }
        Comparator<Standing> byMedian = Comparator.comparingDouble(Standing::median);
        standings.sort(halving.higherIsBetter() ? byMedian.reversed() : byMedian);
        Standing best = standings.getFirst();
        Standing worst = standings.getLast();
        if (keep >= standings.size() || overlap(best.values(), worst.values())) {
            return all(
                    alive,
                    halving,
                    rung,
                    "the seeds of the best cell (%s) and of the worst (%s) overlap, so it cannot tell cells apart yet: what groks late looks like chance until it does"
                            .formatted(shown(best), shown(worst)));
        }
        // Who cannot be told from the last that is kept is kept, too.
        Standing last = standings.get(keep - 1);
        List<Cell> goOn = standings.stream()
                .filter(s -> standings.indexOf(s) < keep || overlap(s.values(), last.values()))
                .map(Standing::cell)
                .toList();
        return new Decision(
                alive.stream().filter(goOn::contains).toList(),
                "halving at step %,d: %s of %s cells go on by the median %s of %s seeds, the best %s; the others stay where they are"
                        .formatted(rung, goOn.size(), alive.size(), halving.metric(), seeds, shown(best)));
    }

    private static Decision all(List<Cell> alive, Halving halving, long rung, String why) {
        return new Decision(
                alive, "halving at step %,d by %s gives up no cell: %s".formatted(rung, halving.metric(), why));
    }

    /** A run that ended before the rung, or broke, stands where it ended. */
    private static double[] values(Halving halving, long rung, CellResults row, SweepResults results) {
        return row.runs().stream()
                .mapToDouble(run -> value(halving, rung, results.reader(run)))
                .filter(v -> !Double.isNaN(v))
                .sorted()
                .toArray();
    }

    private static double value(Halving halving, long rung, @Nullable RunReader run) {
        if (run == null || !run.seriesNames().contains(halving.series())) {
            return Double.NaN;
        }
        Series series = run.series(halving.series());
        int place = Arrays.binarySearch(series.steps(), rung);
        int at = place >= 0 ? place : -place - 2;
        return at < 0 ? Double.NaN : series.values()[at];
    }

    private static boolean overlap(double[] a, double[] b) {
        return a[0] <= b[b.length - 1] && b[0] <= a[a.length - 1];
    }

    private static String shown(Standing standing) {
        return String.format(
                Locale.ROOT,
                "%s: %.4g to %.4g",
                standing.cell().label(),
                standing.values()[0],
                standing.values()[standing.values().length - 1]);
    }
}
