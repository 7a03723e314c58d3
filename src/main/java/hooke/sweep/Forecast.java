package hooke.sweep;

import hooke.config.Estimates;
import hooke.config.Experiment;
import hooke.store.Run;
import hooke.train.Training;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * How long runs will take on this machine: as the finished runs of the same cell did, on average, or else by the FLOPs of all its steps and
 * by what the cells with the fewest and the most take for a step, measured for a second each. A run that stops early takes less.
 */
public final class Forecast {
    private static final long WARM_NANOS = 300_000_000;
    private static final long MEASURED_NANOS = 700_000_000;

    private final Map<String, Double> finished;
    private final @Nullable Speed speed;

    private Forecast(Map<String, Double> finished, @Nullable Speed speed) {
        this.finished = finished;
        this.speed = speed;
    }

    /** Seconds of a step: so many in any case, and so many a FLOP. */
    private record Speed(double atLeast, double aFlop) {}

    /** Measures, unless every cell has a finished run. */
    public static Forecast of(SweepResults results) {
        Map<String, Double> finished = new HashMap<>();
        for (CellResults row : results.cells()) {
            OptionalDouble mean = row.runs().stream()
                    .map(SweepRun::stored)
                    .filter(run -> run != null && run.status() == Run.Status.DONE && run.parts() == 1)
                    .mapToDouble(Forecast::seconds)
                    .average();
            mean.ifPresent(seconds -> finished.put(row.cell().label(), seconds));
        }
        List<Cell> unknown = results.cells().stream()
                .map(CellResults::cell)
                .filter(cell -> !finished.containsKey(cell.label()))
                .toList();
        return new Forecast(finished, unknown.isEmpty() ? null : measure(unknown));
    }

    private static double seconds(@Nullable Run run) {
        return run == null || run.ended() == null
                ? 0
                : Duration.between(run.created(), run.ended()).toNanos() / 1e9;
    }

    private static Speed measure(List<Cell> cells) {
        Comparator<Cell> byWork =
                Comparator.comparingDouble(c -> Estimates.of(c.experiment()).stepFlops());
        Experiment least = cells.stream().min(byWork).orElseThrow().experiment();
        Experiment most = cells.stream().max(byWork).orElseThrow().experiment();
        double few = Estimates.of(least).stepFlops();
        double many = Estimates.of(most).stepFlops();
        double quick = secondsAStep(least);
        if (many < 1.5 * few) {
            return new Speed(0, quick / few);
        }
        double aFlop = Math.max(0, (secondsAStep(most) - quick) / (many - few));
        return new Speed(Math.max(0, quick - aFlop * few), aFlop);
    }

    private static double secondsAStep(Experiment experiment) {
        try (Training training = Training.begin(experiment)) {
            for (long end = System.nanoTime() + WARM_NANOS; System.nanoTime() < end; ) {
                training.update();
            }
            long begin = System.nanoTime();
            int steps = 0;
            do {
                training.update();
                steps++;
            } while (System.nanoTime() - begin < MEASURED_NANOS);
            return (System.nanoTime() - begin) / 1e9 / steps;
        }
    }

    /** Whether it is known from finished runs of the cell. */
    public boolean isFromRuns(Cell cell) {
        return finished.containsKey(cell.label());
    }

    /** Seconds for one run of the cell on one core that it has for itself. */
    public double seconds(Cell cell) {
        @Nullable Double known = finished.get(cell.label());
        if (known != null) {
            return known;
        }
        if (speed == null) {
            throw new IllegalStateException("the cell is not of the sweep that was measured");
        }
        Estimates needs = Estimates.of(cell.experiment());
        double steps = cell.experiment().train().steps();
        return steps * (speed.atLeast() + speed.aFlop() * needs.stepFlops())
                + needs.evaluations() * (2 * speed.atLeast() + speed.aFlop() * needs.evaluationFlops());
    }
}
