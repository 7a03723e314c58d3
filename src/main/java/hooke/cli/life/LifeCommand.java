package hooke.cli.life;

import hooke.Check;
import hooke.InputException;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Terminal;
import hooke.config.task.LifeConfig;
import hooke.fused.decode.Decoder;
import hooke.fused.decode.Sampling;
import hooke.fused.decode.Storage;
import hooke.fused.kernels.Kernel;
import hooke.store.Address;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.task.life.Player;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code hooke life}: what a model of Life can do. Each way to try it is a command of its own below it. */
@Command(
        name = "life",
        synopsisSubcommandLabel = "COMMAND",
        description = "Test a model of Life board by board, let it play, or look into it.",
        footer = {
            "",
            "Examples:",
            "  ./hooke life test life-small",
            "  ./hooke life play life-small --start glider --steps 20 --gif",
            "  ./hooke life look life-small"
        })
public final class LifeCommand implements Callable<Exit> {
    private final Supplier<Path> folder;

    private LifeCommand(Supplier<Path> folder) {
        this.folder = folder;
    }

    /** The command with those below it. */
    public static CommandLine commandLine(Terminal terminal, Supplier<Path> folder) {
        var life = new LifeCommand(folder);
        return new CommandLine(life)
                .addSubcommand(new LifeTestCommand(terminal, life))
                .addSubcommand(new LifePlayCommand(terminal, life))
                .addSubcommand(new LifeLookCommand(terminal, life));
    }

    @Override
    public Exit call() {
        throw new InputException(
                "which command? ./hooke life test RUN, ./hooke life play RUN, or ./hooke life look RUN");
    }

    /**
     * A run of Life with its model at a checkpoint.
     *
     * @param address {@code name/seed@step}
     */
    record Opened(String address, RunReader reader, LifeConfig config, Player player) {}

    Path store() {
        return folder.get();
    }

    /** A run of Life at a checkpoint. */
    record Found(String address, RunReader reader, LifeConfig config, Checkpoint checkpoint) {}

    /** Finds the run's checkpoint, readable as long as it is used. */
    void find(String address, Consumer<Found> use) {
        try (Store store = Store.openReadOnly(folder.get())) {
            Address found = store.find(address);
            RunReader reader = store.read(found.run());
            String run = found.run().address();
            if (!(reader.experiment().task() instanceof LifeConfig config)) {
                throw new InputException("run %s does not play Life: it learned %s"
                        .formatted(run, reader.experiment().task().learns()));
            }
            List<Checkpoint> all = reader.checkpoints();
            Check.that(!all.isEmpty(), "run %s has no checkpoint to ask yet", run);
            Checkpoint checkpoint =
                    found.step().isPresent() ? reader.checkpoint(found.step().getAsLong()) : all.getLast();
            use.accept(new Found(run + "@" + checkpoint.step(), reader, config, checkpoint));
        }
    }

    /** Opens the run at its checkpoint, as long as it is used. */
    void open(String address, Sampling sampling, long seed, Consumer<Opened> use) {
        find(address, found -> {
            RunReader reader = found.reader();
            try (Arena arena = Arena.ofConfined();
                    var decoder = new Decoder(
                            reader.experiment().model(),
                            found.checkpoint().weights().open(arena).tensors(),
                            Storage.FLOAT32,
                            Math.max(1, reader.experiment().train().threads()),
                            Kernel.best())) {
                var player = new DecodedPlayer(decoder, sampling, seed);
                use.accept(new Opened(found.address(), reader, found.config(), player));
            }
        });
    }
}
