package hooke.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.store.files.Checkpoint;
import hooke.store.series.Series;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The store among real processes that are killed, race each other, or run out of disk. */
class KillTest {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());
    private static final int STEPS = 1_000;
    private static final int CHECKPOINT_EVERY = 25;
    /** {@code -Dhooke.kills=200} for a long evening. */
    private static final int KILLS = Integer.getInteger("hooke.kills", 5);

    @TempDir
    Path dir;

    @Test
    void killedAtRandomMomentsARunEndsAsIfItHadNotBeen() {
        Path undisturbed = dir.resolve("undisturbed");
        try (Store store = Store.open(undisturbed)) {
            Toy.train(store, Toy.experiment("toy", 0), STEPS, CHECKPOINT_EVERY, Long.MAX_VALUE, NOWHERE);
        }
        List<String> expected = Toy.dump(undisturbed, 1);
        var random = new Random(20);
        int stores = 0;
        for (int killed = 0; killed < KILLS; stores++) {
            Path struck = dir.resolve("struck" + stores);
            boolean done = false;
            while (!done) {
                try (Child child = Child.train(struck, "toy", STEPS, CHECKPOINT_EVERY)) {
                    done = killed >= KILLS || !killedInTime(child, random);
                    List<String> said = done ? child.rest() : List.of();
                    assertThat(!done || child.await() == 0).as("%s", said).isTrue();
                }
                killed += done ? 0 : 1;
                assertPrefix(struck, undisturbed);
            }
            assertThat(Toy.dump(struck, 1)).isEqualTo(expected);
        }
    }

    /** Kills it mostly after some checkpoints, which take milliseconds each, and now and then while it starts. */
    private static boolean killedInTime(Child child, Random random) {
        boolean early = random.nextInt(5) == 0;
        for (int lines = early ? 0 : 1 + random.nextInt(8); lines > 0; lines--) {
            child.line();
        }
        return child.killAfter(random.nextLong(early ? 1_500_000_000 : 25_000_000));
    }

    /** Whatever the moment: the store opens, its points are the first ones of the undisturbed run, its checkpoints are whole. */
    private static void assertPrefix(Path struck, Path undisturbed) {
        if (!Files.exists(struck.resolve("hooke.db"))) {
            return;
        }
        try (Store store = Store.open(struck);
                Store whole = Store.openReadOnly(undisturbed)) {
            for (Run run : store.runs()) {
                assertThat(run.status()).isIn(Run.Status.STOPPED, Run.Status.DONE);
                RunReader reader = store.read(run);
                RunReader expected = whole.read(whole.find("toy").run());
                for (String name : reader.seriesNames()) {
                    Series series = reader.series(name);
                    Series all = expected.series(name);
                    assertThat(series.steps()).isEqualTo(Arrays.copyOf(all.steps(), series.size()));
                    assertThat(series.values()).isEqualTo(Arrays.copyOf(all.values(), series.size()));
                }
                assertThat(reader.checkpoints())
                        .allSatisfy(c -> assertThat(c.fault()).isEmpty());
            }
        }
    }

    @Test
    void aRunBelongsToOneProcessAndIsFreeWhenThatIsKilled() {
        try (Store store = Store.open(dir);
                Child child = Child.train(dir, "toy", 1_000_000, 1_000)) {
            assertThat(child.line()).isEqualTo("0");
            assertThat(child.line()).isEqualTo("1000");
            assertThat(store.find("toy").run().status()).isEqualTo(Run.Status.RUNNING);
            assertThatThrownBy(() -> store.claim(Toy.experiment("toy", 0), Toy.HERE))
                    .isInstanceOf(InputException.class)
                    .hasMessage("run toy/0 is being trained by another process (pid %s): wait for it, or stop it first"
                            .formatted(child.process().pid()));
            try (Child second = Child.train(dir, "toy", 1_000_000, 1_000)) {
                assertThat(String.join("\n", second.rest())).contains("is being trained by another process");
                assertThat(second.await()).isNotZero();
            }
            Toy.train(store, Toy.experiment("other", 0), 100, 25, Long.MAX_VALUE, NOWHERE);

            child.kill();

            assertThat(store.find("toy").run().status()).isEqualTo(Run.Status.STOPPED);
            try (RunWriter writer = store.claim(Toy.experiment("toy", 0), Toy.HERE)) {
                assertThat(writer.begin().step()).isGreaterThanOrEqualTo(1000);
            }
        }
    }

    @Test
    void processesOpeningANewStoreAtOnceShareIt() {
        List<Child> children = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            children.add(Child.train(dir, "toy" + i, 100, 25));
        }
        for (Child child : children) {
            List<String> said = child.rest();
            assertThat(child.await()).as("%s", said).isZero();
        }
        try (Store store = Store.openReadOnly(dir)) {
            assertThat(store.runs())
                    .extracting(Run::status)
                    .containsOnly(Run.Status.DONE)
                    .hasSize(3);
            List<String> dump = Toy.dump(dir, 1);
            assertThat(Toy.dump(dir, 2)).isEqualTo(dump);
            assertThat(Toy.dump(dir, 3)).isEqualTo(dump);
        }
    }

    @Test
    void readersAndWritersDoNotDisturbEachOther() throws Exception {
        Store.open(dir).close();
        try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
            List<Callable<Long>> work = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                String name = "toy" + i;
                work.add(() -> {
                    try (Store store = Store.open(dir)) {
                        Toy.train(store, Toy.experiment(name, 0), STEPS, 100, Long.MAX_VALUE, NOWHERE);
                    }
                    return 0L;
                });
            }
            for (int i = 0; i < 3; i++) {
                work.add(this::readUntilAllAreDone);
            }
            long reads = 0;
            for (Future<Long> done : threads.invokeAll(work)) {
                reads += done.get();
            }
            assertThat(reads).isPositive();
        }
        assertThat(Toy.dump(dir, 2)).isEqualTo(Toy.dump(dir, 1));
    }

    private long readUntilAllAreDone() {
        for (long reads = 1; ; reads++) {
            try (Store store = Store.openReadOnly(dir)) {
                List<Run> runs = store.runs();
                for (Run run : runs) {
                    RunReader reader = store.read(run);
                    for (String name : reader.seriesNames()) {
                        assertThat(reader.series(name).steps()).isSorted();
                        assertThat(reader.thinned(name, 100).size()).isLessThanOrEqualTo(100);
                    }
                    assertThat(reader.checkpoints())
                            .extracting(Checkpoint::step)
                            .isSorted();
                }
                if (runs.size() == 2 && runs.stream().allMatch(r -> r.status() == Run.Status.DONE)) {
                    return reads;
                }
            }
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "keeps a library that is loaded")
    void aKilledProcessLeavesNothingInTheTemporaryFolder() throws IOException {
        Path temporary = Files.createDirectory(dir.resolve("temporary"));
        try (Child child = Child.train(dir.resolve("store"), "toy", 1_000_000, 10, "-Djava.io.tmpdir=" + temporary)) {
            assertThat(child.line()).isEqualTo("0");
            assertThat(temporary).isEmptyDirectory();
        }
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "has no limit for files")
    void aFullDiskGivesOneSentenceAndLosesNothing() {
        Path undisturbed = dir.resolve("undisturbed");
        try (Store store = Store.open(undisturbed)) {
            Toy.train(store, Toy.experiment("toy", 0), STEPS, 100, Long.MAX_VALUE, NOWHERE);
        }
        Path full = dir.resolve("full");
        try (Store store = Store.open(full)) {
            Toy.train(store, Toy.experiment("toy", 0), STEPS, 100, 500, NOWHERE);
        }
        // From nothing at all to just too little for the last steps.
        for (int kib : new int[] {0, 40, 64, 90}) {
            try (Child child = Child.trainWithFileLimit(kib * 1024L, full, "toy", STEPS, 100)) {
                String said = String.join("\n", child.rest());
                assertThat(child.await()).as(said).isNotZero();
                assertThat(said).contains("hooke.InputException: ").doesNotContain("IllegalStateException");
            }
            assertThat(full).isDirectoryNotContaining("glob:**.tmp");
            assertThat(full.resolve("1/checkpoints")).isDirectoryNotContaining("glob:**.tmp");
            assertThat(pointsIn(full)).as("points after %s KiB", kib).isGreaterThanOrEqualTo(401);
        }
        try (Store store = Store.open(full)) {
            Toy.train(store, Toy.experiment("toy", 0), STEPS, 100, Long.MAX_VALUE, NOWHERE);
        }
        assertThat(Toy.dump(full, 1)).isEqualTo(Toy.dump(undisturbed, 1));
    }

    private static long pointsIn(Path folder) {
        try (Store store = Store.openReadOnly(folder);
                Arena arena = Arena.ofConfined()) {
            RunReader reader = store.read(store.find("toy").run());
            reader.lastCheckpoint().orElseThrow().weights().open(arena);
            return reader.series("loss").size();
        }
    }
}
