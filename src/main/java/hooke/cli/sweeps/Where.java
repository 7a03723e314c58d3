package hooke.cli.sweeps;

import hooke.Amounts;
import hooke.Check;
import hooke.cli.process.Origin;
import hooke.cli.process.SameProgram;
import hooke.config.TrainConfig;
import hooke.sweep.Sweep;
import hooke.sweep.work.LikeMachines;
import hooke.sweep.work.Processes;
import hooke.sweep.work.Workplace;
import hooke.sweep.work.Workplaces;
import hooke.tensor.Device;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where the runs of a sweep are trained. */
public final class Where {
    private static final String PROCESSES = "processes";
    private static final int DEFAULT_WORKERS = -1;

    @Option(
            names = "--on",
            paramLabel = "WHERE",
            description =
                    "Where to train: processes of this machine (the default), or Spark as local[N] or spark://HOST:PORT; see docs/spark.md.")
    private String on = PROCESSES;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description =
                    "Processes to run side by side, each with one thread (default: one per core; one on a GPU). On Spark: runs at once, at most.")
    private int workers = DEFAULT_WORKERS;

    @Option(
            names = "--place",
            paramLabel = "PLACE",
            description =
                    "On Spark: a folder that all machines see, or s3://BUCKET/PREFIX, for checkpoints and finished runs.")
    private @Nullable String place;

    @Option(
            names = "--conf",
            paramLabel = "KEY=VALUE",
            description = "On Spark: one of its settings, as in spark.executor.memory=2g; can be repeated.")
    private Map<String, String> settings = new LinkedHashMap<>();

    @Option(
            names = "--like-machines",
            description =
                    "Train only on machines that compute with the same instructions as the runs that are there, or as the first machine.")
    private boolean alike;

    /** Throws {@link hooke.InputException} for options that do not go together. */
    void check() {
        Check.that(
                workers == DEFAULT_WORKERS || workers >= 1 && workers <= 1024,
                "--workers (%s) must be from 1 to 1024",
                workers);
        Check.that(place == null || isElsewhere(), "--place is for a sweep --on Spark; processes need none");
        Check.that(settings.isEmpty() || isElsewhere(), "--conf is for a sweep --on Spark; processes have no settings");
    }

    private boolean isElsewhere() {
        return !on.equals(PROCESSES);
    }

    /** Processes side by side on this machine. */
    private int workers(Sweep sweep) {
        int byDefault = onGpu(sweep) ? 1 : Runtime.getRuntime().availableProcessors();
        return workers == DEFAULT_WORKERS ? byDefault : workers;
    }

    /** What would train so many runs, without beginning with it. */
    SweepTime.Crew crew(Sweep sweep, int runs, Path store, List<String> words, Consumer<String> remark) {
        if (!isElsewhere()) {
            int size = Math.min(runs, workers(sweep));
            return new SweepTime.Crew(size, Amounts.of(size, "worker", "workers"));
        }
        try (Workplace workplace = open(sweep, store, words, null, remark)) {
            int size = workplace.atOnce(sweep, runs);
            return new SweepTime.Crew(size, Amounts.of(size, "run", "runs") + " at once on " + on);
        }
    }

    private static boolean onGpu(Sweep sweep) {
        return sweep.cells().stream().anyMatch(c -> c.experiment().train().device() == TrainConfig.Device.CUDA);
    }

    /**
     * Opens it.
     *
     * @param words of the command line
     * @param log to which the runs' events are added, or null
     * @param remark hears what the user should know meanwhile
     */
    Workplace open(Sweep sweep, Path store, List<String> words, @Nullable Path log, Consumer<String> remark) {
        if (!isElsewhere()) {
            if (onGpu(sweep)) {
                Device.CUDA.checkAvailable();
            }
            alike(sweep, store).ifPresent(Where::checkHere);
            return processes(sweep, store, words, log);
        }
        Check.that(log == null, "--log-json is for processes of this machine: on %s nobody writes to a file here", on);
        Check.that(
                !onGpu(sweep), "a sweep on a GPU (train.device: cuda) is trained by processes; leave --on %s out", on);
        var asked = new Workplaces.Asked(
                on,
                store,
                Origin.of(words),
                workers == DEFAULT_WORKERS ? OptionalInt.empty() : OptionalInt.of(workers),
                Optional.ofNullable(place),
                alike(sweep, store),
                settings,
                remark);
        Optional<Workplace> found = Workplaces.open(asked);
        Check.that(
                found.isPresent() || !on.matches("spark://.*|local\\[.*"),
                "--on %s needs Hooke's module for Spark, which this build leaves out: HOOKE_PROFILE=spark ./hooke sweep ... builds it",
                on);
        Check.that(
                found.isPresent(),
                "--on (%s) must be processes, local[N] or spark://HOST:PORT%s",
                on,
                Check.didYouMean(on, List.of(PROCESSES, "local[2]")));
        return found.orElseThrow();
    }

    private Optional<LikeMachines> alike(Sweep sweep, Path store) {
        return alike ? Optional.of(LikeMachines.of(sweep, store)) : Optional.empty();
    }

    private static void checkHere(LikeMachines alike) {
        String here = Origin.of(List.of()).likeness();
        Check.that(
                alike.admits(here),
                "this machine computes with %s, and the runs that are there were computed with %s: go on with them on such a machine, or without --like-machines",
                here,
                alike.wanted());
    }

    private Workplace processes(Sweep sweep, Path store, List<String> words, @Nullable Path log) {
        List<String> worker = new ArrayList<>(
                List.of("sweep-worker", "--store", store.toString(), "--for-command", String.join(" ", words)));
        if (log != null) {
            worker.addAll(List.of("--log-json", log.toString()));
        }
        return new Processes(SameProgram.words(worker.toArray(String[]::new)), workers(sweep));
    }
}
