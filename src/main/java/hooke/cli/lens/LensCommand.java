package hooke.cli.lens;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.cli.arguments.RunArgument;
import hooke.cli.arguments.RunsNamed;
import hooke.cli.arguments.Target;
import hooke.cli.arguments.WholeRun;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.config.task.TaskConfig;
import hooke.lens.OpenedModel;
import hooke.store.Address;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.tensor.Libtorch;
import hooke.tensor.Scope;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code hooke lens}: looks into the model of a run, at any checkpoint. Each way of looking is a command of its own below it. */
@Command(
        name = "lens",
        synopsisSubcommandLabel = "LENS",
        description = "Look inside the model of a run at a checkpoint.",
        footer = {
            "",
            "Examples:",
            "  ./hooke lens list-copy/0 patterns",
            "  ./hooke lens quick-grok/0@500 patterns 7 16"
        })
public final class LensCommand implements Callable<Exit> {
    private final Terminal terminal;
    private final Supplier<Path> folder;

    @Mixin
    private RunArgument named = new RunArgument();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli fills it
    private CommandSpec spec;

    private LensCommand(Terminal terminal, Supplier<Path> folder) {
        this.terminal = terminal;
        this.folder = folder;
    }

    /** The command with all its lenses. */
    public static CommandLine commandLine(Terminal terminal, Supplier<Path> folder) {
        var lens = new LensCommand(terminal, folder);
        return new CommandLine(lens)
                .addSubcommand(new LensPatterns(terminal, lens))
                .addSubcommand(new LensAblate(terminal, lens))
                .addSubcommand(new LensPatch(terminal, lens))
                .addSubcommand(new LensLogits(terminal, lens))
                .addSubcommand(new LensCircuits(terminal, lens))
                .addSubcommand(new LensCache(terminal, lens))
                .addSubcommand(new LensSpectrum(terminal, lens))
                .addSubcommand(new LensProgress(terminal, lens))
                .addSubcommand(new LensProbe(terminal, lens))
                .addSubcommand(new LensReport(terminal, lens));
    }

    /**
     * A run opened at a checkpoint.
     *
     * @param address {@code name/seed@step}
     */
    record Looked(String address, RunReader reader, Checkpoint checkpoint, OpenedModel opened) {}

    /** {@code hooke lens RUN} alone. */
    @Override
    public Exit call() {
        List<String> lenses = List.copyOf(spec.subcommands().keySet());
        throw new InputException(
                "which lens? ./hooke lens %s LENS, one of %s".formatted(named.address(), String.join(", ", lenses)));
    }

    /** Gives the run that the command line names, which must not name a step. */
    Exit whole(String name, Consumer<RunReader> use) {
        try (Store store = Store.openReadOnly(folder.get())) {
            use.accept(store.read(WholeRun.find(store, named.address(), "lens " + name)));
        }
        return Exit.DONE;
    }

    /** What the run that the command line names was trained on. */
    TaskConfig task() {
        try (Store store = Store.openReadOnly(folder.get())) {
            return store.read(named.find(store).run()).experiment().task();
        }
    }

    /** Opens the run that the command line names at its checkpoint, in a scope of its own. */
    Exit look(Consumer<Looked> use) {
        try (Store store = Store.openReadOnly(folder.get())) {
            Address found = named.find(store);
            RunReader reader = store.read(found.run());
            List<Checkpoint> all = reader.checkpoints();
            String run = found.run().address();
            Check.that(!all.isEmpty(), "run %s has no checkpoint to look into yet", run);
            Checkpoint checkpoint =
                    found.step().isPresent() ? reader.checkpoint(found.step().getAsLong()) : all.getLast();
            look(reader, checkpoint, use);
        }
        return Exit.DONE;
    }

    /**
     * A file about a run, {@code list-copy-0-100-lens.html}, its folder made.
     *
     * @param out the folder; null for reports in the store
     */
    Path file(@Nullable Path out, String address, String what) {
        Path target = Target.folder(out == null ? Target.reports(folder.get()) : out);
        return target.resolve(stem(address) + "-" + what);
    }

    /** What the names of a run's files begin with. */
    static String stem(String address) {
        return address.replaceAll("[/@]", "-");
    }

    Path store() {
        return folder.get();
    }

    /** Every run that the command line names, each opened at its last checkpoint. See {@link RunsNamed}. */
    Exit lookAtAll(Consumer<Looked> use) {
        try (Store store = Store.openReadOnly(folder.get())) {
            List<Run> runs = RunsNamed.find(store, named.address());
            List<RunReader> readers = runs.stream()
                    .map(store::read)
                    .filter(reader -> !reader.checkpoints().isEmpty())
                    .toList();
            Check.that(!readers.isEmpty(), "no run of %s has a checkpoint to look into yet", named.address());
            if (readers.size() < runs.size()) {
                terminal.err()
                        .println("left out: %s without a checkpoint yet"
                                .formatted(Amounts.of(runs.size() - readers.size(), "run", "runs")));
            }
            for (RunReader reader : readers) {
                look(reader, reader.checkpoints().getLast(), use);
            }
        }
        return Exit.DONE;
    }

    private static void look(RunReader reader, Checkpoint checkpoint, Consumer<Looked> use) {
        // Before the first operation, as in training: more threads than it was trained with wait for each other.
        Libtorch.setThreads(Math.max(1, reader.experiment().train().threads()));
        try (var _ = new Scope()) {
            String address = reader.run().address() + "@" + checkpoint.step();
            use.accept(new Looked(address, reader, checkpoint, OpenedModel.of(reader, checkpoint)));
        }
    }
}
