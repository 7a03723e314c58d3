package hooke.cli;

import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;

/** {@code hooke du}: what the runs take on the disk. */
@Command(
        name = "du",
        description = "Show what each run takes on the disk: what removing it would free.",
        footer = {"", "Example:", "  ./hooke du"})
final class Du implements Callable<Integer> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    Du(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Integer call() {
        var table = Table.of("run", "checkpoints", "files", "points", "together");
        long files = 0;
        try (Store store = Store.openReadOnly(folder.get())) {
            for (Run run : store.runs()) {
                RunReader reader = store.read(run);
                RunReader.DiskUse use = reader.diskUse();
                files += use.checkpoints();
                table.row(
                        run.address(),
                        Amounts.count(reader.checkpoints().size()),
                        Amounts.bytes(use.checkpoints()),
                        Amounts.bytes(use.points()),
                        Amounts.bytes(use.checkpoints() + use.points()));
            }
            terminal.out().print(table.text(""));
            terminal.out()
                    .println("\n%s: %s of checkpoints, %s of database"
                            .formatted(folder.get(), Amounts.bytes(files), Amounts.bytes(store.databaseBytes())));
        }
        return Main.DONE;
    }
}
