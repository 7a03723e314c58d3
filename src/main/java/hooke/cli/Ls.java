package hooke.cli;

import hooke.Check;
import hooke.InputException;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.train.ResultJson;
import hooke.train.Trainer;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke ls}: the runs of a store, the oldest first. */
@Command(
        name = "ls",
        description = "List the runs: how far they are, when they memorized and grokked.",
        footer = {
            "",
            "Examples:",
            "  ./hooke ls",
            "  ./hooke ls quick-grok --json",
            "  ./hooke ls --sweep list-copy-grid"
        })
final class Ls implements Callable<Integer> {
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "Only the runs of this name.")
    private String name = "";

    @Option(names = "--sweep", paramLabel = "SWEEP", description = "Only the runs of this sweep.")
    private String sweep = "";

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    Ls(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Integer call() {
        List<Run> runs = runs();
        if (json) {
            terminal.out().print(Json.text(runs.stream().map(Ls::asMap).toList()));
            return Main.DONE;
        }
        var table = Table.of("run", "state", "step", "memorized", "grokked", "test accuracy", "begun", "took");
        for (Run run : runs) {
            Optional<Trainer.Result> result;
            String state = state(run);
            try {
                result = result(run);
            } catch (InputException damaged) { // one damaged run must not hide the others; show says what is wrong
                result = Optional.empty();
                state += " (outcome damaged)";
            }
            table.row(
                    run.address(),
                    state,
                    Amounts.count(run.step()),
                    result.map(r -> Ending.cell(r.memorized())).orElse(""),
                    result.map(r -> Ending.cell(r.grokked())).orElse(""),
                    result.map(r -> Ending.percent(r.last().test())).orElse(""),
                    MINUTES.format(run.created()),
                    took(run).map(Amounts::duration).orElse(""));
        }
        terminal.out().print(table.text(""));
        return Main.DONE;
    }

    private List<Run> runs() {
        try (Store store = Store.openReadOnly(folder.get())) {
            if (!sweep.isEmpty()) {
                store.sweep(sweep);
            }
            List<Run> all = sweep.isEmpty() ? store.runs() : store.runsOfSweep(sweep);
            if (name.isEmpty()) {
                return all;
            }
            var names = all.stream().map(Run::name).collect(Collectors.toCollection(TreeSet::new));
            Check.that(
                    names.contains(name),
                    "there is no run '%s' in %s%s",
                    name,
                    folder.get(),
                    Check.didYouMean(name, names));
            return all.stream().filter(run -> run.name().equals(name)).toList();
        }
    }

    static String state(Run run) {
        return run.status().name().toLowerCase(Locale.ROOT);
    }

    /** How it ended, of a run that is done. */
    static Optional<Trainer.Result> result(Run run) {
        return run.status() == Run.Status.DONE
                ? Optional.ofNullable(run.outcome()).map(ResultJson::read)
                : Optional.empty();
    }

    /** Seconds from its making to its end, of a run that one process trained without a pause. */
    static Optional<Double> took(Run run) {
        OffsetDateTime ended = run.ended();
        return ended == null || run.parts() != 1
                ? Optional.empty()
                : Optional.of(java.time.Duration.between(run.created(), ended).toMillis() / 1e3);
    }

    /** Likewise, unless another program trained it. */
    static Optional<Double> took(RunReader reader) {
        return reader.isImported() ? Optional.empty() : took(reader.run());
    }

    static Map<String, Object> asMap(Run run) {
        var map = new LinkedHashMap<String, Object>();
        map.put("run", run.address());
        map.put("state", state(run));
        map.put("step", run.step());
        map.put("hash", run.hash());
        map.put("cell", run.cellHash());
        map.put("begun", run.created().toString());
        Optional.ofNullable(run.ended()).ifPresent(ended -> map.put("ended", ended.toString()));
        Optional.ofNullable(run.outcome()).ifPresent(outcome -> map.put("result", Json.tree(outcome)));
        return map;
    }
}
