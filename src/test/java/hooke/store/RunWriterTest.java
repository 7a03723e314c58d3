package hooke.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.store.files.Checkpoint;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunWriterTest {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());
    private static final Experiment EXPERIMENT = Toy.experiment("toy", 0);

    @TempDir
    Path dir;

    @Test
    void aRunThatIsStruckManyTimesEndsAsOneThatIsNot() {
        List<String> undisturbed = trained("undisturbed", store -> train(store, Long.MAX_VALUE));
        for (int seed = 0; seed < 3; seed++) {
            var random = new Random(seed);
            List<String> struck = trained("struck" + seed, store -> {
                for (int i = 0; i < 12; i++) {
                    train(store, 1 + random.nextInt(300));
                }
                train(store, Long.MAX_VALUE);
            });
            assertThat(struck).isEqualTo(undisturbed);
        }
    }

    @Test
    void goingOnReplacesWhatCameAfterTheCheckpoint() {
        try (Store store = Store.open(dir)) {
            train(store, 148);
            try (RunWriter writer = store.claim(EXPERIMENT, Toy.HERE)) {
                RunReader reader = store.read(writer.run());
                assertThat(writer.run().status()).isEqualTo(Run.Status.STOPPED);
                assertThat(writer.run().step()).isEqualTo(147);
                assertThat(reader.series("loss").steps()).endsWith(147);

                RunWriter.Start start = writer.begin();

                assertThat(start.step()).isEqualTo(125);
                assertThat(start.warnings()).isEmpty();
                assertThat(reader.series("loss").steps()).endsWith(125);
                assertThat(reader.series("accuracy").steps()).endsWith(120);
                assertThat(reader.events()).extracting(Event::step).containsExactly(32L, 64L, 96L);
                assertThat(reader.provenance()).hasSize(2);
                assertThat(store.runs().getFirst().status()).isEqualTo(Run.Status.RUNNING);
                assertThat(store.runs().getFirst().step()).isEqualTo(125);
            }
            assertThat(store.runs().getFirst().status()).isEqualTo(Run.Status.STOPPED);
        }
    }

    @Test
    void theNewestTwoCheckpointsKeepTheStateAndAllKeepTheWeights() {
        try (Store store = Store.open(dir)) {
            train(store, Long.MAX_VALUE);
            List<Checkpoint> all = store.read(store.find("toy").run()).checkpoints();
            assertThat(all).extracting(Checkpoint::step).containsExactlyElementsOf(every25());
            for (Checkpoint c : all) {
                assertThat(c.state() != null).isEqualTo(c.step() >= 275);
                assertThat(c.fault()).isEmpty();
                try (Arena arena = Arena.ofConfined()) {
                    assertThat(c.weights().open(arena).metadata())
                            .containsEntry("step", Long.toString(c.step()))
                            .containsEntry("experiment", EXPERIMENT.hash());
                }
            }
            assertThat(checkpointFiles()).hasSize(all.size() + 2);
        }
    }

    private static List<Long> every25() {
        return Stream.iterate(0L, s -> s <= 300, s -> s + 25).toList();
    }

    @Test
    void leftoversOfAKilledProcessAreRemovedAndForeignFilesAreNot() throws IOException {
        try (Store store = Store.open(dir)) {
            train(store, 60);
            Path folder = dir.resolve("1/checkpoints");
            for (String name :
                    List.of("75.safetensors", "75.state.safetensors.tmp", "0.state.safetensors", "notes.txt")) {
                Files.writeString(folder.resolve(name), "x");
            }
            train(store, 61);
            assertThat(checkpointFiles())
                    .containsExactlyInAnyOrder(
                            "0.safetensors",
                            "25.safetensors",
                            "25.state.safetensors",
                            "50.safetensors",
                            "50.state.safetensors",
                            "notes.txt");
        }
    }

    @Test
    void aDamagedCheckpointIsNamedAndTheOneBeforeUsed() {
        List<String> undisturbed = trained("undisturbed", store -> train(store, Long.MAX_VALUE));
        List<Damage> damages = List.of(
                new Damage("200.safetensors", "is damaged: its SHA-256", RunWriterTest::flip),
                new Damage("200.state.safetensors", "is damaged: its SHA-256", RunWriterTest::flip),
                new Damage("200.safetensors", "bytes where", RunWriterTest::cut),
                new Damage("200.state.safetensors", "is missing", Files::delete));
        for (int i = 0; i < damages.size(); i++) {
            Damage damage = damages.get(i);
            assertThat(trained("damaged" + i, store -> {
                        train(store, 210);
                        damage.work()
                                .accept(store.folder().resolve("1/checkpoints").resolve(damage.file()));
                        try (RunWriter writer = store.claim(EXPERIMENT, Toy.HERE)) {
                            RunWriter.Start start = writer.begin();
                            assertThat(start.step()).isEqualTo(175);
                            assertThat(start.warnings())
                                    .singleElement()
                                    .asString()
                                    .contains(damage.file(), damage.sentence());
                        }
                        train(store, Long.MAX_VALUE);
                    }))
                    .as("%s", damage)
                    .isEqualTo(undisturbed);
        }
    }

    private record Damage(String file, String sentence, FileWork work) {}

    private interface FileWork {
        void on(Path file) throws IOException;

        default void accept(Path file) {
            try {
                on(file);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void flip(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private static void cut(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
    }

    @Test
    void withoutAWholeCheckpointNothingIsThrownAway() throws IOException {
        try (Store store = Store.open(dir)) {
            train(store, 130);
            for (String file : List.of("100.safetensors", "125.state.safetensors")) {
                flip(dir.resolve("1/checkpoints").resolve(file));
            }
            List<String> before = Toy.dump(dir, 1);
            List<String> files = checkpointFiles();
            try (RunWriter writer = store.claim(EXPERIMENT, Toy.HERE)) {
                assertThatThrownBy(writer::begin)
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("run toy/0 cannot be continued")
                        .hasMessageContaining("125.state.safetensors is damaged")
                        .hasMessageContaining("100.safetensors is damaged");
            }
            assertThat(Toy.dump(dir, 1)).isEqualTo(before);
            assertThat(checkpointFiles()).isEqualTo(files);
            try (Arena arena = Arena.ofConfined()) {
                RunReader reader = store.read(store.find("toy/0@75").run());
                assertThat(reader.checkpoint(75).weights().open(arena).names()).containsExactly("w");
                assertThatThrownBy(() -> reader.checkpoint(100).weights().open(arena))
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("100.safetensors is damaged");
            }
        }
    }

    @Test
    void aFailedRunCanBeTriedAgainAndADoneOneCannot() {
        try (Store store = Store.open(dir)) {
            try (RunWriter writer = store.claim(EXPERIMENT, Toy.HERE)) {
                Toy.train(writer, 300, 25, 90, NOWHERE);
                writer.fail("{\"kind\": \"failed\"}", Toy.NOON);
            }
            Run failed = store.find(EXPERIMENT).orElseThrow();
            assertThat(failed.status()).isEqualTo(Run.Status.FAILED);
            assertThat(failed.outcome()).isEqualTo("{\"kind\": \"failed\"}");
            assertThat(failed.ended()).isEqualTo(Toy.NOON);

            train(store, Long.MAX_VALUE);
            Run done = store.find(EXPERIMENT).orElseThrow();
            assertThat(done.status()).isEqualTo(Run.Status.DONE);
            assertThat(done.parts()).isEqualTo(2);
            try (RunWriter writer = store.claim(EXPERIMENT, Toy.HERE)) {
                assertThatThrownBy(writer::begin).isInstanceOf(IllegalStateException.class);
            }
            assertThat(store.find(EXPERIMENT)).contains(done);
        }
    }

    @Test
    void whatAReaderSeesGrowsWithEveryFlush() {
        try (Store store = Store.open(dir);
                RunWriter writer = store.claim(EXPERIMENT, Toy.HERE);
                Store other = Store.openReadOnly(dir)) {
            writer.begin();
            RunReader reader = other.read(other.find("toy").run());
            assertThat(reader.seriesNames()).isEmpty();
            writer.log(0, "b", 1);
            writer.log(0, "a", 2);
            writer.flush();
            assertThat(reader.seriesNames()).containsExactly("b", "a");
            writer.log(3, "b", Double.NaN);
            writer.event(3, EventKind.DIVERGED, "{}");
            writer.flush();
            assertThat(reader.series("b").steps()).containsExactly(0, 3);
            assertThat(reader.series("b").values()).containsExactly(1, Double.NaN);
            assertThat(reader.events()).containsExactly(new Event(3, "diverged", "{}"));
            assertThatThrownBy(() -> reader.series("c"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("there is no series 'c'");
            for (int step = 4; step < 20_000; step++) {
                writer.log(step, "b", step);
            }
            assertThat(reader.series("b").size())
                    .as("many points are flushed unasked")
                    .isGreaterThan(16_000);
        }
    }

    @Test
    void whatIsOutOfOrderIsAFaultOfTheProgram() {
        try (Store store = Store.open(dir);
                RunWriter writer = store.claim(EXPERIMENT, Toy.HERE)) {
            misuse(() -> writer.log(0, "a", 1));
            misuse(() -> writer.event(0, EventKind.DIVERGED, "{}"));
            misuse(writer::flush);
            misuse(() -> writer.finish("{}", Toy.NOON));
            writer.begin();
            misuse(writer::begin);
            writer.log(5, "a", 1);
            misuse(() -> writer.log(5, "a", 1));
            misuse(() -> writer.log(4, "a", 1));
            misuse(() -> writer.checkpoint(4, Toy.one("w", 1), Toy.one("m", 1)));
            writer.checkpoint(6, Toy.one("w", 1), Toy.one("m", 1));
            writer.checkpoint(6, Toy.one("w", 1), Toy.one("m", 1));
            misuse(() -> writer.log(6, "a", 1));
            misuse(() -> writer.log(6, "b", 1));
            misuse(() -> writer.event(6, EventKind.DIVERGED, "{}"));
            misuse(() -> writer.checkpoint(5, Toy.one("w", 1), Toy.one("m", 1)));
            writer.log(7, "a", 1);
            writer.finish("{}", Toy.NOON);
            misuse(() -> writer.log(8, "a", 1));
            misuse(() -> writer.finish("{}", Toy.NOON));
        }
    }

    private static void misuse(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aRunIsTrainedOnceAtATime() {
        try (Store store = Store.open(dir);
                Store other = Store.open(dir)) {
            try (RunWriter first = store.claim(EXPERIMENT, Toy.HERE)) {
                for (int i = 0; i < 2; i++) {
                    assertThatThrownBy(() -> other.claim(EXPERIMENT, Toy.HERE))
                            .isInstanceOf(InputException.class)
                            .hasMessage("run toy/0 is being trained by this process already");
                }
                assertThatThrownBy(() -> other.delete(first.run())).isInstanceOf(InputException.class);
                try (RunWriter second = other.claim(Toy.experiment("toy", 1), Toy.HERE)) {
                    assertThat(second.run().address()).isEqualTo("toy/1");
                }
            }
            train(other, Long.MAX_VALUE);
        }
    }

    private static void train(Store store, long struckAt) {
        Toy.train(store, EXPERIMENT, 300, 25, struckAt, NOWHERE);
    }

    private List<String> trained(String name, Consumer<Store> work) {
        Path folder = dir.resolve(name);
        try (Store store = Store.open(folder)) {
            work.accept(store);
        }
        return Toy.dump(folder, 1);
    }

    /** Whoever goes on writing to files that nobody can find any more has lost his work without a word. */
    @ParameterizedTest
    @ValueSource(strings = {"moved", "removed", "replaced", "its run removed", "its lock replaced"})
    @DisabledOnOs(OS.WINDOWS) // There nothing can be taken away that is open.
    void aStoreThatIsTakenAwayFromATrainingIsNoticed(String how) throws IOException {
        Path store = dir.resolve("store");
        Path elsewhere = dir.resolve("elsewhere");
        try (Store opened = Store.open(store);
                RunWriter writer = opened.claim(EXPERIMENT, Toy.HERE)) {
            Toy.train(writer, 300, 25, 60, NOWHERE);
            writer.log(60, "loss", 1);
            switch (how) {
                case "moved" -> Files.move(store, elsewhere);
                case "removed" -> Store.deleteAll(store);
                case "replaced" -> {
                    Files.move(store, elsewhere);
                    Store.open(store).close();
                }
                case "its run removed" -> Store.deleteAll(store.resolve("1"));
                default -> {
                    Files.delete(store.resolve("1/lock"));
                    Files.createFile(store.resolve("1/lock"));
                }
            }

            assertThatThrownBy(() -> writer.checkpoint(75, Toy.one("w", 1), Toy.one("m", 1)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(" was moved, removed or replaced while it was in use, so")
                    .hasMessageContaining(store.toString());
            assertThatThrownBy(() -> writer.finish("{}", Toy.NOON)).isInstanceOf(InputException.class);
        } catch (InputException atClose) {
            assertThat(atClose).hasMessageContaining(" was moved, removed or replaced while it was in use, so");
        }
        assertThat(store.resolve("1/checkpoints/75.safetensors")).doesNotExist();
        if (how.equals("removed")) {
            assertThat(store).doesNotExist();
        }
        if (Files.exists(elsewhere)) {
            try (Store opened = Store.open(elsewhere);
                    RunWriter writer = opened.claim(EXPERIMENT, Toy.HERE)) {
                assertThat(writer.begin().step()).isEqualTo(50);
            }
        }
    }

    @Test
    void aRunThatIsBeingTrainedIsNotRemoved() {
        try (Store store = Store.open(dir);
                RunWriter writer = store.claim(EXPERIMENT, Toy.HERE)) {
            assertThatThrownBy(() -> store.delete(writer.run()))
                    .hasMessage("run toy/0 is being trained by this process already");
        }
    }

    private List<String> checkpointFiles() {
        return Stream.of(Objects.requireNonNull(
                        dir.resolve("1/checkpoints").toFile().list()))
                .sorted()
                .toList();
    }
}
