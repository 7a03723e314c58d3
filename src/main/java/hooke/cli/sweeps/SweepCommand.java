package hooke.cli.sweeps;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.arguments.SweepArgument;
import hooke.cli.arguments.Target;
import hooke.cli.process.Interrupt;
import hooke.cli.process.Origin;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.config.Estimates;
import hooke.store.Store;
import hooke.sweep.CellResults;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun.Status;
import hooke.sweep.measures.Inert;
import hooke.sweep.measures.Varied;
import hooke.sweep.work.Scheduler;
import hooke.sweep.work.Workplace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hooke sweep}: trains what is missing of a sweep, several runs side by side. */
@Command(
        name = "sweep",
        description = {
            "Train a sweep: many experiments that differ in a few settings, each with several seeds.",
            "Finished runs are kept. Ctrl-C saves every run and stops; the same command resumes the sweep."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke sweep list-copy-grid --dry-run",
            "  ./hooke sweep list-copy-grid --seeds 5 --for 90m",
            "  ./hooke sweep wandb.yaml --base quick-grok"
        })
public final class SweepCommand implements Callable<Exit> {
    private static final Pattern DURATION = Pattern.compile("(?:(\\d{1,5})h)?(?:(\\d{1,6})m)?(?:(\\d{1,7})s)?");

    private final Terminal terminal;
    private final Supplier<Path> folder;
    private final List<String> words;

    @Mixin
    private SweepArgument argument = new SweepArgument();

    @Option(names = "--json", description = "Print JSON for scripts: the plan, or the results.")
    private boolean json;

    @Option(names = "--dry-run", description = "List cells, runs, parameters and estimated time without training.")
    private boolean dryRun;

    @Mixin
    private Where where = new Where();

    @Option(
            names = "--for",
            paramLabel = "TIME",
            description = "Save everything and stop after this long, as in 90m or 2h30m.")
    private @Nullable String time;

    @Option(
            names = "--log-json",
            paramLabel = "FILE",
            description = "Add every run's events to FILE as they happen, one JSON object a line.")
    private @Nullable Path log;

    /** @param words of the whole command line, for the runs' provenance */
    public SweepCommand(Terminal terminal, Supplier<Path> folder, List<String> words) {
        this.terminal = terminal;
        this.folder = folder;
        this.words = words;
    }

    @Override
    public Exit call() {
        Duration limit = time == null ? Duration.ofDays(36_500) : duration(time);
        where.check();
        if (log != null) {
            Target.checkFile(log);
        }
        Sweep sweep = argument.toTrain(folder.get());
        sweep.remarks().forEach(this::remark);
        if (dryRun) {
            plan(sweep);
            return Exit.DONE;
        }
        return train(sweep, limit);
    }

    private void remark(String sentence) {
        terminal.err().println("hooke: " + sentence);
        terminal.err().flush();
    }

    private Exit train(Sweep sweep, Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        // Opened first: whoever waits for a cluster has nothing to save yet, and Ctrl-C ends it at once.
        try (Workplace workplace = where.open(sweep, folder.get(), words, log, this::remark);
                var interrupt = Interrupt.listen();
                var progress = new SweepProgress(terminal, workplace::words, System::nanoTime)) {
            BooleanSupplier stop = () -> interrupt.getAsBoolean() || System.nanoTime() - end > 0;
            var trained = new Scheduler(folder.get(), Origin.of(words), workplace, stop, progress).train(sweep);
            progress.close();
            Exit told = tell(trained.sweep(), trained.stopped());
            return progress.failed() > 0 ? Exit.FAILED : told;
        }
    }

    private Exit tell(Sweep sweep, boolean asked) {
        try (Store store = Store.openReadOnly(folder.get())) {
            SweepResults results = SweepResults.read(store, sweep);
            long done = results.count(Status.DONE);
            long failed = results.count(Status.FAILED);
            if (json) {
                terminal.out().print(Json.text(SweepJson.of(results)));
                return failed == 0 ? Exit.DONE : Exit.FAILED;
            }
            terminal.out()
                    .println("%s: %s of %s done%s"
                            .formatted(
                                    sweep.name(),
                                    Amounts.count(done),
                                    Amounts.of(sweep.size(), "run", "runs"),
                                    failed == 0 ? "" : ", " + Amounts.count(failed) + " failed"));
            results.cells()
                    .forEach(row -> row.runs().stream()
                            .filter(run -> run.status() == Status.FAILED)
                            .forEach(run -> terminal.out()
                                    .println("  %s/%s failed: %s"
                                            .formatted(row.cell().label(), run.seed(), run.failure()))));
            Inert.find(results).forEach(inert -> terminal.out().println("  " + inert.sentence()));
            if (asked && done < sweep.size()) {
                terminal.err().println("what was under way is saved; the same command continues it");
            }
            return failed == 0 ? Exit.DONE : Exit.FAILED;
        }
    }

    /** The list at once, and then the time, which is measured for seconds. */
    private void plan(Sweep sweep) {
        SweepResults results = results(sweep);
        int left = Math.toIntExact(sweep.size() - results.count(Status.DONE));
        Optional<String> time = Optional.of(left)
                .filter(runs -> json && runs > 0)
                .map(runs -> SweepTime.sentence(results, where.crew(sweep, runs, folder.get(), words, this::remark)));
        if (json) {
            terminal.out().print(Json.text(SweepJson.plan(results, time)));
            return;
        }
        terminal.out()
                .println("%s\n%s, %s, %s: %s to do"
                        .formatted(
                                cells(results),
                                Amounts.of(sweep.cells().size(), "cell", "cells"),
                                Amounts.of(sweep.seeds().size(), "seed", "seeds"),
                                Amounts.of(sweep.size(), "run", "runs"),
                                Amounts.count(left)));
        terminal.out().flush();
        if (left > 0) {
            terminal.out()
                    .println(SweepTime.sentence(results, where.crew(sweep, left, folder.get(), words, this::remark)));
        }
    }

    /** A row for each cell: what was drawn or chosen for it, its size, and what is to be done. What has no room is named. */
    private String cells(SweepResults results) {
        List<Varied> varied =
                Varied.of(results.cells().stream().map(CellResults::cell).toList());
        List<String> heads = new ArrayList<>(List.of("cell"));
        varied.forEach(v -> heads.add(v.word()));
        heads.addAll(List.of("parameters", "work a step", "done", "to do"));
        var table = TextTable.of(heads.toArray(String[]::new));
        for (CellResults row : results.cells()) {
            Estimates needs = Estimates.of(row.cell().experiment());
            long done = row.count(Status.DONE);
            List<String> cells = new ArrayList<>(List.of(row.cell().label()));
            varied.forEach(v -> cells.add(v.shown(row.cell())));
            cells.addAll(List.of(
                    Amounts.count(needs.parameters()),
                    Amounts.of(needs.stepFlops(), "FLOP"),
                    Amounts.count(done),
                    Amounts.count(row.runs().size() - done)));
            table.row(cells);
        }
        List<Integer> byWorth = new ArrayList<>(List.of(0, heads.size() - 1));
        for (boolean inLabels : new boolean[] {false, true}) {
            for (int v = 0; v < varied.size(); v++) {
                if (varied.get(v).isInLabels() == inLabels) {
                    byWorth.add(1 + v);
                }
            }
            if (!inLabels) {
                byWorth.addAll(List.of(heads.size() - 2, heads.size() - 4, heads.size() - 3));
            }
        }
        List<Integer> kept = table.fitting(terminal.width(), byWorth);
        List<String> left = IntStream.range(0, heads.size())
                .filter(i -> !kept.contains(i))
                .mapToObj(heads::get)
                .toList();
        return table.of(kept).text("")
                + (left.isEmpty()
                        ? ""
                        : terminal.wrapped("Not shown, for lack of space: " + String.join(", ", left)
                                        + " (--json has all).")
                                + "\n");
    }

    private SweepResults results(Sweep sweep) {
        if (!Files.exists(folder.get().resolve("hooke.db"))) {
            return SweepResults.none(sweep);
        }
        try (Store store = Store.openReadOnly(folder.get())) {
            return SweepResults.read(store, sweep);
        }
    }

    private static Duration duration(String text) {
        Matcher form = DURATION.matcher(text);
        Check.that(form.matches() && !text.isEmpty(), "--for (%s) must be a time like 90m, 2h30m or 45s", text);
        Duration whole = Duration.ofHours(number(form.group(1)))
                .plusMinutes(number(form.group(2)))
                .plusSeconds(number(form.group(3)));
        Check.that(!whole.isZero(), "--for (%s) must be more than 0", text);
        return whole;
    }

    private static long number(@Nullable String digits) {
        return Optional.ofNullable(digits).map(Long::parseLong).orElse(0L);
    }
}
