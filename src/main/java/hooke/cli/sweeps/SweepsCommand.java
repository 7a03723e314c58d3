package hooke.cli.sweeps;

import hooke.Amounts;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.store.Store;
import hooke.store.StoredSweep;
import java.nio.file.Path;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hooke sweeps}: the sweeps of a store, the one last asked for last. */
@Command(
        name = "sweeps",
        description = "List the sweeps and how many of their runs are done.",
        footer = {"", "Examples:", "  ./hooke sweeps", "  ./hooke sweeps --json"})
public final class SweepsCommand implements Callable<Exit> {
    private static final DateTimeFormatter MINUTES = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Option(names = "--json", description = "Print JSON, with the full text of each sweep.")
    private boolean json;

    public SweepsCommand(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        List<StoredSweep> sweeps;
        try (Store store = Store.openReadOnly(folder.get())) {
            sweeps = store.sweeps();
        }
        if (json) {
            terminal.out().print(Json.text(sweeps));
            return Exit.DONE;
        }
        var table = TextTable.of("sweep", "runs", "done", "asked for");
        for (StoredSweep sweep : sweeps) {
            table.row(
                    sweep.name(), Amounts.count(sweep.runs()), Amounts.count(sweep.done()), MINUTES.format(sweep.at()));
        }
        terminal.out().print(table.text(""));
        return Exit.DONE;
    }
}
