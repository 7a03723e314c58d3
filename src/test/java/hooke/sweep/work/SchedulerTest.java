package hooke.sweep.work;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.store.Run;
import hooke.store.Store;
import hooke.sweep.CellResults;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import hooke.sweep.SweepRun.Status;
import hooke.sweep.TinySweeps;
import hooke.sweep.file.Sweeps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real worker processes, good ones and ones with planted faults. */
class SchedulerTest {
    /** {@code -Dhooke.tiny=300} for the whole number. */
    private static final int TINY = Integer.getInteger("hooke.tiny", 24);

    @TempDir
    Path dir;

    private final List<String> heard = new ArrayList<>();

    private final Scheduler.Watcher watcher = new Scheduler.Watcher() {
        @Override
        public void ended(Scheduler.Job job, Scheduler.End end) {
            heard.add(job.name() + " " + end);
        }
    };

    private SweepResults train(Store store, Sweep sweep, int workers, BooleanSupplier stop, String... faults) {
        var processes = new Processes(PlantedWorker.command(store.folder(), dir, faults), workers);
        new Scheduler(store.folder(), PlantedWorker.HERE, processes, stop, watcher).train(sweep);
        return SweepResults.read(store, sweep);
    }

    private static long tries(Path dir, String label) throws IOException {
        try (Stream<Path> notes = Files.list(dir)) {
            return notes.filter(n -> n.getFileName().toString().startsWith(label + "-"))
                    .count();
        }
    }

    @Test
    void aWorkerThatDiesCostsItsRunATryAndTheOthersGoOn() throws IOException {
        Sweep sweep = TinySweeps.of(
                "cells: {good: {}, once: {model.d_model: 12}, always: {model.d_model: 16}, throws: {model.d_model: 20}}\n");
        try (Store store = Store.open(dir.resolve("runs"))) {
            SweepResults results =
                    train(store, sweep, 2, () -> false, "tiny.once=die-once", "tiny.always=die", "tiny.throws=throw");

            assertThat(results.cells().stream().map(row -> row.runs().getFirst().status()))
                    .containsExactly(Status.DONE, Status.DONE, Status.FAILED, Status.FAILED);
            assertThat(results.cells().get(2).runs().getFirst().failure())
                    .contains("its process was ended by signal 6: a planted death");
            assertThat(results.cells().get(3).runs().getFirst().failure()).contains("planted");
            assertThat(tries(dir, "tiny.once")).isEqualTo(2);
            assertThat(tries(dir, "tiny.always")).isEqualTo(2);
            assertThat(tries(dir, "tiny.throws")).isEqualTo(2);
            assertThat(heard.stream().filter(h -> h.contains("TriedAgain"))).hasSize(3);

            SweepResults again = train(store, sweep, 1, () -> false);

            assertThat(again.count(Status.DONE)).isEqualTo(4);
        }
    }

    @Test
    void threeWorkersGiveTheBytesOfOne() {
        Sweep sweep = TinySweeps.of("grid: {model.d_model: [8, 16], train.batch: [full, 4]}\nseeds: 2\n");
        try (Store one = Store.open(dir.resolve("one"));
                Store three = Store.open(dir.resolve("three"))) {
            assertThat(dump(train(one, sweep, 1, () -> false)))
                    .hasSize(8)
                    .isEqualTo(dump(train(three, sweep, 3, () -> false)));
        }
    }

    /** In a JVM without JIT compiler and without G1, whose buffers and remembered sets the allocator would count, too. */
    @Test
    void manyTinyRunsLeaveNothingBehind() {
        Sweep sweep = TinySweeps.of("grid: {model.d_model: [8]}\nseeds: " + TINY + "\n");
        try (Store store = Store.open(dir.resolve("runs"))) {
            SweepResults results = train(store, sweep, 1, () -> false, "-Xint", "-XX:+UseSerialGC");

            assertThat(results.count(Status.DONE)).isEqualTo(TINY);
            assertThat(store.runs()).hasSize(TINY).extracting(Run::parts).containsOnly(1);
            double[] quarters = new double[4];
            for (SweepRun run : results.cells().getFirst().runs()) {
                double[] bytes = Objects.requireNonNull(results.reader(run))
                        .series("machine/native_bytes")
                        .values();
                quarters[(int) (4 * run.seed() / TINY)] = bytes[bytes.length - 1];
            }
            // The JVM's own tables grow by leaps; what is lost at each run is lost in every quarter.
            double least = IntStream.range(1, 4)
                    .mapToDouble(q -> quarters[q] - quarters[q - 1])
                    .min()
                    .orElseThrow();
            assertThat(least)
                    .as("least growth in a quarter of " + Arrays.toString(quarters))
                    .isLessThan(1000.0 * TINY);
        }
    }

    @Test
    void askedToStopEveryRunIsSavedAndGoesOn() {
        Sweep sweep = Sweeps.parse(
                TinySweeps.BASE.replace("steps: 6,", "steps: 4000,") + "grid: {model.d_model: [8, 16]}\n",
                "tiny.yaml",
                Sweeps.Options.NONE);
        try (Store store = Store.open(dir.resolve("runs"));
                Store undisturbed = Store.open(dir.resolve("undisturbed"))) {
            BooleanSupplier whenItHasBegun = () -> SweepResults.read(store, sweep).cells().stream()
                    .anyMatch(row -> row.runs().getFirst().step() > 10);

            SweepResults stopped = train(store, sweep, 2, whenItHasBegun);

            assertThat(stopped.count(Status.RUNNING)).isZero();
            assertThat(heard).anyMatch(h -> h.contains("Paused"));
            assertThat(dump(train(store, sweep, 2, () -> false)))
                    .isEqualTo(dump(train(undisturbed, sweep, 1, () -> false)));
        }
    }

    /** All that must not depend on who trained a run and when. */
    static List<String> dump(SweepResults results) {
        List<String> lines = new ArrayList<>();
        for (CellResults row : results.cells()) {
            for (SweepRun run : row.runs()) {
                var reader = Objects.requireNonNull(results.reader(run));
                String series = reader.seriesNames().stream()
                        .filter(name -> !name.startsWith("machine/"))
                        .map(reader::series)
                        .map(s -> s.name() + Arrays.toString(s.steps()) + Arrays.toString(s.values()))
                        .sorted()
                        .toList()
                        .toString();
                lines.add(run.address()
                        + Objects.requireNonNull(run.stored()).outcome()
                        + reader.events()
                        + series
                        + reader.lastCheckpoint().map(c -> c.weights().sha256()));
            }
        }
        return lines;
    }
}
