package hooke.store;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.InputException;
import hooke.store.files.Checkpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Databases with wrong bytes in them: everything that reads or writes does so, or says one sentence. */
class DamageTest {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());
    private static final int ROUNDS = Integer.getInteger("hooke.rounds", 40);

    @TempDir
    Path dir;

    private byte[] database = {};
    private byte[] log = {};

    /** A store as a killed process leaves it: a good part of it is still in the write-ahead log. */
    @BeforeEach
    void make() throws IOException {
        Path good = dir.resolve("good");
        try (Store store = Store.open(good)) {
            Toy.train(store, Toy.experiment("done", 0), 100, 50, Long.MAX_VALUE, NOWHERE);
        }
        try (Store store = Store.open(good)) {
            Toy.train(store, Toy.experiment("open", 0), 100, 50, 70, NOWHERE);
            database = Files.readAllBytes(good.resolve("hooke.db"));
            log = Files.readAllBytes(good.resolve("hooke.db-wal"));
        }
        assertThat(log).isNotEmpty();
    }

    @Test
    void wrongBytesAreReadOrNamed() throws IOException {
        int named = 0;
        for (int round = 0; round < ROUNDS; round++) {
            var random = new Random(round);
            byte[] wrongDatabase = random.nextInt(4) == 0 ? database : mutate(database, random);
            byte[] wrongLog = random.nextInt(2) == 0 ? log : mutate(log, random);
            Path folder = Files.createDirectory(dir.resolve("round" + round));
            Files.write(folder.resolve("hooke.db"), wrongDatabase);
            Files.write(folder.resolve("hooke.db-wal"), wrongLog);
            named += outcome(round, () -> readAll(folder)) ? 0 : 1;
            named += outcome(round, () -> train(folder)) ? 0 : 1;
        }
        assertThat(named).as("sentences").isBetween(ROUNDS / 10, 2 * ROUNDS);
    }

    private static byte[] mutate(byte[] good, Random random) {
        byte[] bytes = good.clone();
        int edits = 1 + random.nextInt(20);
        // Half of the time where the tables are described, or it would mostly hit points.
        int end = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 8192);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(end);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> Arrays.fill(bytes, at, Math.min(bytes.length, at + random.nextInt(200)), (byte) 0);
                default ->
                    System.arraycopy(good, random.nextInt(good.length - 100), bytes, Math.min(at, end - 100), 100);
            }
        }
        return random.nextInt(5) == 0 ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
    }

    private static void readAll(Path folder) {
        try (Store store = Store.openReadOnly(folder)) {
            for (Run run : store.runs()) {
                RunReader reader = store.read(run);
                reader.experiment();
                reader.settings();
                reader.events();
                reader.provenance();
                for (String name : reader.seriesNames()) {
                    reader.series(name);
                    reader.thinned(name, 20);
                }
                reader.checkpoints().forEach(Checkpoint::fault);
                reader.diskUse();
            }
        }
    }

    private static void train(Path folder) {
        try (Store store = Store.open(folder)) {
            List<Run> runs = store.runs();
            Toy.train(store, Toy.experiment("new", 0), 20, 10, Long.MAX_VALUE, NOWHERE);
            if (!runs.isEmpty()) {
                store.delete(runs.getFirst());
            }
        }
    }

    private static boolean outcome(int round, Runnable work) {
        try {
            work.run();
            return true;
        } catch (InputException e) {
            assertThat(e.toString()).as("round %s", round).doesNotContainPattern("\\R");
            return false;
        } catch (RuntimeException e) {
            throw new AssertionError("round " + round, e);
        }
    }
}
