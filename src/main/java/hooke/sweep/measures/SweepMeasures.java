package hooke.sweep.measures;

import hooke.Check;
import hooke.config.Experiment;
import hooke.config.task.ByToken;
import hooke.config.task.TaskConfig;
import hooke.stats.Estimate;
import hooke.stats.Times;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * All runs of a sweep, measured: what its table and its report are made of.
 *
 * @param goals of the sweep's base; the last is the main one, which tables count
 * @param level of all intervals
 * @param grid steps at which the accuracies of all runs are sampled for curves
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record SweepMeasures(Sweep sweep, List<Goal> goals, double level, long[] grid, List<CellMeasures> cells) {
    private static final int LINEAR = 200;
    private static final int A_DECADE = 40;

    /**
     * How to measure.
     *
     * @param threshold of memorizing and grokking, instead of the experiment's
     * @param patience of memorizing and grokking, instead of the experiment's
     */
    public record Options(OptionalDouble threshold, OptionalInt patience, double level) {
        public static final Options DEFAULT = new Options(OptionalDouble.empty(), OptionalInt.empty(), 0.95);

        List<Goal> goals(Experiment experiment) {
            return Goal.of(experiment).stream()
                    .map(g -> g.kind() == Goal.Kind.REACHED
                            ? g
                            : g.with(threshold.orElse(g.threshold()), patience.orElse(g.patience())))
                    .toList();
        }
    }

    public SweepMeasures {
        cells = List.copyOf(cells);
        goals = List.copyOf(goals);
        Check.that(
                level > 0 && level < 1, "the level of intervals (%s) must lie between 0 and 1, 0.95 for 95%%", level);
    }

    /** Reads every point of the accuracies of every run. */
    public static SweepMeasures read(SweepResults results, Options options) {
        // Not the budget: where every run stopped early, most of the picture would be empty.
        long longest = Math.max(
                1,
                results.cells().stream()
                        .flatMap(c -> c.runs().stream())
                        .mapToLong(SweepRun::step)
                        .max()
                        .orElse(1));
        int every = results.cells().stream()
                .mapToInt(c -> c.cell().experiment().train().evaluateEvery())
                .min()
                .orElse(1);
        long[] grid = grid(longest, every);
        List<CellMeasures> cells = results.cells().stream()
                .map(c -> CellMeasures.of(
                        c.cell(),
                        c.runs().stream()
                                .map(run -> RunMeasures.of(
                                        run,
                                        results.reader(run),
                                        options.goals(c.cell().experiment()),
                                        grid))
                                .toList()))
                .toList();
        return new SweepMeasures(results.sweep(), options.goals(results.sweep().base()), options.level(), grid, cells);
    }

    /** Each evaluation where they are few; else dense enough for a picture with linear steps and for one with logarithmic ones. */
    private static long[] grid(long last, int every) {
        TreeSet<Long> steps = new TreeSet<>();
        if (last / every <= LINEAR) {
            for (long step = 0; step < last; step += every) {
                steps.add(step);
            }
            steps.add(last);
            return steps.stream().mapToLong(Long::longValue).toArray();
        }
        for (int i = 0; i <= LINEAR; i++) {
            steps.add(Math.round((double) last * i / LINEAR));
        }
        double decades = Math.log10(last);
        for (int i = 0; i <= decades * A_DECADE; i++) {
            steps.add(Math.round(Math.pow(10, (double) i / A_DECADE)));
        }
        return steps.stream().mapToLong(Long::longValue).filter(s -> s <= last).toArray();
    }

    /** What counts as reached in tables and survival curves: the stopping rule, or grokking where there is none. */
    public Goal mainGoal() {
        return goals.getLast();
    }

    /** The goals that tell of this sweep: none on a text without a stopping rule, which nobody expects to be guessed, or by unlike tokens. */
    public List<Goal> told() {
        boolean solvable = tasks().stream().anyMatch(TaskConfig::isSolvable);
        return goals.stream()
                .filter(goal -> solvable || goal.kind() == Goal.Kind.REACHED)
                .filter(goal -> !tokensDiffer() || !ByToken.counts(goal.series()))
                .toList();
    }

    /** Whether the main goal is one that tells. */
    public boolean hasGoal() {
        return told().contains(mainGoal());
    }

    /** The steps of a cell's runs to the main goal, where that tells. */
    public Optional<Times> times(CellMeasures cell) {
        return hasGoal() ? cell.times(mainGoal().kind()) : Optional.empty();
    }

    /** The median step of a cell's runs to a goal, at the sweep's level. */
    public Optional<Estimate> median(CellMeasures cell, Goal.Kind goal) {
        return cell.times(goal).map(times -> times.median(level));
    }

    /** The median over a cell's runs of what they end with, at the sweep's level. */
    public Optional<Estimate> median(CellMeasures cell, EndFigure end) {
        return cell.end(end).map(sample -> sample.median(level));
    }

    /** Runs of a cell whose loss stopped being a number, before the goal if there is one. */
    public int diverged(CellMeasures cell) {
        return hasGoal()
                ? times(cell).map(Times::diverged).orElse(0)
                : (int) cell.runs().stream()
                        .filter(r ->
                                r.run().end().filter(SweepRun.Ending::diverged).isPresent())
                        .count();
    }

    /** By what its runs are told apart at their end. */
    public List<EndFigure> ends() {
        return EndFigure.of(tasks());
    }

    /** Whether its texts are cut into different tokens, so that nothing that is counted by token compares. */
    public boolean tokensDiffer() {
        return ByToken.differs(tasks());
    }

    public List<TaskConfig> tasks() {
        return cells.stream().map(c -> c.cell().experiment().task()).toList();
    }

    /** In what its cells differ. */
    public List<Varied> varied() {
        return Varied.of(cells.stream().map(CellMeasures::cell).toList());
    }

    public int runs() {
        return cells.stream().mapToInt(c -> c.runs().size()).sum();
    }

    /** The steps to the main goal of all runs that have one. */
    public Optional<Times> times() {
        return CellMeasures.times(cells, mainGoal().kind());
    }
}
