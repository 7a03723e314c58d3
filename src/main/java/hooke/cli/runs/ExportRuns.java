package hooke.cli.runs;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.arguments.Target;
import hooke.cli.arguments.WholeRun;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.store.Run;
import hooke.store.Store;
import hooke.store.StoredSweep;
import hooke.store.archive.Archive;
import hooke.sweep.SweepResults;
import hooke.sweep.file.Sweeps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke export-runs}: finished runs in one file, for another store. */
@Command(
        name = "export-runs",
        description = "Write finished runs to one file, from which import-runs adds them to another store.",
        footer = {
            "",
            "Examples:",
            "  ./hooke export-runs first-half.zip --sweep capacity-small",
            "  ./hooke export-runs two.zip quick-grok/0 quick-grok/1 --checkpoints all"
        })
public final class ExportRuns implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(index = "0", paramLabel = "FILE", description = "The file to write.")
    private Path file = Path.of("");

    @Parameters(
            index = "1..*",
            paramLabel = "RUN",
            description = "name/seed, or a name for all its seeds; may be repeated.")
    private List<String> names = List.of();

    @Option(
            names = "--sweep",
            paramLabel = "SWEEP",
            description = "The finished runs of this sweep, and the sweep itself.")
    private String sweep = "";

    @Option(
            names = "--checkpoints",
            paramLabel = "WHICH",
            description = "Which checkpoints to include: none, last or all (default: last).")
    private Archive.Checkpoints checkpoints = Archive.Checkpoints.LAST;

    public ExportRuns(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        Check.that(
                sweep.isEmpty() != names.isEmpty(), "export-runs needs the runs to take out, or --sweep and its name");
        Target.checkFile(file);
        try (Store store = Store.openReadOnly(folder.get())) {
            @Nullable StoredSweep kept = sweep.isEmpty() ? null : store.sweep(sweep);
            List<Run> found = new ArrayList<>();
            if (kept != null) {
                found.addAll(store.runsOfSweep(sweep));
            }
            for (String name : names) {
                found.addAll(
                        name.contains("/") ? List.of(WholeRun.find(store, name, "export-runs")) : all(store, name));
            }
            List<Run> done = found.stream()
                    .distinct()
                    .filter(run -> run.status() == Run.Status.DONE)
                    .toList();
            Check.that(!done.isEmpty(), "none of these runs is done, and only finished runs can be exported");
            List<String> hashes = kept == null
                    ? List.of()
                    : SweepResults.none(Sweeps.parse(kept.text(), sweep + ".yaml", Sweeps.Options.NONE))
                            .hashes();
            Archive.write(file, store, done, checkpoints, kept, hashes);
            terminal.out()
                    .println("%s: %s%s"
                            .formatted(
                                    file,
                                    Amounts.of(done.size(), "run", "runs"),
                                    found.size() == done.size()
                                            ? ""
                                            : "; " + (found.size() - done.size()) + " more are not done and stay"));
        }
        return Exit.DONE;
    }

    private static List<Run> all(Store store, String name) {
        store.find(name);
        return store.runs(name);
    }
}
