package hooke.check;

import hooke.Check;
import hooke.InputException;
import hooke.config.Experiment;
import hooke.store.Event;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.store.series.Series;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Trains an experiment once undisturbed and then again while its process is interrupted at random moments, killed without warning or asked
 * to end, started anew each time, and compares: every point of every series, every event, every checkpoint must be the same, byte for
 * byte. What tells of the machine (series {@code machine/...}) is left out.
 */
public final class VerifyResume {
    private final Experiment experiment;
    private final Function<Path, List<String>> command;
    private final Path folder;
    private final Consumer<String> progress;

    /** What ends a process: as a crash does, as Ctrl-C, as {@code kill}, as its terminal when it is closed. */
    public enum Signal {
        KILL,
        INT,
        TERM,
        HUP;

        /**
         * Those that end a process that is started from here. Without a shell that is only the first; and what this process ignores, as
         * under {@code nohup} or in the background of a script, those that it starts ignore, too.
         */
        public static List<Signal> heeded() {
            return Stream.of(values())
                    .filter(signal -> signal == KILL
                            || File.separatorChar == '/' && shell("kill -s " + signal + " $$; exit 0") != 0)
                    .toList();
        }

        private void send(Process process) {
            if (this == KILL) {
                process.destroyForcibly();
            } else {
                shell("kill -s " + this + " " + process.pid()); // that it has ended meanwhile is no error
            }
        }

        private static int shell(String line) {
            try {
                Process shell = new ProcessBuilder("sh", "-c", line)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                waitFor(shell, Long.MAX_VALUE);
                return shell.exitValue();
            } catch (IOException e) {
                throw new UncheckedIOException("sh", e);
            }
        }
    }

    /**
     * What was found.
     *
     * @param kills how many training processes were ended
     * @param signals how many of them by which signal
     * @param trainings disturbed trainings that these kills were spread over
     * @param inTraining kills of processes that had begun to train
     * @param differences sentences; empty if all is equal
     */
    public record Report(
            int kills, Map<Signal, Integer> signals, int trainings, int inTraining, List<String> differences) {
        public Report {
            signals = Collections.unmodifiableMap(signals);
        }

        public boolean agrees() {
            return differences.isEmpty();
        }
    }

    private VerifyResume(
            Experiment experiment, Function<Path, List<String>> command, Path folder, Consumer<String> progress) {
        this.experiment = experiment;
        this.command = command;
        this.folder = folder;
        this.progress = progress;
    }

    /**
     * @param experiment resolved
     * @param command that trains it into the store given, as a process of its own, and exits with 0 when it is done
     * @param folder for the stores; left as it was
     * @param kills at least so many
     * @param seed of the moments
     * @param progress hears a sentence now and then
     */
    public static Report run(
            Experiment experiment,
            Function<Path, List<String>> command,
            Path folder,
            int kills,
            long seed,
            Consumer<String> progress) {
        Check.that(kills >= 1 && kills <= 10_000, "kills (%s) must be from 1 to 10000", kills);
        var verify = new VerifyResume(experiment, command, folder, progress);
        try {
            return verify.run(kills, new Random(seed));
        } finally {
            verify.clean();
        }
    }

    private Report run(int kills, Random random) {
        Path undisturbed = folder.resolve("undisturbed");
        long start = System.nanoTime();
        Process whole = start(undisturbed);
        Check.that(waitFor(whole, Long.MAX_VALUE), "the undisturbed training did not end");
        Check.that(
                whole.exitValue() == 0,
                "the undisturbed training ended with exit code %s: %s",
                whole.exitValue(),
                lastLines());
        double seconds = (System.nanoTime() - start) / 1e9;
        progress.accept("undisturbed: %.1f s".formatted(seconds));
        List<String> differences = new ArrayList<>();
        List<Signal> heeded = Signal.heeded();
        Map<Signal, Integer> signals = new EnumMap<>(Signal.class);
        int killed = 0;
        int inTraining = 0;
        int trainings = 0;
        while (killed < kills && differences.isEmpty()) {
            Path disturbed = folder.resolve("disturbed-" + ++trainings);
            boolean done = false;
            for (int attempt = 0; !done; attempt++) {
                // A process that is always killed while it starts gets nowhere: later attempts are left more time.
                long nanos = (long) (random.nextDouble() * seconds * (1 + attempt / 4) * 1e9);
                Process process = start(disturbed);
                done = waitFor(process, killed >= kills ? Long.MAX_VALUE : nanos);
                if (!done) {
                    boolean begun = hasBegun(disturbed);
                    Signal signal = heeded.get(killed % heeded.size());
                    signal.send(process);
                    waitFor(process, Long.MAX_VALUE);
                    done = process.exitValue() == 0; // just before the signal came
                    if (!done) {
                        killed++;
                        signals.merge(signal, 1, Integer::sum);
                        inTraining += begun ? 1 : 0;
                    }
                }
                Check.that(
                        !done || process.exitValue() == 0,
                        "a training that was interrupted before ended with exit code %s: %s",
                        process.exitValue(),
                        lastLines());
            }
            differences.addAll(compare(undisturbed, disturbed));
            progress.accept("%s of %s interruptions, %s: %s"
                    .formatted(
                            killed,
                            kills,
                            trainings == 1 ? "1 training" : trainings + " trainings",
                            differences.isEmpty() ? "all equal" : differences.getFirst()));
        }
        return new Report(killed, signals, trainings, inTraining, List.copyOf(differences));
    }

    private boolean hasBegun(Path folderOfStore) {
        if (!Files.isDirectory(folderOfStore)) {
            return false;
        }
        try (Store store = Store.openReadOnly(folderOfStore)) {
            return store.find(experiment).isPresent();
        } catch (InputException notYet) {
            return false;
        }
    }

    private Process start(Path store) {
        try {
            return new ProcessBuilder(command.apply(store))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.to(log().toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log() {
        return folder.resolve("last-process.log");
    }

    private String lastLines() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join(" / ", lines.subList(Math.max(0, lines.size() - 3), lines.size()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean waitFor(Process process, long nanos) {
        try {
            return process.waitFor(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a training ran", e);
        }
    }

    /** What differs between the run in one store and in another, as sentences. */
    private List<String> compare(Path undisturbed, Path disturbed) {
        try (Store one = Store.openReadOnly(undisturbed);
                Store other = Store.openReadOnly(disturbed)) {
            RunReader a = one.read(run(one));
            RunReader b = other.read(run(other));
            List<String> differences = new ArrayList<>();
            if (!names(a).equals(names(b))) {
                differences.add("series " + names(a) + " against " + names(b));
                return differences;
            }
            for (String name : names(a)) {
                Series x = a.series(name);
                Series y = b.series(name);
                if (!Arrays.equals(x.steps(), y.steps()) || !sameBits(x.values(), y.values())) {
                    differences.add("series %s differs first at point %s of %s and %s"
                            .formatted(name, firstDifference(x, y), x.size(), y.size()));
                }
            }
            if (a.run().status() != b.run().status()) {
                differences.add(
                        "status " + a.run().status() + " against " + b.run().status());
            }
            List<Event> events = a.events();
            if (!events.equals(b.events())) {
                differences.add("events " + events + " against " + b.events());
            }
            if (!checkpoints(a).equals(checkpoints(b))) {
                differences.add("checkpoints " + checkpoints(a) + " against " + checkpoints(b));
            }
            if (!String.valueOf(a.run().outcome()).equals(b.run().outcome())) {
                differences.add(
                        "outcome " + a.run().outcome() + " against " + b.run().outcome());
            }
            return differences;
        }
    }

    private Run run(Store store) {
        return store.find(experiment).orElseThrow(() -> new InputException(store.folder() + " holds no such run"));
    }

    private static List<String> names(RunReader run) {
        return run.seriesNames().stream()
                .filter(name -> !name.startsWith("machine/"))
                .sorted()
                .toList();
    }

    private static boolean sameBits(double[] a, double[] b) {
        return Arrays.equals(
                Arrays.stream(a).mapToLong(Double::doubleToRawLongBits).toArray(),
                Arrays.stream(b).mapToLong(Double::doubleToRawLongBits).toArray());
    }

    private static int firstDifference(Series a, Series b) {
        int steps = Arrays.mismatch(a.steps(), b.steps());
        int values = Arrays.mismatch(a.values(), b.values());
        return steps < 0 ? values : values < 0 ? steps : Math.min(steps, values);
    }

    /** Weights of every checkpoint, and the optimizer's state where it is kept, by their SHA-256. */
    private static List<String> checkpoints(RunReader run) {
        List<String> all = new ArrayList<>();
        for (Checkpoint checkpoint : run.checkpoints()) {
            var state = checkpoint.state();
            all.add(checkpoint.step() + " " + checkpoint.weights().sha256() + " "
                    + (state == null ? "" : state.sha256()));
        }
        return all;
    }

    private void clean() {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                if (!path.equals(folder)) {
                    Files.delete(path);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(folder.toString(), e);
        }
    }
}
