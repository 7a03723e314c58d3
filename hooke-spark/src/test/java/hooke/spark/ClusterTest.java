package hooke.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hooke.spark.Lab.Cluster;
import hooke.store.Run;
import hooke.store.Store;
import hooke.sweep.Sweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A master and two workers as processes of their own, and SIGKILL. */
class ClusterTest {
    /** How often each kind of process is killed; {@code -Dhooke.kills=20} for the whole number. */
    private static final int KILLS = Integer.getInteger("hooke.kills", 1);

    @TempDir
    private static Path shared = Path.of("");

    private static @Nullable Cluster running;

    @TempDir
    Path dir;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(Files.exists(Path.of("/bin/sh")), "the script needs a shell");
        running = Cluster.start(shared.resolve("cluster"));
    }

    @AfterAll
    static void stop() throws Exception {
        if (running != null) {
            running.close();
        }
    }

    private static Cluster cluster() {
        return Objects.requireNonNull(running);
    }

    /** A command line in a process of its own. */
    private Process sweep(Path store, String file) throws IOException {
        List<String> command = new ArrayList<>(
                Lab.java("hooke.cli.Main", "sweep", file, "--on", cluster().master()));
        command.addAll(List.of("--place", dir.resolve("place").toString(), "--store", store.toString()));
        return start(command);
    }

    private Process start(List<String> command) throws IOException {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(dir.resolve("said.txt").toFile()))
                .start();
    }

    /** Waits until checkpoints are on their way, and a moment more. */
    private boolean await(Process driver, long millis) throws InterruptedException {
        Path unfinished = dir.resolve("place/references/unfinished");
        while (driver.isAlive()) {
            String[] runs = unfinished.toFile().list();
            if (runs != null && runs.length > 0) {
                return !driver.waitFor(millis, TimeUnit.MILLISECONDS);
            }
            driver.waitFor(50, TimeUnit.MILLISECONDS);
        }
        return false;
    }

    @Test
    void killedExecutorsWorkersMastersAndDriversLoseNothingAndDoNothingTwice() throws Exception {
        var random = new Random(16);
        var lab = new Lab(dir);
        String text = Lab.text(3000) + "grid: {model.norm: {noLN: none, LN: layer-norm}}\nseeds: " + 2 * KILLS + "\n";
        String file = Files.writeString(dir.resolve("tiny.yaml"), text).toString();
        Path store = lab.store("struck");
        int struck = 0;
        Cluster cluster = cluster();
        Process driver = sweep(store, file);
        for (int i = 0; i < 4 * KILLS && await(driver, random.nextInt(1500)); i++) {
            switch (i % 4) {
                case 0 -> cluster.executor("worker-1").ifPresent(ProcessHandle::destroyForcibly);
                case 1 -> {
                    ProcessHandle master = cluster.daemon("master");
                    master.destroyForcibly();
                    master.onExit().join();
                    cluster.say("master");
                }
                case 2 -> {
                    driver.destroyForcibly().waitFor();
                    driver = sweep(store, file);
                }
                default -> {
                    ProcessHandle worker = cluster.daemon("worker-2");
                    Optional<ProcessHandle> executor = cluster.executor("worker-2");
                    worker.destroyForcibly();
                    executor.ifPresent(ProcessHandle::destroyForcibly);
                    worker.onExit().join();
                    cluster.say("workers");
                }
            }
            struck++;
        }
        driver.waitFor();
        String said = Files.readString(dir.resolve("said.txt"));
        assertThat(driver.exitValue()).as(said).isZero();
        assertThat(said).doesNotContain("failed").doesNotContain("Exception");
        assertThat(struck).as("kills before all was done").isPositive();
        Sweep sweep = hooke.sweep.file.Sweeps.parse(text, "tiny.yaml", hooke.sweep.file.Sweeps.Options.NONE);
        lab.byProcesses("straight", sweep);
        try (Store open = Store.openReadOnly(store)) {
            assertThat(open.runs()).hasSize(4 * KILLS).allMatch(run -> run.status() == Run.Status.DONE);
        }
        assertThat(lab.dump("struck").equals(lab.dump("straight")))
                .as("equal bytes")
                .isTrue();
    }

    @Test
    void aProgramSubmitsASweep() throws Exception {
        Path page = Path.of("..", "docs", "spark", "Submit.java");
        String file = Files.writeString(dir.resolve("tiny.yaml"), Lab.text(60) + "seeds: 3\n")
                .toString();
        List<String> program = Lab.java(
                page.toString(),
                file,
                cluster().master(),
                dir.resolve("place").toString(),
                dir.resolve("runs").toString());

        Process submitted = start(program);
        submitted.waitFor();

        assertThat(Files.readString(dir.resolve("said.txt"))).contains("tiny is trained: 3 runs");
        assertThat(new Lab(dir).dump("runs")).hasSize(3).allMatch(line -> line.contains("=DONE "));
        try (Stream<String> lines = Files.lines(page)) {
            assertThat(lines.filter(line -> !line.isBlank())).hasSizeLessThan(20);
        }
    }
}
