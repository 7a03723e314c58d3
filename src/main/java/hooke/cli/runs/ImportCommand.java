package hooke.cli.runs;

import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.Sha256;
import hooke.cli.arguments.ExperimentArgument;
import hooke.cli.arguments.Given;
import hooke.cli.process.Origin;
import hooke.cli.terminal.Exit;
import hooke.cli.terminal.Json;
import hooke.cli.terminal.Terminal;
import hooke.config.Estimates;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.Fit;
import hooke.interop.ModmulCheckpoint;
import hooke.interop.RunImport;
import hooke.interop.names.Located;
import hooke.interop.names.StateDict;
import hooke.interop.names.UnknownModel;
import hooke.interop.names.WeightsFile;
import hooke.store.Store;
import hooke.train.ResultJson;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hooke import}: makes a run of a file that another program trained. */
@Command(
        name = "import",
        description = {
            "Turn a file from another program into a run: PyTorch's .pth, or safetensors.",
            "Nothing in the file is ever executed. The weight names of TransformerLens, nanoGPT and x-transformers are recognized."
        },
        footer = {
            "",
            "Examples:",
            "  ./hooke import mod_mult_grokking.pth --as modmul",
            "  ./hooke import weights.pth --like quick-grok"
        })
public final class ImportCommand implements Callable<Exit> {
    /** Layouts that say more than weights. */
    private enum Layout {
        /** The modular multiplication card's: all checkpoints, series and indices of a training. */
        MODMUL
    }

    /** What --task takes. */
    private enum NoTask {
        NONE
    }

    private final Terminal terminal;
    private final Supplier<Path> folder;
    private final List<String> words;

    @Parameters(paramLabel = "FILE", description = "The file: .pth (zip or the older form) or .safetensors.")
    private Path file = Path.of("");

    @Option(
            names = "--as",
            paramLabel = "LAYOUT",
            description = "modmul: a whole training run, in the layout of the published modular multiplication model.")
    private @Nullable Layout layout;

    @Option(
            names = "--like",
            paramLabel = "EXPERIMENT",
            description =
                    "The experiment that the weights belong to; with --as modmul, it supplies what the file does not say.")
    private @Nullable String like;

    @Option(names = "--name", paramLabel = "NAME", description = "Name of the run (default: the file's).")
    private @Nullable String name;

    @Option(
            names = "--task",
            paramLabel = "none",
            description =
                    "none: the task is unknown and the weights are only to be inspected; sizes are taken from the file.")
    private @Nullable NoTask task;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Which dict of weights to take from a file with several: ema, or a/b if nested.")
    private @Nullable String key;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Set a key of the experiment, as in --set task.operation=add; may be repeated.")
    private List<String> settings = List.of();

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    /** @param words of the whole command line, for the run's provenance */
    public ImportCommand(Terminal terminal, Supplier<Path> folder, List<String> words) {
        this.terminal = terminal;
        this.folder = folder;
        this.words = words;
    }

    @Override
    public Exit call() {
        Given.checkFile(file, "a file of weights");
        try (Arena arena = Arena.ofConfined()) {
            Check.that(
                    task == null || like == null && layout == null,
                    "--task none cannot be combined with --like or --as");
            RunImport.Imported imported =
                    task != null ? unknown(arena) : layout == null ? weights(arena) : modmul(arena);
            print(imported);
        }
        return Exit.DONE;
    }

    private RunImport.Imported modmul(Arena arena) {
        Located opened = WeightsFile.open(file, arena);
        Experiment base =
                Experiments.named(like == null ? ModmulCheckpoint.LIKE : like, ExperimentArgument.folder(), List.of());
        var recorded = ModmulCheckpoint.read(opened, name(), base, settings);
        try (Store store = Store.open(folder.get())) {
            return importer(store).modmul(recorded);
        }
    }

    private RunImport.Imported weights(Arena arena) {
        if (like == null) {
            throw new InputException(
                    "weights alone do not say which model they belong to: name the experiment with --like, or the layout with --as modmul; --task none imports them for inspection only");
        }
        StateDict found = StateDict.find(WeightsFile.open(file, arena), key).beside(file);
        Experiment asked = like(like, List.of());
        OptionalLong step = found.step(Estimates.of(asked).data().batchesAnEpoch());
        Experiment experiment =
                step.orElse(0) > asked.train().steps() ? like(like, List.of("train.steps=" + step.getAsLong())) : asked;
        Check.that(
                step.orElse(0) <= experiment.train().steps(),
                "%s: its weights have had %s updates, more than train.steps (%s)",
                file,
                step.orElse(0),
                experiment.train().steps());
        Fit.here().check(experiment);
        var weights = found.weights(experiment.model());
        try (Store store = Store.open(folder.get())) {
            return importer(store).weights(experiment, weights, step);
        }
    }

    private RunImport.Imported unknown(Arena arena) {
        StateDict found = StateDict.find(WeightsFile.open(file, arena), key).beside(file);
        OptionalLong step = found.step(1);
        List<String> sets = new ArrayList<>(List.of("name=" + name(), "tags=[imported]"));
        sets.addAll(UnknownModel.settings(found));
        sets.add("train.steps=" + Math.max(1, step.orElse(1)));
        sets.addAll(settings);
        Experiment experiment =
                Experiments.parse("task: {kind: none}", name(), sets).resolved(1);
        Fit.here().checkLook(experiment);
        var weights = found.weights(experiment.model());
        try (Store store = Store.open(folder.get())) {
            return importer(store).unknown(experiment, weights, step);
        }
    }

    /** @param sets what the file says, which settings of the command line go over */
    private Experiment like(String experiment, List<String> sets) {
        List<String> all = new ArrayList<>(List.of("name=" + name(), "tags=[imported]"));
        all.addAll(sets);
        all.addAll(settings);
        return Experiments.named(experiment, ExperimentArgument.folder(), all).resolved(1);
    }

    private RunImport importer(Store store) {
        return new RunImport(store, Origin.of(words), String.valueOf(file.getFileName()), sha256());
    }

    private String name() {
        String given = Objects.requireNonNullElse(name, String.valueOf(file.getFileName()));
        return name != null ? given : given.replaceAll("\\.(pth|pt|ckpt|safetensors|bin)$", "");
    }

    private String sha256() {
        try {
            return Sha256.of(file);
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + Reason.of(e), e);
        }
    }

    private Experiment experiment(hooke.store.Run run) {
        try (Store store = Store.openReadOnly(folder.get())) {
            return store.read(run).experiment();
        }
    }

    private void print(RunImport.Imported imported) {
        String address = imported.run().address();
        if (json) {
            var map = new LinkedHashMap<String, Object>();
            map.put("run", address);
            map.put("result", Json.tree(ResultJson.write(imported.result())));
            terminal.out().print(Json.text(map));
            return;
        }
        terminal.out().print(terminal.bold(address) + "\n" + Ending.of(experiment(imported.run()), imported.result()));
        terminal.out().println("\nin " + folder.get() + "; ./hooke show " + address + " shows it");
    }
}
