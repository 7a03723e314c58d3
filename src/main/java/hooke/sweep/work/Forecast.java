package hooke.sweep.work;

import hooke.config.Estimates;
import hooke.config.Experiment;
import hooke.store.Run;
import hooke.sweep.Cell;
import hooke.sweep.CellResults;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import hooke.sweep.SweepRun.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * How long runs will take on this machine: as the finished runs of the same cell did, on average, or else all their steps and evaluations
 * by their FLOPs, at the speed that the cells with the fewest and the most FLOPs a step were measured to have. A run that stops early
 * takes less; what checkpoints and the store take is not in it.
 */
public final class Forecast {
    private final SweepResults results;
    private final Map<String, Double> finished;
    private final @Nullable Speed speed;

    private Forecast(SweepResults results, Map<String, Double> finished, @Nullable Speed speed) {
        this.results = results;
        this.finished = finished;
        this.speed = speed;
    }

    /** Seconds of something: so many in any case, and so many a FLOP. */
    private record Line(double atLeast, double aFlop) {
        double at(double flops) {
            return atLeast + aFlop * flops;
        }

        /** Through what was measured at the fewest and at the most FLOPs, which may be one. */
        static Line through(double few, double quick, double many, double slow) {
            if (many < 1.5 * few) {
                return new Line(0, Math.max(quick / few, slow / many));
            }
            double aFlop = Math.max(0, (slow - quick) / (many - few));
            return new Line(Math.max(0, quick - aFlop * few), aFlop);
        }
    }

    /** @param start seconds until a new process trains at its speed */
    private record Speed(double start, double begin, Line update, Line evaluation) {}

    /**
     * Measures, unless every cell has a finished run.
     *
     * @param measure some experiments, one after another in a process that is new; empty if that cannot be done
     */
    public static Forecast of(SweepResults results, Function<List<Experiment>, Optional<List<StepTime>>> measure) {
        Map<String, Double> finished = new HashMap<>();
        for (CellResults row : results.cells()) {
            OptionalDouble mean = row.runs().stream()
                    .map(SweepRun::stored)
                    .filter(run -> run != null && run.status() == Run.Status.DONE && run.parts() == 1)
                    .mapToDouble(Forecast::seconds)
                    .average();
            mean.ifPresent(seconds -> finished.put(row.cell().label(), seconds));
        }
        List<Experiment> unknown = results.cells().stream()
                .filter(row -> left(row) > 0)
                .map(CellResults::cell)
                .filter(cell -> !finished.containsKey(cell.label()))
                .map(Cell::experiment)
                .toList();
        return new Forecast(results, finished, unknown.isEmpty() ? null : speed(unknown, measure));
    }

    private static double seconds(@Nullable Run run) {
        return run == null || run.ended() == null
                ? 0
                : Duration.between(run.created(), run.ended()).toNanos() / 1e9;
    }

    private static @Nullable Speed speed(
            List<Experiment> all, Function<List<Experiment>, Optional<List<StepTime>>> measure) {
        Comparator<Experiment> byWork =
                Comparator.comparingDouble(e -> Estimates.of(e).stepFlops());
        Experiment least = all.stream().min(byWork).orElseThrow();
        Experiment most = all.stream().max(byWork).orElseThrow();
        List<Experiment> both = least.equals(most) ? List.of(least) : List.of(least, most);
        return measure.apply(both)
                .map(times -> new Speed(
                        times.getFirst().start(),
                        times.stream().mapToDouble(StepTime::begin).max().orElse(0),
                        line(both, times, Estimates::stepFlops, StepTime::update),
                        line(both, times, Estimates::evaluationFlops, StepTime::evaluation)))
                .orElse(null);
    }

    private static Line line(
            List<Experiment> measured,
            List<StepTime> times,
            ToDoubleFunction<Estimates> flops,
            ToDoubleFunction<StepTime> seconds) {
        return Line.through(
                flops.applyAsDouble(Estimates.of(measured.getFirst())),
                seconds.applyAsDouble(times.getFirst()),
                flops.applyAsDouble(Estimates.of(measured.getLast())),
                seconds.applyAsDouble(times.getLast()));
    }

    private static long left(CellResults row) {
        return row.runs().size() - row.count(Status.DONE);
    }

    /** Whether it is known from finished runs of the cell. */
    public boolean isFromRuns(Cell cell) {
        return finished.containsKey(cell.label());
    }

    /** Seconds for one run of the cell; empty where nothing could be measured. */
    public OptionalDouble seconds(Cell cell) {
        @Nullable Double known = finished.get(cell.label());
        if (known != null) {
            return OptionalDouble.of(known);
        }
        if (speed == null) {
            return OptionalDouble.empty();
        }
        Estimates needs = Estimates.of(cell.experiment());
        return OptionalDouble.of(speed.begin()
                + cell.experiment().train().steps() * speed.update().at(needs.stepFlops())
                + needs.evaluations() * speed.evaluation().at(needs.evaluationFlops()));
    }

    /** Seconds until a new worker trains at its speed; empty where that was not measured. */
    public OptionalDouble start() {
        return speed == null ? OptionalDouble.empty() : OptionalDouble.of(speed.start());
    }

    /** Seconds until so many workers, who take one run after another, have done all that is left; empty where a cell is not known. */
    public OptionalDouble all(int workers) {
        var free = new PriorityQueue<Double>();
        for (int i = 0; i < workers; i++) {
            free.add(start().orElse(0));
        }
        double end = 0;
        for (CellResults row : inTurn()) {
            OptionalDouble run = seconds(row.cell());
            if (run.isEmpty()) {
                return OptionalDouble.empty();
            }
            double done = free.remove() + run.getAsDouble();
            free.add(done);
            end = Math.max(end, done);
        }
        return OptionalDouble.of(end);
    }

    /** The cell of each run that is left, of each seed all cells. */
    private List<CellResults> inTurn() {
        List<CellResults> all = new ArrayList<>();
        int seeds = results.sweep().seeds().size();
        for (int seed = 0; seed < seeds; seed++) {
            for (CellResults row : results.cells()) {
                if (row.runs().get(seed).status() != Status.DONE) {
                    all.add(row);
                }
            }
        }
        return all;
    }
}
