package hooke.cli.runs;

import hooke.Amounts;
import hooke.cli.arguments.ArchiveRules;
import hooke.cli.arguments.Given;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.store.Store;
import hooke.store.archive.Archive;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code hooke import-runs}: adds the runs of a file to a store. */
@Command(
        name = "import-runs",
        description = "Add runs from a file that export-runs wrote; runs already in the store are left alone.",
        footer = {"", "Example:", "  ./hooke import-runs first-half.zip"})
public final class ImportRuns implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Parameters(paramLabel = "FILE", description = "A file that export-runs wrote.")
    private Path file = Path.of("");

    public ImportRuns(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        Given.checkFile(file, "a file written by export-runs");
        try (Store store = Store.open(folder.get())) {
            Archive.Imported imported = Archive.read(file, store, ArchiveRules.all());
            terminal.out()
                    .println("%s added, %s there already%s"
                            .formatted(
                                    Amounts.of(imported.added(), "run", "runs"),
                                    Amounts.count(imported.there()),
                                    imported.busy() == 0 ? "" : ", " + imported.busy() + " being trained right now"));
        }
        return Exit.DONE;
    }
}
