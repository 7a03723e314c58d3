package hooke.cli.runs;

import hooke.Amounts;
import hooke.Check;
import hooke.InputException;
import hooke.Reason;
import hooke.cli.arguments.RunsNamed;
import hooke.cli.terminal.Terminal;
import hooke.store.Run;
import hooke.store.Store;
import hooke.store.StoredSweep;
import hooke.track.TrackedRun;
import hooke.track.mlflow.MlflowExport;
import hooke.track.mlflow.MlflowServer;
import hooke.track.tensorboard.EventFile;
import hooke.track.wandb.WandbExport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The trackers that {@code export} sends whole runs to, and the sending. */
final class TrackerOptions {
    @Option(
            names = "--tensorboard",
            paramLabel = "DIR",
            description = "Write event files for TensorBoard, each run in a folder of its own below DIR.")
    private @Nullable Path tensorboard;

    @Option(
            names = "--mlflow",
            paramLabel = "URL",
            description = {
                "Send to the MLflow server at URL what it does not have yet;",
                "MLFLOW_TRACKING_USERNAME and _PASSWORD, or _TOKEN, are used if set."
            })
    private @Nullable String mlflow;

    @Option(
            names = "--wandb",
            paramLabel = "DIR",
            description = "Write offline runs for Weights & Biases below DIR/wandb; wandb sync uploads them.")
    private @Nullable Path wandb;

    @Option(
            names = "--python",
            paramLabel = "PROGRAM",
            description = "The Python whose package wandb --wandb uses (default: python3).")
    private @Nullable String python;

    /** Whether one of them is asked for. */
    boolean isGiven() {
        Check.that(python == null || wandb != null, "--python is for --wandb: give its folder, too");
        return chosen() > 0;
    }

    private long chosen() {
        return Stream.of(tensorboard != null, mlflow != null, wandb != null)
                .filter(given -> given)
                .count();
    }

    /** Sends every run that the words name, each under the sweep or experiment that it belongs to. */
    void send(Terminal terminal, Store store, List<String> words) {
        Check.that(chosen() == 1, "export writes for one of --tensorboard, --mlflow and --wandb at a time");
        Function<TrackedRun, String> tracker = tracker();
        Map<Run, String> groups = new LinkedHashMap<>();
        for (String word : words) {
            RunsNamed.whole(store, word, "export").forEach(run -> groups.putIfAbsent(run, group(store, word, run)));
        }
        OffsetDateTime now = OffsetDateTime.now(Clock.system(ZoneId.systemDefault()));
        groups.forEach((run, group) -> {
            String told = tracker.apply(TrackedRun.of(store.read(run), group, now));
            terminal.out().println(run.address() + ": " + told);
            terminal.out().flush();
        });
    }

    /** The sweep that was asked for, or that the run is a cell of; else the experiment as it calls itself. */
    private static String group(Store store, String word, Run run) {
        return store.sweeps().stream()
                .map(StoredSweep::name)
                .filter(sweep -> word.equals(sweep)
                        || word.startsWith(sweep + ".")
                        || run.name().startsWith(sweep + "."))
                .findFirst()
                .orElse(run.base());
    }

    private Function<TrackedRun, String> tracker() {
        if (tensorboard != null) {
            Path folder = folder("--tensorboard", tensorboard);
            return run -> EventFile.write(run, folder).toString();
        }
        if (wandb != null) {
            Path folder = folder("--wandb", wandb);
            var export = new WandbExport(python == null ? "python3" : python);
            return run -> export.write(run, folder).toString();
        }
        MlflowServer server = MlflowServer.at(String.valueOf(mlflow), MlflowServer.authorization(System.getenv()));
        var export = new MlflowExport(server);
        return run -> {
            MlflowExport.Told told = export.send(run);
            return "%s sent, %s".formatted(Amounts.of(told.sent(), "point", "points"), told.page());
        };
    }

    private static Path folder(String option, Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException("%s (%s) cannot be made: %s".formatted(option, folder, Reason.of(e)), e);
        }
    }
}
