package hooke.cli.sweeps;

import hooke.cli.terminal.Csv;
import hooke.stats.Estimate;
import hooke.stats.Sample;
import hooke.stats.TimeToEvent;
import hooke.stats.Times;
import hooke.sweep.Cell;
import hooke.sweep.measures.CellMeasures;
import hooke.sweep.measures.EndFigure;
import hooke.sweep.measures.Goal;
import hooke.sweep.measures.RunMeasures;
import hooke.sweep.measures.Stability;
import hooke.sweep.measures.SweepMeasures;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** A sweep as CSV, for programs. */
record SweepCsv(SweepMeasures sweep) {
    /** A line a cell, every figure with its interval in columns of its own; {@code inf} is a time that was not reached. */
    String cells() {
        List<String> keys = keys();
        var out = new StringBuilder("cell,");
        keys.forEach(key -> out.append(Csv.cell(key)).append(','));
        out.append("parameters,runs,reached,censored,diverged,failed,unfinished,missing,level");
        sweep.told().forEach(goal -> {
            for (String part : List.of("median", "low", "high")) {
                out.append(',').append(name(goal)).append("_step_").append(part);
            }
        });
        sweep.ends().forEach(end -> {
            for (String part : List.of("n", "median", "low", "high", "level", "smallest", "largest")) {
                out.append(',').append(end.series()).append('_').append(part);
            }
        });
        out.append(",excursions\n");
        for (CellMeasures c : sweep.cells()) {
            List<String> cells = new ArrayList<>(List.of(c.cell().label()));
            keys.forEach(key -> cells.add(c.cell().axes().getOrDefault(key, "")));
            Optional<Times> times = sweep.times(c);
            for (int count : new int[] {
                (int) c.parameters(),
                c.runs().size(),
                times.map(Times::reached).orElse(0),
                times.map(Times::censored).orElse(0),
                sweep.diverged(c),
                c.failed(),
                c.unfinished(),
                c.missing()
            }) {
                cells.add(String.valueOf(count));
            }
            cells.add(Csv.number(sweep.level()));
            sweep.told().forEach(goal -> cells.addAll(figures(sweep.median(c, goal.kind()))));
            for (EndFigure end : sweep.ends()) {
                cells.add(String.valueOf(c.end(end).map(Sample::n).orElse(0)));
                cells.addAll(figures(sweep.median(c, end)));
                cells.add(sweep.median(c, end).map(e -> Csv.number(e.level())).orElse(""));
                cells.add(c.end(end).map(s -> Csv.number(s.smallest())).orElse(""));
                cells.add(c.end(end).map(s -> Csv.number(s.largest())).orElse(""));
            }
            cells.add(String.valueOf(c.excursions()));
            out.append(Csv.line(cells));
        }
        return out.toString();
    }

    private static List<String> figures(Optional<Estimate> estimate) {
        return estimate.map(e -> List.of(Csv.number(e.value()), Csv.number(e.low()), Csv.number(e.high())))
                .orElse(List.of("", "", ""));
    }

    private static String name(Goal goal) {
        return goal.kind().name().toLowerCase(Locale.ROOT);
    }

    private List<String> keys() {
        Set<String> keys = new LinkedHashSet<>();
        sweep.cells().forEach(c -> keys.addAll(c.cell().axes().keySet()));
        return List.copyOf(keys);
    }

    /** A line a run: each time with its kind and the evaluation before it, and how the run held after its main goal. */
    String runs() {
        List<String> keys = keys();
        var out = new StringBuilder("cell,seed,run,status,");
        keys.forEach(key -> out.append(Csv.cell(key)).append(','));
        out.append("parameters");
        sweep.told().forEach(goal -> {
            for (String part : List.of("", "_step", "_last_below")) {
                out.append(',').append(name(goal)).append(part);
            }
        });
        sweep.ends().forEach(end -> out.append(',').append(end.series()));
        out.append(",evaluations_after,share_above,excursions,deepest,longest,failure\n");
        for (CellMeasures c : sweep.cells()) {
            for (RunMeasures run : c.runs()) {
                out.append(Csv.line(line(c.cell(), c, run, keys)));
            }
        }
        return out.toString();
    }

    private List<String> line(Cell cell, CellMeasures measures, RunMeasures run, List<String> keys) {
        List<String> cells = new ArrayList<>(List.of(
                cell.label(),
                String.valueOf(run.run().seed()),
                run.run().address(),
                run.run().status().name().toLowerCase(Locale.ROOT)));
        keys.forEach(key -> cells.add(measures.cell().axes().getOrDefault(key, "")));
        cells.add(String.valueOf(measures.parameters()));
        sweep.told()
                .forEach(goal ->
                        cells.addAll(run.time(goal.kind()).map(SweepCsv::time).orElse(List.of("", "", ""))));
        for (EndFigure end : sweep.ends()) {
            OptionalDouble value = measures.end(end, run);
            cells.add(value.isPresent() ? Csv.number(value.getAsDouble()) : "");
        }
        Optional<Stability> s = run.stability();
        cells.add(s.map(x -> String.valueOf(x.evaluations())).orElse(""));
        cells.add(s.map(x -> Csv.number(x.share())).orElse(""));
        cells.add(s.map(x -> String.valueOf(x.excursions().size())).orElse(""));
        cells.add(s.map(x -> Csv.number(x.depth())).orElse(""));
        cells.add(s.map(x -> String.valueOf(x.length())).orElse(""));
        String failure = run.run().failure();
        cells.add(failure == null ? "" : failure);
        return cells;
    }

    private static List<String> time(TimeToEvent time) {
        return switch (time) {
            case TimeToEvent.Reached r -> List.of("reached", Csv.number(r.step()), Csv.number(r.lastBelow()));
            case TimeToEvent.Censored c -> List.of("censored", Csv.number(c.at()), "");
            case TimeToEvent.Diverged d -> List.of("diverged", Csv.number(d.at()), "");
        };
    }
}
