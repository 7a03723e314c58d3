package hooke.cli;

import hooke.Check;
import hooke.InputException;
import hooke.lens.OpenedModel;
import hooke.store.Address;
import hooke.store.Checkpoint;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.tensor.Libtorch;
import hooke.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hooke lens}: looks into the model of a run, at any checkpoint. Each way of looking is a command of its own below it. */
@Command(
        name = "lens",
        synopsisSubcommandLabel = "LENS",
        description = "Look into the model of a run at a checkpoint.",
        footer = {
            "",
            "Examples:",
            "  ./hooke lens list-copy/0 patterns",
            "  ./hooke lens quick-grok/0@500 patterns 7 16"
        })
final class LensCommand implements Callable<Integer> {
    private final Supplier<Path> folder;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "name, name/seed or name/seed@step; without a step the last checkpoint.")
    private String address = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli fills it
    private CommandSpec spec;

    private LensCommand(Supplier<Path> folder) {
        this.folder = folder;
    }

    /** The command with all its lenses. */
    static CommandLine commandLine(Terminal terminal, Supplier<Path> folder) {
        var lens = new LensCommand(folder);
        return new CommandLine(lens)
                .addSubcommand(new LensPatterns(terminal, lens))
                .addSubcommand(new LensAblate(terminal, lens))
                .addSubcommand(new LensSpectrum(terminal, lens))
                .addSubcommand(new LensProgress(terminal, lens))
                .addSubcommand(new LensProbe(terminal, lens))
                .addSubcommand(new LensReport(terminal, folder, lens));
    }

    /**
     * A run opened at a checkpoint.
     *
     * @param address {@code name/seed@step}
     */
    record Looked(String address, RunReader reader, Checkpoint checkpoint, OpenedModel opened) {}

    /** {@code hooke lens RUN} alone. */
    @Override
    public Integer call() {
        List<String> lenses = List.copyOf(spec.subcommands().keySet());
        throw new InputException(
                "which lens? ./hooke lens %s LENS, one of %s".formatted(address, String.join(", ", lenses)));
    }

    /** Gives the run that the command line names, which must not name a step. */
    int whole(String name, Consumer<RunReader> use) {
        try (Store store = Store.openReadOnly(folder.get())) {
            use.accept(store.read(WholeRun.find(store, address, "lens " + name)));
        }
        return Main.DONE;
    }

    /** Opens the run that the command line names at its checkpoint, in a scope of its own. */
    int look(Consumer<Looked> use) {
        try (Store store = Store.openReadOnly(folder.get())) {
            Address found = store.find(address);
            RunReader reader = store.read(found.run());
            List<Checkpoint> all = reader.checkpoints();
            String run = found.run().address();
            Check.that(!all.isEmpty(), "run %s has no checkpoint to look into yet", run);
            Checkpoint checkpoint =
                    found.step().isPresent() ? reader.checkpoint(found.step().getAsLong()) : all.getLast();
            // Before the first operation, as in training: more threads than it was trained with wait for each other.
            Libtorch.setThreads(Math.max(1, reader.experiment().train().threads()));
            try (var _ = new Scope()) {
                use.accept(new Looked(
                        run + "@" + checkpoint.step(), reader, checkpoint, OpenedModel.of(reader, checkpoint)));
            }
        }
        return Main.DONE;
    }
}
