package hooke.sweep.measures;

import hooke.config.task.TaskConfig;
import hooke.config.task.TextScore;
import hooke.stats.TimeToEvent;
import hooke.store.RunReader;
import hooke.store.series.Series;
import hooke.sweep.SweepRun;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * One run, measured from every point of its accuracies.
 *
 * @param times by goal; empty for a run that failed or was not begun. A run that still trains, or was interrupted, counts as censored at
 *     its step so far: leaving it out would leave out the slow ones
 * @param stability after the main goal; empty where that was not reached
 * @param train accuracy at the steps of the sweep's grid: that of the last evaluation; after the end of a run that stopped because it had
 *     reached its target, its last one; NaN after the end of any other
 * @param test accuracy at the steps of the grid, as {@code train}
 * @param bits per byte of the test set at the steps of the grid; empty where the task is no text
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record RunMeasures(
        SweepRun run,
        Map<Goal.Kind, TimeToEvent> times,
        Optional<Stability> stability,
        float[] train,
        float[] test,
        float[] bits) {
    private static final String BITS = "test_" + TextScore.BITS_PER_BYTE;
    private static final float[] NONE = {};

    /**
     * @param reader the run in the store, null if it was not begun
     * @param goals the last is the main one
     */
    static RunMeasures of(SweepRun run, @Nullable RunReader reader, List<Goal> goals, long[] grid) {
        boolean hasCurves = reader != null && reader.seriesNames().contains("test_accuracy");
        if (reader == null || run.status() == SweepRun.Status.FAILED || !hasCurves) {
            return new RunMeasures(run, Map.of(), Optional.empty(), NONE, NONE, NONE);
        }
        Series train = reader.series("train_accuracy");
        Series test = reader.series("test_accuracy");
        boolean diverged = hasDiverged(run);
        long end = end(run);
        Map<Goal.Kind, TimeToEvent> times = new EnumMap<>(Goal.Kind.class);
        Optional<Stability> stability = Optional.empty();
        for (Goal goal : goals) {
            if (!reader.seriesNames().contains(goal.series())) {
                continue;
            }
            Series series = goal.series().equals(test.name())
                    ? test
                    : goal.series().equals(train.name()) ? train : reader.series(goal.series());
            times.put(goal.kind(), goal.time(series.steps(), series.values(), end, diverged));
            stability = Stability.after(goal, series.steps(), series.values());
        }
        boolean stopped = times.get(Goal.Kind.REACHED) instanceof TimeToEvent.Reached;
        return new RunMeasures(
                run,
                Collections.unmodifiableMap(times),
                stability,
                sampled(train, grid, end, stopped),
                sampled(test, grid, end, stopped),
                reader.seriesNames().contains(BITS) ? sampled(reader.series(BITS), grid, end, stopped) : NONE);
    }

    private static boolean hasDiverged(SweepRun run) {
        return run.end().filter(SweepRun.Ending::diverged).isPresent();
    }

    /** Updates done: where it ended or diverged, or how far it is. */
    private static long end(SweepRun run) {
        return run.end()
                .map(e -> e.stopped() instanceof TimeToEvent.Diverged d ? (long) d.at() : e.step())
                .orElse(run.step());
    }

    private static float[] sampled(Series series, long[] grid, long end, boolean stopped) {
        float[] sampled = new float[grid.length];
        int next = 0;
        for (int g = 0; g < grid.length; g++) {
            while (next < series.size() && series.steps()[next] <= grid[g]) {
                next++;
            }
            boolean known = next > 0 && (grid[g] <= end || stopped);
            sampled[g] = known ? (float) series.values()[next - 1] : Float.NaN;
        }
        return sampled;
    }

    public Optional<TimeToEvent> time(Goal.Kind kind) {
        return Optional.ofNullable(times.get(kind));
    }

    /** A figure at the end; empty unless the run is done and did not diverge. */
    OptionalDouble end(EndFigure figure, TaskConfig task) {
        return run.end()
                .filter(end -> !end.diverged())
                .map(end -> figure.of(task, end))
                .orElse(OptionalDouble.empty());
    }

    /** Whether it was begun and is neither done nor failed. */
    public boolean isUnfinished() {
        return run.status() == SweepRun.Status.RUNNING || run.status() == SweepRun.Status.STOPPED;
    }
}
