package hooke.cli.sweeps;

import hooke.config.Estimates;
import hooke.stats.Estimate;
import hooke.stats.Sample;
import hooke.stats.TimeToEvent;
import hooke.stats.Times;
import hooke.sweep.Cell;
import hooke.sweep.CellResults;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import hooke.sweep.measures.CellMeasures;
import hooke.sweep.measures.Goal;
import hooke.sweep.measures.Inert;
import hooke.sweep.measures.RunMeasures;
import hooke.sweep.measures.SweepMeasures;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What came of a sweep, for scripts: the keys that docs/sweeps.md lists. */
public final class SweepJson {
    private SweepJson() {}

    public static Map<String, Object> of(Measuring.Measured measured) {
        SweepMeasures sweep = measured.measures();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("sweep", sweep.sweep().name());
        json.put("level", sweep.level());
        json.put("goals", sweep.told().stream().map(SweepJson::goal).toList());
        json.put("cells", sweep.cells().stream().map(c -> cell(sweep, c)).toList());
        json.put("remarks", measured.remarks());
        return json;
    }

    /**
     * What is to be done.
     *
     * @param time how long that takes, a sentence
     */
    static Map<String, Object> plan(SweepResults results, Optional<String> time) {
        Map<String, Object> json = counts(results);
        json.put("cells", results.cells().stream().map(SweepJson::planned).toList());
        time.ifPresent(sentence -> json.put("time", sentence));
        return json;
    }

    /** What came of the training: how far each run is. */
    public static Map<String, Object> of(SweepResults results) {
        Map<String, Object> json = counts(results);
        json.put("cells", results.cells().stream().map(SweepJson::trained).toList());
        json.put("inert", Inert.find(results).stream().map(Inert::sentence).toList());
        return json;
    }

    private static Map<String, Object> counts(SweepResults results) {
        Map<String, Object> json = new LinkedHashMap<>();
        long done = results.count(SweepRun.Status.DONE);
        json.put("sweep", results.sweep().name());
        json.put("runs", results.sweep().size());
        json.put("done", done);
        json.put("failed", results.count(SweepRun.Status.FAILED));
        json.put("to_do", results.sweep().size() - done);
        return json;
    }

    private static Map<String, Object> planned(CellResults row) {
        Estimates needs = Estimates.of(row.cell().experiment());
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cell", row.cell().label());
        json.put("settings", settings(row.cell()));
        json.put("parameters", needs.parameters());
        json.put("flops_a_step", needs.stepFlops());
        json.put("runs", row.runs().size());
        json.put("done", row.count(SweepRun.Status.DONE));
        return json;
    }

    private static Map<String, Object> trained(CellResults row) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cell", row.cell().label());
        json.put("settings", settings(row.cell()));
        json.put("seeds", row.runs().stream().map(SweepJson::seed).toList());
        return json;
    }

    private static Map<String, Object> seed(SweepRun run) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("seed", run.seed());
        json.put("run", run.address());
        json.put("status", run.status().name().toLowerCase(Locale.ROOT));
        Optional.ofNullable(run.failure()).ifPresent(why -> json.put("failure", why));
        return json;
    }

    private static Map<String, Object> goal(Goal goal) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("name", name(goal.kind()));
        json.put("metric", goal.series());
        json.put("threshold", goal.threshold());
        json.put("or_equal", goal.orEqual());
        json.put("patience", goal.patience());
        return json;
    }

    private static String name(Goal.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private static Map<String, Object> cell(SweepMeasures sweep, CellMeasures cell) {
        Optional<Times> times = sweep.times(cell);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("cell", cell.cell().label());
        json.put("settings", settings(cell.cell()));
        json.put("parameters", cell.parameters());
        json.put("runs", cell.runs().size());
        json.put("reached", times.map(Times::reached).orElse(0));
        json.put("censored", times.map(Times::censored).orElse(0));
        json.put("diverged", sweep.diverged(cell));
        json.put("failed", cell.failed());
        json.put("unfinished", cell.unfinished());
        json.put("missing", cell.missing());
        Map<String, Object> steps = new LinkedHashMap<>();
        sweep.told()
                .forEach(goal -> sweep.median(cell, goal.kind())
                        .ifPresent(median -> steps.put(name(goal.kind()), figure(median))));
        json.put("steps", steps);
        sweep.ends()
                .forEach(end -> json.put(
                        end.series(),
                        cell.end(end).map(s -> sample(s, sweep.level())).orElse(Map.of())));
        json.put("seeds", cell.runs().stream().map(run -> run(sweep, cell, run)).toList());
        return json;
    }

    /** What tells the cell from others: numbers and truth values as such. */
    static Map<String, Object> settings(Cell cell) {
        Map<String, Object> json = new LinkedHashMap<>();
        cell.axes().forEach((key, value) -> json.put(key, typed(value)));
        return json;
    }

    private static Object typed(String value) {
        return value.matches("-?[0-9]{1,18}")
                ? (Object) Long.valueOf(value)
                : value.matches("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,3})?")
                        ? (Object) Double.valueOf(value)
                        : value.matches("true|false") ? (Object) Boolean.valueOf(value) : value;
    }

    private static Map<String, Object> figure(Estimate e) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("median", e.value());
        if (e.hasInterval()) {
            json.put("low", e.low());
            json.put("high", e.high());
        }
        json.put("n", e.n());
        return json;
    }

    private static Map<String, Object> sample(Sample sample, double level) {
        Estimate median = sample.median(level);
        Map<String, Object> json = figure(median);
        if (median.hasInterval()) {
            json.put("level", median.level());
        }
        json.put("smallest", sample.smallest());
        json.put("largest", sample.largest());
        return json;
    }

    private static Map<String, Object> run(SweepMeasures sweep, CellMeasures cell, RunMeasures run) {
        Map<String, Object> json = seed(run.run());
        sweep.told().forEach(goal -> run.time(goal.kind()).ifPresent(time -> json.put(name(goal.kind()), time(time))));
        sweep.ends().forEach(end -> cell.end(end, run).ifPresent(value -> json.put(end.series(), value)));
        return json;
    }

    private static Map<String, Object> time(TimeToEvent time) {
        Map<String, Object> json = new LinkedHashMap<>();
        switch (time) {
            case TimeToEvent.Reached r -> {
                json.put("outcome", "reached");
                json.put("step", (long) r.step());
                json.put("last_below", (long) r.lastBelow());
            }
            case TimeToEvent.Censored c -> {
                json.put("outcome", "censored");
                json.put("step", (long) c.at());
            }
            case TimeToEvent.Diverged d -> {
                json.put("outcome", "diverged");
                json.put("step", (long) d.at());
            }
        }
        return json;
    }
}
