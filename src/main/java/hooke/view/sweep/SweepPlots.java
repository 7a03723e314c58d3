package hooke.view.sweep;

import hooke.Amounts;
import hooke.config.task.TaskConfig;
import hooke.stats.Estimate;
import hooke.stats.KaplanMeier;
import hooke.stats.LogRank;
import hooke.stats.Sample;
import hooke.stats.TimeToEvent;
import hooke.stats.Times;
import hooke.sweep.Cell;
import hooke.sweep.measures.CellMeasures;
import hooke.sweep.measures.EndFigure;
import hooke.sweep.measures.Goal;
import hooke.sweep.measures.Importance;
import hooke.sweep.measures.Panel;
import hooke.sweep.measures.RunMeasures;
import hooke.sweep.measures.SweepMeasures;
import hooke.sweep.measures.Varied;
import hooke.view.PageNumbers;
import hooke.view.plot.Axis;
import hooke.view.plot.BandPlot;
import hooke.view.plot.BandPlot.Ribbon;
import hooke.view.plot.ParallelPlot;
import hooke.view.plot.ParallelPlot.Dimension;
import hooke.view.plot.Plot;
import hooke.view.plot.Scale;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The plots of a sweep's report. */
public final class SweepPlots {
    private final SweepMeasures sweep;
    private final List<Panel> panels;
    private final List<Varied> varied;
    private final Axis steps;

    SweepPlots(SweepMeasures sweep, List<Panel> panels) {
        this.sweep = sweep;
        this.panels = List.copyOf(panels);
        this.varied = sweep.varied();
        // What a sweep compares lies late, near the budget, where a logarithm leaves no room.
        this.steps = new Axis("step", Axis.Format.COUNT, List.of(Scale.LINEAR, Scale.LOG1P), List.of());
    }

    /** Every plot, for pictures. */
    public static List<Plot> of(SweepMeasures sweep, List<Panel> panels) {
        Importance importance = Importance.of(sweep);
        var plots = new SweepPlots(sweep, panels);
        return Stream.of(
                        plots.learning().stream(),
                        plots.survival().stream(),
                        new SweepHeatMaps(sweep, importance).maps().stream(),
                        plots.parallel().stream())
                .flatMap(p -> p)
                .map(Plot.class::cast)
                .toList();
    }

    /** Test and train accuracy of every panel: a curve for each cell or group, the median of its runs; few of them in a band of their middle half. */
    List<BandPlot> learning() {
        List<BandPlot> plots = new ArrayList<>();
        for (Panel panel : panels) {
            if (sweep.ends().contains(EndFigure.BITS_PER_BYTE)) {
                plots.add(learning("Bits/byte of the test set", panel, RunMeasures::bits, this::loss));
            }
            if (sweep.ends().contains(EndFigure.TEST_ACCURACY)) {
                plots.add(learning("Test accuracy", panel, RunMeasures::test, this::accuracy));
                plots.add(learning("Train accuracy", panel, RunMeasures::train, this::accuracy));
            }
        }
        return plots;
    }

    /** From the least to the largest first loss in tenths, for all panels alike. */
    private Axis loss(String label) {
        double least = Double.POSITIVE_INFINITY;
        double first = Double.NEGATIVE_INFINITY;
        for (CellMeasures cell : sweep.cells()) {
            for (RunMeasures run : cell.runs()) {
                for (float bits : run.bits()) {
                    least = Float.isFinite(bits) ? Math.min(least, bits) : least;
                }
                first = run.bits().length > 0 && Float.isFinite(run.bits()[0]) ? Math.max(first, run.bits()[0]) : first;
            }
        }
        List<Double> range =
                least < first ? List.of(Math.floor(least * 10) / 10, Math.ceil(first * 10) / 10) : List.<Double>of();
        return new Axis(label, Axis.Format.NUMBER, List.of(Scale.LINEAR), range);
    }

    /** For all panels alike: where nobody expects 100%, as far as they go, in twentieths. */
    private Axis accuracy(String label) {
        double most = sweep.tasks().stream().anyMatch(TaskConfig::isSolvable) ? 1 : 0.05;
        for (CellMeasures cell : sweep.cells()) {
            for (RunMeasures run : cell.runs()) {
                for (float[] shares : List.of(run.train(), run.test())) {
                    for (float share : shares) {
                        most = Float.isFinite(share) ? Math.max(most, Math.ceil(share * 20 - 1e-6) / 20) : most;
                    }
                }
            }
        }
        return new Axis(label, Axis.Format.PERCENT, List.of(Scale.LINEAR), List.of(0.0, most));
    }

    private BandPlot learning(
            String what, Panel panel, Function<RunMeasures, float[]> of, Function<String, Axis> axis) {
        double[] x = Arrays.stream(sweep.grid()).asDoubleStream().toArray();
        List<Panel.Line> lines = panel.lines();
        boolean few = lines.size() <= Panel.MOST_GROUPS;
        int[] n = new int[panel.groups().size()];
        List<Ribbon> ribbons = new ArrayList<>();
        for (Panel.Line line : lines) {
            Panel.Band band = line.band(x.length, of);
            if (band.n() > 0) {
                n[line.group()] += band.n();
                boolean banded = few && band.n() > 1;
                ribbons.add(new Ribbon(
                        line.name(),
                        line.group(),
                        panel.isPooled() ? "" : detail(line.cells().getFirst().cell()),
                        x,
                        band.median(),
                        banded ? band.low() : new double[0],
                        banded ? band.high() : new double[0],
                        new double[0],
                        new double[0]));
            }
        }
        List<String> groups = new ArrayList<>();
        for (int g = 0; g < n.length; g++) {
            groups.add(named(panel.groups().get(g), n[g]));
        }
        return new BandPlot(
                titled(what, panel),
                steps,
                axis.apply(what.toLowerCase(Locale.ROOT)),
                false,
                groups,
                panel.isRange(),
                ribbons,
                "");
    }

    /** The settings that the cell's label does not tell. */
    private String detail(Cell cell) {
        return varied.stream()
                .filter(v -> !v.isInLabels() && v.value(cell).isPresent())
                .map(v -> v.word() + " " + v.shown(cell))
                .collect(Collectors.joining(", "));
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
        if (!sweep.hasGoal()) {
            return plots;
        }
        for (Panel panel : panels) {
            List<Ribbon> ribbons = new ArrayList<>();
            List<Times> compared = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (Panel.Group group : panel.groups()) {
                Optional<Times> times = group.times(goal.kind());
                int place = names.size();
                names.add(named(group, times.map(Times::n).orElse(0)));
                times.ifPresent(known -> {
                    compared.add(known);
                    ribbons.add(ribbon(group.label(), place, known));
                });
            }
            if (!ribbons.isEmpty()) {
                plots.add(new BandPlot(
                        titled("Runs still to " + goal.kind().verb(), panel),
                        steps,
                        share("runs still to " + goal.kind().verb()),
                        true,
                        names,
                        panel.isRange(),
                        ribbons,
                        logRank(compared, panel.isChosen())));
            }
        }
        return plots;
    }

    private static String logRank(List<Times> groups, boolean chosen) {
        if (groups.size() < 2) {
            return "";
        }
        LogRank test = LogRank.of(groups);
        return !test.compares()
                ? ""
                : "Log-rank test over " + groups.size() + " groups: chi-square " + PageNumbers.measure(test.statistic())
                        + ", p " + PageNumbers.measure(test.p())
                        + (chosen ? ", not corrected for having chosen the setting from these runs." : ".");
    }

    private Ribbon ribbon(String name, int group, Times times) {
        List<KaplanMeier.Row> rows = times.kaplanMeier(sweep.level()).rows();
        return new Ribbon(
                name,
                group,
                "",
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

    /** One line a cell over its settings, its size, its median step and its accuracy, each where cells differ in it; nothing where less than two do. */
    List<ParallelPlot> parallel() {
        if (sweep.cells().size() < 2) {
            return List.of();
        }
        List<Dimension> axes = new ArrayList<>();
        List<Function<CellMeasures, Double>> of = new ArrayList<>();
        varied.forEach(v -> setting(v, axes, of));
        number("parameters", Axis.Format.COUNT, c -> (double) c.parameters(), axes, of);
        int settings = axes.size();
        if (sweep.hasGoal()) {
            number("step to " + sweep.mainGoal().kind().verb(), Axis.Format.COUNT, this::median, axes, of);
        }
        sweep.ends()
                .forEach(end -> number(
                        end.title(),
                        end.isShare() ? Axis.Format.PERCENT : Axis.Format.NUMBER,
                        c -> c.end(end).map(s -> s.quantile(0.5)).orElse(Double.NaN),
                        axes,
                        of));
        if (axes.size() < 2) {
            return List.of();
        }
        List<ParallelPlot.Line> lines = sweep.cells().stream()
                .map(c -> new ParallelPlot.Line(
                        c.cell().label(), of.stream().map(f -> f.apply(c)).toList()))
                .toList();
        return List.of(
                new ParallelPlot("Cells by settings and results", axes, lines, Math.min(settings, axes.size() - 1)));
    }

    private double median(CellMeasures cell) {
        return sweep.median(cell, sweep.mainGoal().kind()).map(Estimate::value).orElse(Double.NaN);
    }

    private static void setting(Varied v, List<Dimension> axes, List<Function<CellMeasures, Double>> of) {
        if (v.borders().isEmpty()) {
            List<String> names = v.groups();
            axes.add(new Dimension(v.word(), names, Axis.Format.NUMBER, 0, Math.max(0, names.size() - 1), false));
            of.add(c -> v.group(c.cell()) < 0 ? Double.NaN : (double) v.group(c.cell()));
        } else {
            double low = Double.parseDouble(v.values().getFirst());
            double high = Double.parseDouble(v.values().getLast());
            axes.add(new Dimension(v.word(), List.of(), Axis.Format.NUMBER, low, high, isWide(low, high)));
            of.add(c -> v.number(c.cell()));
        }
    }

    private static boolean isWide(double low, double high) {
        return low > 0 && high / low >= 10;
    }

    /** An axis of numbers; none where all cells have the same. */
    private void number(
            String label,
            Axis.Format format,
            Function<CellMeasures, Double> value,
            List<Dimension> axes,
            List<Function<CellMeasures, Double>> of) {
        double[] all =
                sweep.cells().stream().mapToDouble(value::apply).distinct().toArray();
        if (all.length < 2) {
            return;
        }
        double low = Arrays.stream(all).filter(Double::isFinite).min().orElse(0);
        double high = Arrays.stream(all).filter(Double::isFinite).max().orElse(sweep.grid()[sweep.grid().length - 1]);
        axes.add(
                new Dimension(label, List.of(), format, low, high, format != Axis.Format.PERCENT && isWide(low, high)));
        of.add(value);
    }

    /** A sample of final figures as its median with what belongs to it. */
    static String median(EndFigure end, Sample sample, double level) {
        Estimate median = sample.median(level);
        return shown(end, median.value())
                + (median.hasInterval()
                        ? " [" + shown(end, median.low()) + ", " + shown(end, median.high()) + "]"
                        : "");
    }

    static String shown(EndFigure end, double value) {
        return end.isShare() ? Amounts.percent(value) : PageNumbers.measure(value);
    }
}
