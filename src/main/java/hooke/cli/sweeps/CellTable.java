package hooke.cli.sweeps;

import hooke.Amounts;
import hooke.Check;
import hooke.Decimals;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.ModelConfig;
import hooke.config.task.ByToken;
import hooke.stats.Estimate;
import hooke.stats.Sample;
import hooke.stats.Times;
import hooke.sweep.measures.CellMeasures;
import hooke.sweep.measures.EndFigure;
import hooke.sweep.measures.Goal;
import hooke.sweep.measures.SweepMeasures;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A sweep as a table of cells, for people and for markdown. */
final class CellTable {
    private static final String RANGE = "from smallest to largest";

    private final SweepMeasures sweep;

    CellTable(SweepMeasures sweep) {
        this.sweep = sweep;
    }

    /**
     * A column.
     *
     * @param worth the lower, the sooner it is shown where there is no room for all: what came out stands before what was varied
     */
    private record Column(String name, int worth, Function<CellMeasures, String> of) {}

    /** For a terminal: the columns that were asked for, or those that fit its lines; what the figures are stands below. */
    String text(Terminal terminal, List<String> asked) {
        List<Column> columns = columns();
        TextTable table = table(columns);
        List<Integer> kept = asked.isEmpty()
                ? table.fitting(
                        terminal.width(),
                        IntStream.range(0, columns.size())
                                .boxed()
                                .sorted(Comparator.comparingInt(
                                        i -> columns.get(i).worth()))
                                .toList())
                : asked(columns, asked);
        var out = new StringBuilder(table.of(kept).text("")).append('\n');
        if (asked.isEmpty() && kept.size() < columns.size()) {
            out.append(terminal.wrapped("Not shown, for lack of space: "
                            + IntStream.range(0, columns.size())
                                    .filter(i -> !kept.contains(i))
                                    .mapToObj(i -> columns.get(i).name())
                                    .collect(Collectors.joining(", "))
                            + " (--columns all shows them)."))
                    .append('\n');
        }
        foot(name -> kept.stream().anyMatch(i -> columns.get(i).name().equals(name)))
                .forEach(line -> out.append(terminal.wrapped(line)).append('\n'));
        return out.toString();
    }

    /** For a document; a sweep over list copies has the columns and names of the original study's table first. */
    String markdown(List<String> asked) {
        List<Column> columns = isListCopy() ? originals() : columns();
        TextTable table = table(columns);
        return (asked.isEmpty() ? table : table.of(asked(columns, asked))).markdown() + "\n"
                + String.join("\n", foot(_ -> true)) + "\n";
    }

    /** The columns of those names. */
    private static List<Integer> asked(List<Column> columns, List<String> asked) {
        if (asked.equals(List.of("all"))) {
            return IntStream.range(0, columns.size()).boxed().toList();
        }
        List<String> names = columns.stream().map(Column::name).toList();
        return asked.stream()
                .map(name -> {
                    Check.that(
                            names.contains(name),
                            "--columns %s: this table has no such column%s; it has %s",
                            name,
                            Check.didYouMean(name, names),
                            String.join(", ", names));
                    return names.indexOf(name);
                })
                .distinct()
                .toList();
    }

    private TextTable table(List<Column> columns) {
        TextTable table = TextTable.of(columns.stream().map(Column::name).toArray(String[]::new));
        sweep.cells()
                .forEach(c -> table.row(
                        columns.stream().map(column -> column.of().apply(c)).toList()));
        return table;
    }

    private List<Column> columns() {
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("cell", 0, c -> c.cell().label()));
        sweep.varied().forEach(v -> columns.add(new Column(v.word(), v.isInLabels() ? 12 : 2, c -> v.shown(c.cell()))));
        optional(columns, "parameters", 10, c -> Amounts.count(c.parameters()));
        results(columns);
        return columns;
    }

    private void results(List<Column> columns) {
        columns.add(new Column("runs", 8, c -> Amounts.count(c.runs().size())));
        if (sweep.hasGoal()) {
            columns.add(new Column(
                    "reached",
                    2,
                    c -> Amounts.count(sweep.times(c).map(Times::reached).orElse(0))));
        }
        count(columns, "censored", 7, c -> sweep.times(c).map(Times::censored).orElse(0));
        count(columns, "diverged", 4, sweep::diverged);
        count(columns, "failed", 4, CellMeasures::failed);
        count(columns, "unfinished", 4, CellMeasures::unfinished);
        count(columns, "missing", 4, CellMeasures::missing);
        for (Goal goal : sweep.told()) {
            boolean bare = sweep.cells().stream().noneMatch(c -> hasInterval(sweep.median(c, goal.kind())));
            columns.add(new Column(
                    stepTo(goal),
                    goal.equals(sweep.mainGoal()) ? 1 : 9,
                    c -> sweep.median(c, goal.kind())
                            .map(e -> bare ? e.figure() : e.brief())
                            .orElse("")));
        }
        for (EndFigure end : sweep.ends()) {
            boolean bare = sweep.cells().stream().noneMatch(c -> hasInterval(sweep.median(c, end)));
            columns.add(new Column(
                    end.title(),
                    sweep.hasGoal() || !end.equals(sweep.ends().getFirst()) ? 5 : 1,
                    c -> sweep.median(c, end).map(e -> shown(end, e, bare)).orElse("")));
        }
        sweep.ends().stream()
                .limit(1)
                .filter(end -> sweep.cells().stream()
                        .anyMatch(c -> c.end(end).map(Sample::n).orElse(0) > 1))
                .forEach(end -> columns.add(new Column(
                        RANGE, 13, c -> c.end(end).map(s -> range(end, s)).orElse(""))));
        count(columns, "fell below", 11, CellMeasures::excursions);
    }

    /** A column that is there only where cells differ in it. */
    private void optional(List<Column> columns, String name, int worth, Function<CellMeasures, String> of) {
        if (sweep.cells().size() == 1
                || sweep.cells().stream().map(of).distinct().count() > 1) {
            columns.add(new Column(name, worth, of));
        }
    }

    /** A column that is there only if it is not 0 everywhere. */
    private void count(List<Column> columns, String name, int worth, Function<CellMeasures, Integer> count) {
        if (sweep.cells().stream().anyMatch(c -> count.apply(c) > 0)) {
            columns.add(new Column(name, worth, c -> Amounts.count(count.apply(c))));
        }
    }

    private static String stepTo(Goal goal) {
        return "step to " + goal.kind().verb();
    }

    private static boolean hasInterval(Optional<Estimate> estimate) {
        return estimate.filter(Estimate::hasInterval).isPresent();
    }

    /** Four decimals throughout, so that columns can be compared at a glance. */
    private static String shown(EndFigure end, Estimate e, boolean bare) {
        String value = shown(end, e.value());
        return e.hasInterval()
                ? value + " [" + shown(end, e.low()) + ", " + shown(end, e.high()) + "]"
                : bare ? value : value + " " + Estimate.NO_INTERVAL;
    }

    private static String range(EndFigure end, Sample sample) {
        return shown(end, sample.smallest()) + " to " + shown(end, sample.largest());
    }

    private static String shown(EndFigure end, double value) {
        return end.isShare() ? Amounts.percent(value) : Decimals.format("%.4f", value);
    }

    /** What the figures of the columns shown are, and which error their intervals speak of. */
    private List<String> foot(Predicate<String> shown) {
        String level = Amounts.figure(sweep.level() * 100).replaceAll("\\.?0+$", "") + "%";
        Set<Integer> every = sweep.cells().stream()
                .map(c -> c.cell().experiment().train().evaluateEvery())
                .collect(Collectors.toCollection(java.util.TreeSet::new));
        List<String> lines = new ArrayList<>();
        if (sweep.hasGoal()) {
            lines.add("Reached: " + sweep.mainGoal().text() + ".");
            lines.add("Steps: Kaplan-Meier median [" + level
                    + " log-log interval] over all runs that were started and did not fail; a step is"
                    + " that of the first evaluation that shows it, up to "
                    + every.stream().map(Amounts::count).collect(Collectors.joining(" or "))
                    + " steps late.");
        }
        String ends = sweep.ends().stream().map(EndFigure::title).filter(shown).collect(Collectors.joining(", "));
        if (!ends.isEmpty()) {
            lines.add(ends.substring(0, 1).toUpperCase(Locale.ROOT) + ends.substring(1)
                    + ": median [order-statistic interval of at most " + level + "; " + attained()
                    + "] of the last evaluations of runs that are done and did not diverge"
                    + (shown.test(RANGE)
                            ? "; from smallest to largest: the spread of "
                                    + sweep.ends().getFirst().title() + "."
                            : "."));
        }
        if (sweep.tokensDiffer()) {
            lines.add("Not shown: " + ByToken.DIFFERS + ".");
        }
        long unfinished =
                sweep.cells().stream().mapToInt(CellMeasures::unfinished).sum();
        if (unfinished > 0) {
            lines.add("Unfinished runs count as censored at the step they are at.");
        }
        if (shown.test("fell below") && sweep.cells().stream().anyMatch(c -> c.excursions() > 0)) {
            lines.add(
                    "Fell below: how often, over all runs, the accuracy fell below the threshold again after it was reached.");
        }
        boolean dashes = sweep.cells().stream()
                .anyMatch(c -> Stream.concat(
                                sweep.told().stream()
                                        .filter(goal -> shown.test(stepTo(goal)))
                                        .flatMap(goal -> sweep.median(c, goal.kind()).stream()),
                                sweep.ends().stream()
                                        .filter(end -> shown.test(end.title()))
                                        .flatMap(end -> sweep.median(c, end).stream()))
                        .anyMatch(e -> !e.hasInterval()));
        if (dashes) {
            lines.add(Estimate.NO_INTERVAL + ", or no interval at all: too few runs to define one.");
        }
        return lines;
    }

    private String attained() {
        int most = sweep.cells().stream()
                .flatMap(c -> sweep.ends().stream().flatMap(end -> c.end(end).stream()))
                .mapToInt(Sample::n)
                .max()
                .orElse(0);
        return most < 2
                ? "not defined for a single run"
                : most < 6
                        ? "with " + most + " runs "
                                + Amounts.figure(100 * (1 - Math.pow(2, 1 - most)))
                                        .replaceFirst("\\.?0+$", "") + "%"
                        : "95% needs 6 runs";
    }

    private boolean isListCopy() {
        return sweep.cells().stream()
                .allMatch(c -> c.cell().experiment().task().listCopy().isPresent());
    }

    /** The columns of the original list-copy study, with what belongs to a figure behind it. */
    private List<Column> originals() {
        Function<CellMeasures, ModelConfig> model = c -> c.cell().experiment().model();
        Map<String, Function<CellMeasures, String>> of = new LinkedHashMap<>();
        of.put("name", c -> originalName(model.apply(c)));
        of.put("n_layers", c -> String.valueOf(model.apply(c).nLayers()));
        of.put("n_heads", c -> String.valueOf(model.apply(c).nHeads()));
        of.put("d_model", c -> String.valueOf(model.apply(c).dModel()));
        of.put("ln", c -> python(model.apply(c).norm().normalises()));
        of.put("use_bias", c -> python(model.apply(c).biases() == ModelConfig.Biases.TRAINED));
        of.put("freeze_wv", c -> python(model.apply(c).identity().contains(ModelConfig.Identity.W_V)));
        of.put("freeze_wo", c -> python(model.apply(c).identity().contains(ModelConfig.Identity.W_O)));
        of.put(
                "weight_decay",
                c -> String.valueOf(c.cell().experiment().train().optimizer().weightDecay()));
        of.put(
                "val_acc",
                c -> sweep.median(c, EndFigure.TEST_ACCURACY)
                        .map(e -> String.format(Locale.ROOT, "%.4f", e.value()))
                        .orElse(""));
        of.put(
                "val_acc interval",
                c -> sweep.median(c, EndFigure.TEST_ACCURACY)
                        .filter(Estimate::hasInterval)
                        .map(e -> String.format(Locale.ROOT, "%.4f to %.4f", e.low(), e.high()))
                        .orElse(""));
        List<Column> columns = new ArrayList<>();
        of.forEach((name, value) -> columns.add(new Column(name, 0, value)));
        sweep.varied().stream()
                .filter(v -> !of.containsKey(v.word()))
                .forEach(v -> columns.add(new Column(v.word(), 0, c -> v.shown(c.cell()))));
        results(columns);
        columns.removeIf(column -> column.name().equals(EndFigure.TEST_ACCURACY.title())); // val_acc
        return columns;
    }

    private static String originalName(ModelConfig m) {
        return "d" + m.dModel() + "_" + m.nLayers() + "L_"
                + (m.norm().normalises() ? "LN" : "noLN")
                + (m.biases() == ModelConfig.Biases.TRAINED ? "_Bias" : "_noBias")
                + (m.identity().contains(ModelConfig.Identity.W_V) ? "_fWV" : "_uWV")
                + (m.identity().contains(ModelConfig.Identity.W_O) ? "_fWO" : "_uWO");
    }

    private static String python(boolean value) {
        return value ? "True" : "False";
    }
}
