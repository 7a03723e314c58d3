package hooke.cli.sweeps;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.cli.Session;
import hooke.cli.process.SameProgram;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The command as a process of its own, with its workers, and SIGKILL. */
class SweepCommandTest {
    private static final String SLOW = """
            base:
              task: {kind: modular-arithmetic, operation: add, modulus: 7, train_fraction: 0.8}
              model: {n_layers: 1, d_model: 16, n_heads: 2}
              train: {steps: 1500, batch: 13, evaluate_every: 10, checkpoint_every: 50}
            grid:
              model.norm: {noLN: none, LN: layer-norm}
            seeds: 2
            """;

    @TempDir
    Path dir;

    /** A command line in a process of its own, with this one's flags: what Java computes with is part of the bytes. */
    private Process start(Path store, String... words) throws IOException {
        List<String> command = SameProgram.words(words);
        command.addAll(List.of("--store", store.toString()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve("said.txt").toFile())
                .start();
    }

    /** A command line that nobody kills, inside this process, which spares a start; its workers are processes. */
    private static String done(Path store, String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.addAll(List.of("--store", store.toString()));
        Session session = Session.of(command.toArray(String[]::new));
        assertThat(session.status()).as(session.err()).isZero();
        return session.err() + session.out();
    }

    private String end(Process process) throws Exception {
        process.waitFor();
        return Files.readString(dir.resolve("said.txt"));
    }

    /** Waits until a run has stored a checkpoint beyond the first, or all is done. */
    private void awaitTraining(Process process, Path store) throws Exception {
        while (!process.waitFor(50, TimeUnit.MILLISECONDS)) {
            if (Files.exists(store.resolve("hooke.db"))) {
                try (Store open = Store.open(store)) {
                    if (open.runs().stream().anyMatch(r -> r.status() == Run.Status.RUNNING && r.step() > 50)) {
                        return;
                    }
                }
            }
        }
        assertThat(process.exitValue()).as(end(process)).isZero();
    }

    private static List<String> dump(Path store) {
        var lines = new TreeMap<String, String>();
        try (Store open = Store.openReadOnly(store)) {
            for (Run run : open.runs()) {
                RunReader reader = open.read(run);
                String series = reader.seriesNames().stream()
                        .filter(name -> !name.startsWith("machine/"))
                        .map(reader::series)
                        .map(s -> s.name() + Arrays.toString(s.steps()) + Arrays.toString(s.values()))
                        .sorted()
                        .toList()
                        .toString();
                // One who is told to end saves where he stands, which makes a checkpoint more.
                String checkpoints = reader.checkpoints().stream()
                        .filter(c -> c.step() % 50 == 0)
                        .map(c -> c.step() + c.weights().sha256())
                        .toList()
                        .toString();
                lines.put(run.address(), run.outcome() + series + reader.events() + checkpoints);
            }
        }
        return lines.entrySet().stream().map(Object::toString).toList();
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no SIGKILL")
    void killedWorkersCommandsAndAllLoseNothingAndDoNothingTwice() throws Exception {
        String file = Files.writeString(dir.resolve("slow.yaml"), SLOW).toString();
        Path undisturbed = dir.resolve("undisturbed");
        assertThat(done(undisturbed, "sweep", file, "--workers", "1")).contains("slow: 4 of 4 runs done");
        Path store = dir.resolve("struck");

        Process first = start(store, "sweep", file, "--workers", "2");
        awaitTraining(first, store);
        first.descendants().findFirst().ifPresent(ProcessHandle::destroyForcibly);
        awaitTraining(first, store);
        List<ProcessHandle> workers = first.descendants().toList();
        first.destroyForcibly();
        for (ProcessHandle worker : workers) {
            worker.onExit().join(); // Nobody tells them but the end of their input.
        }
        try (Store open = Store.openReadOnly(store)) {
            assertThat(open.runs()).extracting(Run::status).doesNotContain(Run.Status.RUNNING, Run.Status.FAILED);
        }

        Process second = start(store, "sweep", file, "--workers", "2");
        List<ProcessHandle> all = List.of();
        while (second.isAlive() && all.isEmpty()) {
            all = second.descendants().toList();
        }
        second.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        second.waitFor();

        String said = done(store, "sweep", "slow", "--workers", "3");
        assertThat(said).contains("slow: 4 of 4 runs done").doesNotContain("failed");
        assertThat(dump(store).equals(dump(undisturbed))).as("equal bytes").isTrue();

        List<Run> done = runs(store);
        assertThat(done(store, "sweep", file)).isEqualTo("slow: 4 of 4 runs done\n");
        assertThat(runs(store)).isEqualTo(done);

        assertThat(done(store, "sweep", file, "--seeds", "3")).contains("slow: 2 of 6 runs to do");
        assertThat(runs(store).subList(0, 4)).isEqualTo(done);
        assertThat(done(store, "sweep", file, "--set", "train.steps=20")).contains("slow: 4 of 4 runs to do");
        assertThat(runs(store)).hasSize(10);
    }

    /** Whoever goes on with a search is proposed the cells that one who never stopped was. */
    @Test
    void aSearchThatGoesOnTrainsTheSameCells() throws Exception {
        String search = """
                base:
                  task: {kind: modular-arithmetic, operation: add, modulus: 7, train_fraction: 0.8}
                  model: {n_layers: 1, d_model: 8, n_heads: 2}
                  train: {steps: 20, evaluate_every: 10, checkpoint_every: 0}
                random:
                  samples: %s
                  train.optimizer.lr: {distribution: log-uniform, min: 1e-4, max: 1}
                bayes: {metric: train-loss, startup: 2, batch: 2}
                """;
        Path file = dir.resolve("search.yaml");
        Files.writeString(file, search.formatted(4));
        Path parts = dir.resolve("parts");
        assertThat(done(parts, "sweep", file.toString(), "--workers", "2")).contains("search: 4 of 4 runs done");
        Files.writeString(file, search.formatted(6));
        assertThat(done(parts, "sweep", file.toString(), "--workers", "1"))
                .contains("search: 2 of 6 runs to do", "search: 6 of 6 runs done");
        Path straight = dir.resolve("straight");
        assertThat(done(straight, "sweep", file.toString(), "--workers", "1")).contains("search: 6 of 6 runs done");

        assertThat(dump(parts)).isEqualTo(dump(straight)).anyMatch(line -> line.startsWith("search.t006/0"));
        assertThat(done(parts, "sweep", "search")).isEqualTo("search: 6 of 6 runs done\n");
    }

    private static List<Run> runs(Path store) {
        try (Store open = Store.openReadOnly(store)) {
            return open.runs();
        }
    }

    @Test
    void withATimeItStopsAtACheckpointAndGoesOn() throws Exception {
        String file = Files.writeString(dir.resolve("long.yaml"), SLOW.replace("steps: 1500", "steps: 100000000"))
                .toString();
        Path store = dir.resolve("runs");

        // As much time as this machine takes until its workers train.
        String said = "";
        for (int seconds = 4; !said.contains("is saved at step"); seconds *= 2) {
            Process limited = start(store, "sweep", file, "--workers", "2", "--for", seconds + "s");
            said = end(limited);
            assertThat(limited.exitValue()).as(said).isZero();
        }

        assertThat(said).contains("the same command continues it");
        try (Store open = Store.openReadOnly(store)) {
            for (Run run : open.runs()) {
                assertThat(run.status()).isEqualTo(Run.Status.STOPPED);
                assertThat(open.read(run).lastCheckpoint().orElseThrow().step()).isEqualTo(run.step());
            }
        }
    }

    @Test
    void whatARungDecidesIsSaid() throws Exception {
        String file = Files.writeString(dir.resolve("halved.yaml"), SLOW.replace("1500", "20") + """
                halving: {metric: train-loss, rungs: [10]}
                """)
                .toString();

        Session trained =
                Session.of("sweep", file, "--store", dir.resolve("runs").toString());

        assertThat(trained.err()).contains("halving at step 10 by train-loss stops no cell: a cell has 2 seeds there");
    }

    @Test
    void aDryRunTellsWhatThereIsToDoAndMakesNoStore() throws Exception {
        String file = Files.writeString(dir.resolve("slow.yaml"), SLOW).toString();
        Path store = dir.resolve("runs");

        Session plan = Session.of("sweep", file, "--dry-run", "--workers", "2", "--store", store.toString());

        assertThat(plan.out())
                .containsPattern("noLN +[\\d,]+ +[\\d.]+ kFLOP +0 +2\n")
                .containsPattern("a run takes about [\\d.]+ \\w+|how long a run takes was not measured")
                .contains(
                        "2 cells, 2 seeds, 4 runs: 4 to do",
                        "with 2 workers: all steps and evaluations by their FLOPs");
        assertThat(store).doesNotExist();
    }

    @Test
    void whatIsWrongIsOneSentence() throws IOException {
        String store = dir.resolve("runs").toString();
        Path file = Files.writeString(dir.resolve("bad.yaml"), SLOW.replace("seeds: 2", "seeds: 0"));

        assertThat(Session.of("sweep", file.toString(), "--store", store).err())
                .isEqualTo(
                        "hooke: " + file
                                + ":7: seeds (0) must be how many (at least 1, at most 100,000) or a list of them, in brackets\n");
        assertThat(Session.of("sweep", "nothing-like-it", "--store", store).err())
                .startsWith("hooke: there is no sweep and no file called nothing-like-it");
        assertThat(Session.of("sweep", dir.toString(), "--store", store).err())
                .isEqualTo("hooke: " + dir + ": is a folder; name a sweep file, which ends with .yaml\n");
        assertThat(Session.of("import-runs", dir.toString(), "--store", store).err())
                .isEqualTo("hooke: " + dir + " is a folder; name a file written by export-runs\n");
        assertThat(Session.of("sweep", file.toString(), "--seeds", "2", "--for", "soon", "--store", store)
                        .err())
                .isEqualTo("hooke: --for (soon) must be a time like 90m, 2h30m or 45s\n");
        assertThat(Session.of("sweep", file.toString(), "--workers", "0", "--store", store)
                        .err())
                .isEqualTo("hooke: --workers (0) must be from 1 to 1024\n");
        assertThat(Session.of("ls", "--sweep", "none", "--store", store).status())
                .isEqualTo(2);
    }
}
