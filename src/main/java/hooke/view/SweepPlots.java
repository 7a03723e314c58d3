package hooke.view;

import hooke.stats.Estimate;
import hooke.stats.KaplanMeier;
import hooke.stats.LogRank;
import hooke.stats.Sample;
import hooke.stats.TimeToEvent;
import hooke.stats.Times;
import hooke.sweep.CellMeasures;
import hooke.sweep.Goal;
import hooke.sweep.Importance;
import hooke.sweep.Panel;
import hooke.sweep.RunMeasures;
import hooke.sweep.SweepMeasures;
import hooke.view.BandPlot.Ribbon;
import hooke.view.ParallelPlot.Dimension;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** The plots of a sweep's report. */
public final class SweepPlots {
    /** So many settings are paired in heat maps: three pairs. */
    private static final int MAPPED = 3;

    private static final int NAMED = 14;

    private final SweepMeasures sweep;
    private final List<Panel> panels;
    private final Importance importance;
    private final Axis steps;

    SweepPlots(SweepMeasures sweep, List<Panel> panels, Importance importance) {
        this.sweep = sweep;
        this.panels = List.copyOf(panels);
        this.importance = importance;
        // What a sweep compares lies late, near the budget, where a logarithm leaves no room.
        this.steps = new Axis("step", Axis.Format.COUNT, List.of(Scale.LINEAR, Scale.LOG1P), List.of());
    }

    /** Every plot, for pictures. */
    public static List<Plot> of(SweepMeasures sweep, List<Panel> panels) {
        var plots = new SweepPlots(sweep, panels, Importance.of(sweep));
        return Stream.of(
                        plots.learning().stream(),
                        plots.survival().stream(),
                        plots.heatMaps().stream(),
                        plots.parallel().stream())
                .flatMap(p -> p)
                .map(Plot.class::cast)
                .toList();
    }

    /** Test and train accuracy of every panel: the median over the runs of each group, in the band of their middle half. */
    List<BandPlot> learning() {
        List<BandPlot> plots = new ArrayList<>();
        for (Panel panel : panels) {
            plots.add(learning("Test accuracy", panel, RunMeasures::test));
            plots.add(learning("Train accuracy", panel, RunMeasures::train));
        }
        return plots;
    }

    private BandPlot learning(String what, Panel panel, Function<RunMeasures, float[]> of) {
        double[] x = Arrays.stream(sweep.grid()).asDoubleStream().toArray();
        List<Ribbon> ribbons = new ArrayList<>();
        for (Panel.Group group : panel.groups()) {
            Panel.Band band = group.band(x.length, of);
            if (band.n() > 0) {
                ribbons.add(new Ribbon(
                        named(group, band.n()),
                        x,
                        band.median(),
                        band.low(),
                        band.high(),
                        new double[0],
                        new double[0]));
            }
        }
        return new BandPlot(titled(what, panel), steps, share(what.toLowerCase(Locale.ROOT)), false, ribbons, "");
    }

    /** From 0 to 100%, and no logarithm. */
    private static Axis share(String label) {
        return new Axis(label, Axis.Format.PERCENT, List.of(Scale.LINEAR), List.of(0.0, 1.0));
    }

    private static String named(Panel.Group group, int n) {
        return group.label() + " (n = " + n + ")";
    }

    private static String titled(String what, Panel panel) {
        return panel.title().isEmpty() ? what : what + " · " + panel.title();
    }

    /** Kaplan-Meier curves of the steps to the main goal, a panel a plot. */
    List<BandPlot> survival() {
        Goal goal = sweep.mainGoal();
        List<BandPlot> plots = new ArrayList<>();
        for (Panel panel : panels) {
            List<Ribbon> ribbons = new ArrayList<>();
            List<Times> compared = new ArrayList<>();
            for (Panel.Group group : panel.groups()) {
                group.times(goal.kind()).ifPresent(times -> {
                    compared.add(times);
                    ribbons.add(ribbon(named(group, times.n()), times));
                });
            }
            if (!ribbons.isEmpty()) {
                plots.add(new BandPlot(
                        titled("Runs still to " + goal.kind().verb(), panel),
                        steps,
                        share("runs still to " + goal.kind().verb()),
                        true,
                        ribbons,
                        logRank(compared)));
            }
        }
        return plots;
    }

    private static String logRank(List<Times> groups) {
        if (groups.size() < 2) {
            return "";
        }
        LogRank test = LogRank.of(groups);
        return "Log-rank test over " + groups.size() + " groups: chi-square " + Numbers.measure(test.statistic())
                + ", p " + Numbers.measure(test.p()) + ".";
    }

    private Ribbon ribbon(String name, Times times) {
        List<KaplanMeier.Row> rows = times.kaplanMeier(sweep.level()).rows();
        return new Ribbon(
                name,
                rows.stream().mapToDouble(KaplanMeier.Row::time).toArray(),
                rows.stream().mapToDouble(KaplanMeier.Row::survival).toArray(),
                rows.stream().mapToDouble(KaplanMeier.Row::low).toArray(),
                rows.stream().mapToDouble(KaplanMeier.Row::high).toArray(),
                times.all().stream().mapToDouble(TimeToEvent::until).sorted().toArray(),
                times.all().stream()
                        .filter(t -> !(t instanceof TimeToEvent.Reached))
                        .mapToDouble(TimeToEvent::until)
                        .distinct()
                        .sorted()
                        .toArray());
    }

    /** The restricted mean step over each two of the settings that tell most; over all other settings and seeds together. */
    List<HeatMap> heatMaps() {
        List<HeatMap> maps = new ArrayList<>();
        for (String[] pair : mapped()) {
            heatMap(pair[0], pair[1]).ifPresent(maps::add);
        }
        return maps;
    }

    /** Pairs of the settings that tell most. */
    private List<String[]> mapped() {
        List<String> keys = importance.settings().stream()
                .map(Importance.Setting::key)
                .filter(key -> values(key).size() > 1)
                .limit(MAPPED)
                .toList();
        List<String[]> pairs = new ArrayList<>();
        for (int a = 0; a < keys.size(); a++) {
            for (int b = a + 1; b < keys.size(); b++) {
                pairs.add(new String[] {keys.get(a), keys.get(b)});
            }
        }
        return pairs;
    }

    /**
     * One field of a heat map with what belongs to it.
     *
     * @param mean restricted to the budget, with its interval and n; empty where it is not known
     */
    record Field(String rowKey, String row, String columnKey, String column, Optional<Estimate> mean) {}

    /** The fields of all heat maps, map by map. */
    List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        for (String[] pair : mapped()) {
            for (String row : values(pair[0])) {
                for (String column : values(pair[1])) {
                    fields.add(
                            new Field(word(pair[0]), row, word(pair[1]), column, mean(pair[0], row, pair[1], column)));
                }
            }
        }
        return fields;
    }

    private Optional<Estimate> mean(String rowKey, String row, String columnKey, String column) {
        List<CellMeasures> cells = sweep.cells().stream()
                .filter(cell -> row.equals(cell.axes().get(rowKey))
                        && column.equals(cell.axes().get(columnKey)))
                .toList();
        return restrictedMean(CellMeasures.times(cells, sweep.mainGoal().kind()), budget());
    }

    private double budget() {
        return sweep.grid()[sweep.grid().length - 1];
    }

    private Optional<HeatMap> heatMap(String rowKey, String columnKey) {
        List<String> rows = values(rowKey);
        List<String> columns = values(columnKey);
        double budget = budget();
        double[][] means = new double[rows.size()][columns.size()];
        for (int r = 0; r < rows.size(); r++) {
            for (int c = 0; c < columns.size(); c++) {
                means[r][c] = mean(rowKey, rows.get(r), columnKey, columns.get(c))
                        .map(Estimate::value)
                        .orElse(Double.NaN);
            }
        }
        double[] known = Arrays.stream(means)
                .flatMapToDouble(Arrays::stream)
                .filter(v -> !Double.isNaN(v))
                .toArray();
        if (known.length == 0) {
            return Optional.empty();
        }
        double unit = Math.pow(10, Math.floor(Math.log10(Math.max(10, budget))) - 1);
        double low = Math.floor(Arrays.stream(known).min().orElse(0) / unit) * unit;
        double high = Math.max(low + unit, Math.ceil(Arrays.stream(known).max().orElse(1) / unit) * unit);
        return Optional.of(new HeatMap(
                "Mean step to " + sweep.mainGoal().kind().verb() + ", restricted to " + Numbers.count((long) budget)
                        + ": " + word(rowKey) + " by " + word(columnKey),
                word(rowKey),
                rows,
                word(columnKey),
                columns,
                means,
                low,
                high,
                "not known"));
    }

    /** Empty where no run was watched up to the budget. */
    private Optional<Estimate> restrictedMean(Optional<Times> times, double budget) {
        return times.map(t -> t.kaplanMeier(sweep.level()))
                .filter(curve ->
                        curve.rows().getLast().survival() == 0 || curve.times().lastWatched() >= budget)
                .map(curve -> curve.restrictedMean(budget));
    }

    /** One line a cell over its settings, its size, its median step and its accuracy; nothing where there is one cell. */
    List<ParallelPlot> parallel() {
        if (sweep.cells().size() < 2) {
            return List.of();
        }
        Set<String> keys = new LinkedHashSet<>();
        sweep.cells().forEach(c -> keys.addAll(c.axes().keySet()));
        List<Dimension> axes = new ArrayList<>();
        List<Function<CellMeasures, Double>> of = new ArrayList<>();
        for (String key : keys) {
            setting(key, axes, of);
        }
        number("parameters", Axis.Format.COUNT, c -> (double) c.parameters(), 1, axes, of);
        int colour = axes.size();
        number("step to " + sweep.mainGoal().kind().verb(), Axis.Format.COUNT, this::median, budget(), axes, of);
        number(
                "test accuracy",
                Axis.Format.PERCENT,
                c -> c.accuracy().map(s -> s.quantile(0.5)).orElse(Double.NaN),
                1,
                axes,
                of);
        List<ParallelPlot.Line> lines = sweep.cells().stream()
                .map(c -> new ParallelPlot.Line(
                        c.cell().label(), of.stream().map(f -> f.apply(c)).toList()))
                .toList();
        return List.of(new ParallelPlot("Cells by settings and results", axes, lines, colour));
    }

    private double median(CellMeasures cell) {
        return cell.times(sweep.mainGoal().kind())
                .map(t -> t.median(sweep.level()))
                .map(Estimate::value)
                .orElse(Double.NaN);
    }

    private void setting(String key, List<Dimension> axes, List<Function<CellMeasures, Double>> of) {
        List<String> values = values(key);
        Optional<Map<String, Double>> numbers = numbers(values);
        if (values.size() > NAMED && numbers.isPresent()) {
            Map<String, Double> parsed = numbers.get();
            number(
                    word(key),
                    Axis.Format.NUMBER,
                    c -> parsed.getOrDefault(c.axes().get(key), Double.NaN),
                    1,
                    axes,
                    of);
        } else {
            axes.add(new Dimension(word(key), values, Axis.Format.NUMBER, 0, Math.max(0, values.size() - 1), false));
            of.add(c -> {
                int place = values.indexOf(c.axes().getOrDefault(key, ""));
                return place < 0 ? Double.NaN : (double) place;
            });
        }
    }

    /** @param otherwise where the axis ends if no cell has a number to show: for steps the budget, up to which all were censored */
    private void number(
            String label,
            Axis.Format format,
            Function<CellMeasures, Double> value,
            double otherwise,
            List<Dimension> axes,
            List<Function<CellMeasures, Double>> of) {
        double[] finite = sweep.cells().stream()
                .mapToDouble(value::apply)
                .filter(Double::isFinite)
                .toArray();
        double low = Arrays.stream(finite).min().orElse(0);
        double high = Arrays.stream(finite).max().orElse(otherwise);
        axes.add(new Dimension(
                label, List.of(), format, low, high, format != Axis.Format.PERCENT && low > 0 && high / low >= 10));
        of.add(value);
    }

    /** The values of a setting, numbers by size, others in the order of the cells. */
    private List<String> values(String key) {
        List<String> values = sweep.cells().stream()
                .flatMap(c -> Stream.ofNullable(c.axes().get(key)))
                .distinct()
                .toList();
        return numbers(values)
                .map(n -> values.stream()
                        .sorted(Comparator.comparingDouble(v -> n.getOrDefault(v, 0.0)))
                        .toList())
                .orElse(values);
    }

    private static Optional<Map<String, Double>> numbers(List<String> values) {
        Map<String, Double> numbers = new TreeMap<>();
        try {
            values.forEach(v -> numbers.put(v, Double.parseDouble(v)));
            return Optional.of(numbers);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static String word(String key) {
        return key.substring(key.lastIndexOf('.') + 1);
    }

    /** A sample of final accuracies as its median with what belongs to it. */
    static String accuracy(Sample sample, double level) {
        Estimate median = sample.median(level);
        return Numbers.percent(median.value())
                + (median.hasInterval()
                        ? " [" + Numbers.percent(median.low()) + ", " + Numbers.percent(median.high()) + "]"
                        : "");
    }
}
