package hooke.sweep;

import hooke.config.Estimates;
import hooke.config.Experiment;
import hooke.store.Run;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How long runs will take on this machine: as the finished runs of the same cell did, on average, or else by the FLOPs of all its steps and
 * by what the cells with the fewest and the most take for a step, measured for a second each. A run that stops early takes less.
 */
public final class Forecast {
    private final Map<String, Double> finished;
    private final @Nullable Speed speed;

    private Forecast(Map<String, Double> finished, @Nullable Speed speed) {
        this.finished = finished;
        this.speed = speed;
    }

    /** Seconds of a step: so many in any case, and so many a FLOP. */
    private record Speed(double atLeast, double aFlop) {}

    /**
     * Measures, unless every cell has a finished run.
     *
     * @param secondsAStep of each of some experiments, as {@link StepTime} measures it
     */
    public static Forecast of(SweepResults results, Function<List<Experiment>, List<Double>> secondsAStep) {
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
        return new Forecast(finished, unknown.isEmpty() ? null : measure(unknown, secondsAStep));
    }

    private static double seconds(@Nullable Run run) {
        return run == null || run.ended() == null
                ? 0
                : Duration.between(run.created(), run.ended()).toNanos() / 1e9;
    }

    private static Speed measure(List<Cell> cells, Function<List<Experiment>, List<Double>> secondsAStep) {
        Comparator<Experiment> byWork = Comparator.comparingDouble(Forecast::stepFlops);
        List<Experiment> all = cells.stream().map(Cell::experiment).toList();
        Experiment least = all.stream().min(byWork).orElseThrow();
        Experiment most = all.stream().max(byWork).orElseThrow();
        double few = stepFlops(least);
        double many = stepFlops(most);
        if (many < 1.5 * few) {
            return new Speed(0, secondsAStep.apply(List.of(least)).getFirst() / few);
        }
        List<Double> seconds = secondsAStep.apply(List.of(least, most));
        double quick = seconds.getFirst();
        double aFlop = Math.max(0, (seconds.getLast() - quick) / (many - few));
        return new Speed(Math.max(0, quick - aFlop * few), aFlop);
    }

    private static double stepFlops(Experiment experiment) {
        return Estimates.of(experiment).stepFlops();
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
