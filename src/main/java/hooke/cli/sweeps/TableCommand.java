package hooke.cli.sweeps;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.arguments.SweepArgument;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.task.ByToken;
import hooke.stats.HazardRatio;
import hooke.stats.LogRank;
import hooke.stats.Paired;
import hooke.stats.Sample;
import hooke.stats.SeedsNeeded;
import hooke.stats.Times;
import hooke.sweep.measures.Capacity;
import hooke.sweep.measures.CellMeasures;
import hooke.sweep.measures.EndFigure;
import hooke.sweep.measures.Goal;
import hooke.sweep.measures.RunMeasures;
import hooke.sweep.measures.SweepMeasures;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke table}: what came of a sweep, a row a cell. */
@Command(
        name = "table",
        description = {
            "Print the results of a sweep, one row per cell.",
            "How many runs reached the goal, when they did (Kaplan-Meier medians with intervals), and how "
                    + "accurate they are. Every step is computed from all recorded evaluations."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke table list-copy-grid --markdown",
            "  ./hooke table capacity.yaml --threshold 0.95 --patience 3",
            "  ./hooke table capacity.yaml --compare n_layers-1+d_model-128,n_layers-4+d_model-64"
        })
public final class TableCommand implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Mixin
    private SweepArgument argument = new SweepArgument();

    @Mixin
    private Measuring measuring = new Measuring();

    @Option(names = "--markdown", description = "Print a markdown table.")
    private boolean markdown;

    @Option(names = "--csv", description = "Print CSV: every figure at full precision, with its interval.")
    private boolean csv;

    @Option(names = "--runs", description = "Print one row per run instead of one per cell, as CSV.")
    private boolean runs;

    @Option(
            names = "--columns",
            paramLabel = "A,B",
            split = ",",
            description = "Columns to show, by name, or all (default: those that fit the terminal).")
    private List<String> columns = List.of();

    @Option(names = "--json", description = "Print JSON for scripts: cells and runs, every figure with its interval.")
    private boolean json;

    @Option(
            names = "--compare",
            paramLabel = "A,B",
            split = ",",
            description =
                    "Compare two cells instead: log-rank test, hazard ratio, and how many seeds would show the difference.")
    private List<String> compare = List.of();

    public TableCommand(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        Check.that(
                Stream.of(markdown, csv || runs, json, !compare.isEmpty())
                                .filter(asked -> asked)
                                .count()
                        <= 1,
                "table prints one of --markdown, CSV (--csv, --runs), --json and --compare");
        Check.that(
                columns.isEmpty() || !(csv || runs || json || !compare.isEmpty()),
                "--columns chooses columns of the table and of --markdown; CSV and JSON have all");
        Check.that(compare.isEmpty() || compare.size() == 2, "--compare needs two cells, A,B, not %s", compare.size());
        Capacity capacity = measuring.capacity();
        Measuring.Measured measured = measuring.measure(argument.trained(folder.get()), folder.get());
        SweepMeasures measures = measured.measures();
        if (!compare.isEmpty()) {
            compare(measures);
            remarks(measured);
        } else if (runs) {
            terminal.out().print(new SweepCsv(measures).runs());
        } else if (csv) {
            terminal.out().print(new SweepCsv(measures).cells());
        } else if (markdown) {
            terminal.out().print(new CellTable(measures).markdown(columns));
        } else if (json) {
            terminal.out().print(Json.text(SweepJson.of(measured)));
        } else {
            terminal.out().print(new CellTable(measures).text(terminal, columns));
            pairs(measures, capacity);
            remarks(measured);
        }
        return Exit.DONE;
    }

    private void remarks(Measuring.Measured measured) {
        measured.remarks().forEach(remark -> terminal.out().println(terminal.wrapped(remark)));
    }

    /** Deep and narrow against shallow and wide, where the sweep has such cells of about one size. */
    private void pairs(SweepMeasures measures, Capacity capacity) {
        List<Capacity.Pair> pairs = capacity.pairs(measures);
        if (pairs.stream().noneMatch(Capacity.Pair::isMatched)) {
            return;
        }
        var table = TextTable.of("deep", "wide", "task", "size", "runs", "rate of deep over wide", "p", "p by Holm");
        for (Capacity.Pair pair : pairs) {
            Optional<LogRank> test = pair.test();
            Optional<LogRank> told = test.filter(LogRank::compares);
            table.row(
                    pair.deep().toString(),
                    pair.wide().toString(),
                    pair.task(),
                    String.format(Locale.ROOT, "x %.2f", pair.ratio()) + (pair.isMatched() ? "" : ", not matched"),
                    test.map(t -> t.n().get(0) + " and " + t.n().get(1)).orElse(""),
                    told.map(t -> t.hazardRatio(measures.level()).brief())
                            .orElse(test.isEmpty() ? "not compared" : "nothing to compare yet"),
                    told.map(t -> Amounts.figure(t.p())).orElse(""),
                    told.map(_ -> Amounts.figure(pair.adjustedP())).orElse(""));
        }
        terminal.out().println("\nDeep and narrow against shallow and wide, on pairs of about one size:");
        terminal.out().print(table.text(""));
        terminal.out()
                .println(
                        "Log-rank test stratified by what else differs; the rate is Cox's hazard ratio of the steps to "
                                + measures.mainGoal().kind().verb() + ", above 1 where deep is faster.");
    }

    private void compare(SweepMeasures measures) {
        if (!measures.hasGoal()) {
            compareEnds(measures);
            return;
        }
        Goal goal = measures.mainGoal();
        Times a = times(measures, compare.get(0), goal);
        Times b = times(measures, compare.get(1), goal);
        LogRank test = LogRank.of(List.of(a, b));
        HazardRatio ratio = test.hazardRatio(measures.level());
        var table =
                TextTable.of("cell", "runs", "reached", "step to " + goal.kind().verb());
        table.row(
                compare.get(0),
                String.valueOf(a.n()),
                String.valueOf(a.reached()),
                a.median(measures.level()).brief());
        table.row(
                compare.get(1),
                String.valueOf(b.n()),
                String.valueOf(b.reached()),
                b.median(measures.level()).brief());
        terminal.out().print(table.text(""));
        terminal.out().println("Goal: " + goal.text() + ".");
        if (!test.compares()) {
            terminal.out()
                    .println(
                            "No run of either group reached it while runs of both were observed, so they cannot be compared yet.");
            return;
        }
        terminal.out()
                .println("Log-rank test: chi-square " + Amounts.figure(test.statistic()) + ", p "
                        + Amounts.figure(test.p()) + ".");
        terminal.out().println("Rate of the first over the second: " + ratio.text() + ".");
        if (Double.isNaN(ratio.planned())) {
            terminal.out()
                    .println(
                            "The bound is beyond 1, so these runs do not tell which ratio more seeds should be planned for.");
        } else if (ratio.planned() != 1) {
            terminal.out()
                    .println((ratio.planned() == ratio.value()
                                    ? "If that is the true ratio: "
                                    : "If the bound is the true ratio: ")
                            + SeedsNeeded.forTimes(a, b, ratio.planned(), 0.8, 1 - measures.level())
                                    .text());
        }
    }

    /** Where no goal tells: by the first figure of the end, seed by seed. */
    private void compareEnds(SweepMeasures measures) {
        Check.that(
                !measures.ends().isEmpty(),
                "--compare %s: %s",
                String.join(",", compare),
                measures.tokensDiffer() ? ByToken.DIFFERS : "no figure tells these cells apart");
        EndFigure end = measures.ends().getFirst();
        CellMeasures first = cell(measures, compare.get(0));
        CellMeasures second = cell(measures, compare.get(1));
        List<double[]> pairs = new ArrayList<>();
        for (RunMeasures run : first.runs()) {
            second.runs().stream()
                    .filter(other -> other.run().seed() == run.run().seed())
                    .forEach(other -> {
                        OptionalDouble a = first.end(end, run);
                        OptionalDouble b = second.end(end, other);
                        if (a.isPresent() && b.isPresent()) {
                            pairs.add(new double[] {a.getAsDouble(), b.getAsDouble()});
                        }
                    });
        }
        Check.that(
                pairs.size() > 1,
                "cells '%s' and '%s' must have at least 2 seeds in common that are done, and have %s",
                compare.get(0),
                compare.get(1),
                pairs.size());
        Sample a = Sample.of(pairs.stream().mapToDouble(pair -> pair[0]).toArray(), end.title());
        Sample b = Sample.of(pairs.stream().mapToDouble(pair -> pair[1]).toArray(), end.title());
        var table = TextTable.of("cell", "runs", end.title());
        table.row(
                compare.get(0), Amounts.count(a.n()), a.median(measures.level()).brief());
        table.row(
                compare.get(1), Amounts.count(b.n()), b.median(measures.level()).brief());
        terminal.out().print(table.text(""));
        terminal.out()
                .println("The first less the second, seed by seed: "
                        + Paired.of(b, a).meanDifference(measures.level()).text() + ".");
    }

    private static CellMeasures cell(SweepMeasures measures, String label) {
        List<String> labels =
                measures.cells().stream().map(c -> c.cell().label()).toList();
        Check.that(
                labels.contains(label),
                "there is no cell '%s' in this sweep%s",
                label,
                Check.didYouMean(label, labels));
        return measures.cells().get(labels.indexOf(label));
    }

    private static Times times(SweepMeasures measures, String label, Goal goal) {
        return cell(measures, label)
                .times(goal.kind())
                .orElseThrow(
                        () -> new hooke.InputException("cell '" + label + "' has no run yet that could be compared"));
    }
}
