package hooke.cli.sweeps;

import hooke.cli.arguments.LogOption;
import hooke.cli.process.Interrupt;
import hooke.cli.process.Origin;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.store.Store;
import hooke.sweep.work.Worker;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hooke sweep-worker}: a process that {@code hooke sweep} starts and speaks with. */
@Command(
        name = "sweep-worker",
        hidden = true,
        description = "Train what is asked for on the standard input; started by sweep.")
public final class SweepWorker implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Option(names = "--for-command", paramLabel = "WORDS", description = "The command that asks, for provenance.")
    private String command = "";

    @Option(names = "--log-json", paramLabel = "FILE", description = "Add every run's events to this file.")
    private @Nullable Path log;

    public SweepWorker(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    @Override
    public Exit call() {
        try (var interrupt = Interrupt.listen();
                var store = Store.open(folder.get());
                var logged = LogOption.open(log, terminal)) {
            Worker.work(
                    store,
                    Origin.of(List.of(command)),
                    terminal.in(),
                    line -> {
                        terminal.out().println(line);
                        terminal.out().flush();
                    },
                    logged::over,
                    interrupt);
            return Exit.DONE;
        }
    }
}
