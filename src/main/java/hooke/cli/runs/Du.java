package hooke.cli.runs;

import hooke.Amounts;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.cli.terminal.TextTable;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hooke du}: what the runs take on the disk. */
@Command(
        name = "du",
        description = "Show how much disk space each run takes, and removing it would free.",
        footer = {"", "Examples:", "  ./hooke du", "  ./hooke du --json"})
public final class Du implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    public Du(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Option(names = "--json", description = "Print JSON, sizes in bytes.")
    private boolean json;

    /**
     * @param files bytes of checkpoints
     * @param points bytes in the database
     */
    private record Use(String run, int checkpoints, long files, long points) {}

    @Override
    public Exit call() {
        try (Store store = Store.openReadOnly(folder.get())) {
            List<Use> uses =
                    store.runs().stream().map(run -> use(run, store.read(run))).toList();
            if (json) {
                terminal.out().print(Json.text(Map.of("runs", uses, "database", store.databaseBytes())));
            } else {
                print(uses, store.databaseBytes());
            }
        }
        return Exit.DONE;
    }

    private static Use use(Run run, RunReader reader) {
        RunReader.DiskUse use = reader.diskUse();
        return new Use(run.address(), reader.checkpoints().size(), use.checkpoints(), use.points());
    }

    private void print(List<Use> uses, long database) {
        var table = TextTable.of("run", "checkpoints", "files", "points", "together");
        for (Use use : uses) {
            table.row(
                    use.run(),
                    Amounts.count(use.checkpoints()),
                    Amounts.bytes(use.files()),
                    Amounts.bytes(use.points()),
                    Amounts.bytes(use.files() + use.points()));
        }
        long files = uses.stream().mapToLong(Use::files).sum();
        terminal.out().print(table.text(""));
        terminal.out()
                .println("\n%s: %s of checkpoints, %s of database"
                        .formatted(folder.get(), Amounts.bytes(files), Amounts.bytes(database)));
    }
}
