package hooke.sweep.measures;

import hooke.config.Parameter;
import hooke.stats.Sample;
import hooke.stats.TimeToEvent;
import hooke.stats.Times;
import hooke.sweep.Cell;
import hooke.sweep.SweepRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SequencedMap;

/**
 * One row of a sweep's table: a cell with the measures of its runs.
 *
 * @param parameters values in all weights, frozen ones too
 */
public record CellMeasures(Cell cell, long parameters, List<RunMeasures> runs) {
    public CellMeasures {
        runs = List.copyOf(runs);
    }

    static CellMeasures of(Cell cell, List<RunMeasures> runs) {
        return new CellMeasures(
                cell, Parameter.count(Parameter.of(cell.experiment().model()), false), runs);
    }

    /** Parameters by group: embed, attention, mlp, ... */
    public SequencedMap<String, Long> parametersByGroup() {
        SequencedMap<String, Long> groups = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(cell.experiment().model())) {
            groups.merge(parameter.group(), parameter.size(), Long::sum);
        }
        return groups;
    }

    /** The steps to a goal of all runs that have one; empty if no run does. */
    public Optional<Times> times(Goal.Kind kind) {
        return times(List.of(this), kind);
    }

    /** The steps to a goal of the runs of several cells; empty if none has one. */
    public static Optional<Times> times(List<CellMeasures> cells, Goal.Kind kind) {
        List<TimeToEvent> all = cells.stream()
                .flatMap(c -> c.runs().stream())
                .flatMap(run -> run.time(kind).stream())
                .toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(Times.of(all, "steps"));
    }

    /** A figure at the end of the runs that are done and did not diverge; empty if none is. */
    public Optional<Sample> end(EndFigure figure) {
        double[] values = runs.stream()
                .map(run -> end(figure, run))
                .filter(OptionalDouble::isPresent)
                .mapToDouble(OptionalDouble::getAsDouble)
                .toArray();
        return values.length == 0 ? Optional.empty() : Optional.of(Sample.of(values, ""));
    }

    /** Of one of its runs. */
    public OptionalDouble end(EndFigure figure, RunMeasures run) {
        return run.end(figure, cell.experiment().task());
    }

    /** How often its runs fell back after the main goal. */
    public int excursions() {
        return runs.stream()
                .flatMap(run -> run.stability().stream())
                .mapToInt(s -> s.excursions().size())
                .sum();
    }

    public int failed() {
        return (int) runs.stream()
                .filter(r -> r.run().status() == SweepRun.Status.FAILED)
                .count();
    }

    /** Runs that were begun and are neither done nor failed. */
    public int unfinished() {
        return (int) runs.stream().filter(RunMeasures::isUnfinished).count();
    }

    public int missing() {
        return (int) runs.stream()
                .filter(r -> r.run().status() == SweepRun.Status.MISSING)
                .count();
    }
}
