package hooke.store.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.store.Toy;
import hooke.store.files.RunLock;
import hooke.store.files.StoredFile;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs on their way from store to store. */
class ArchiveTest {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    /** A toy has neither an outcome nor a model; {@code HostileArchiveTest} has both. */
    private static final Archive.Rules RULES = new Archive.Rules(_ -> {}, (_, _) -> {}, _ -> {});

    @TempDir
    Path dir;

    private Path file = Path.of("");

    @BeforeEach
    void takeTwoRunsOut() {
        file = dir.resolve("two.zip");
        try (Store store = Store.open(dir.resolve("from"))) {
            Toy.train(store, Toy.experiment("a", 0), 300, 100, Long.MAX_VALUE, NOWHERE);
            Toy.train(store, Toy.experiment("a", 1), 300, 100, Long.MAX_VALUE, NOWHERE);
            store.tag(store.runs("a").subList(1, 2), List.of("baseline", "figure-2"));
            List<String> hashes = store.runs().stream().map(Run::hash).toList();
            store.keepSweep("pair", "text", hashes, Toy.NOON);
            Archive.write(file, store, store.runs(), Archive.Checkpoints.ALL, store.sweep("pair"), hashes);
        }
    }

    private static List<String> points(Store store, long seed) {
        RunReader reader = store.read(store.find("a/" + seed).run());
        return reader.seriesNames().stream()
                .map(reader::series)
                .map(s -> s.name() + Arrays.toString(s.steps()) + Arrays.toString(s.values()))
                .toList();
    }

    @Test
    void whatAKilledImportLeftIsClearedByTheNextAndAnothersWorkIsNot() throws Exception {
        Path left = Files.createDirectories(dir.resolve("to/importing-4711-1"));
        Path working = dir.resolve("to/importing-4711-2");
        Files.writeString(left.resolve("100.safetensors"), "half of it");
        try (Store to = Store.open(dir.resolve("to"));
                RunLock another = RunLock.tryTake(working, null)) {
            assertThat(another).isNotNull();

            assertThat(Archive.read(file, to, RULES)).isEqualTo(new Archive.Imported(2, 0, 0));

            assertThat(left).doesNotExist();
            assertThat(working).exists();
        }
    }

    @Test
    void theyArriveAsTheyWereAndOnce() {
        try (Store from = Store.openReadOnly(dir.resolve("from"));
                Store to = Store.open(dir.resolve("to"))) {
            assertThat(Archive.read(file, to, RULES)).isEqualTo(new Archive.Imported(2, 0, 0));
            List<Run> runs = to.runs();
            assertThat(to.tags()).isEqualTo(Map.of(runs.get(1).id(), List.of("baseline", "figure-2")));
            for (long seed = 0; seed < 2; seed++) {
                RunReader before = from.read(from.find("a/" + seed).run());
                RunReader after = to.read(to.find("a/" + seed).run());
                assertThat(points(to, seed)).isEqualTo(points(from, seed));
                assertThat(after.events()).isEqualTo(before.events());
                assertThat(after.provenance()).isEqualTo(before.provenance());
                assertThat(after.run().outcome()).isEqualTo(before.run().outcome());
                assertThat(after.run().ended()).isEqualTo(before.run().ended());
                assertThat(after.experiment()).isEqualTo(before.experiment());
                assertThat(after.checkpoints().stream().map(c -> c.weights().sha256()))
                        .isEqualTo(before.checkpoints().stream()
                                .map(c -> c.weights().sha256())
                                .toList());
                assertThat(after.checkpoints())
                        .allSatisfy(c -> assertThat(c.fault()).isEmpty());
                assertThat(after.thinned("loss", 20).size()).isLessThanOrEqualTo(20);
            }
            assertThat(to.runsOfSweep("pair")).hasSize(2);

            assertThat(Archive.read(file, to, RULES)).isEqualTo(new Archive.Imported(0, 2, 0));
            assertThat(to.runs()).isEqualTo(runs);
        }
    }

    @Test
    void anUnfinishedRunGivesWayAndOneInTrainingStays() {
        try (Store to = Store.open(dir.resolve("to"))) {
            Toy.train(to, Toy.experiment("a", 0), 300, 100, 150, NOWHERE);
            try (RunWriter inTraining = to.claim(Toy.experiment("a", 1), Toy.HERE)) {
                inTraining.begin();
                assertThat(Archive.read(file, to, RULES)).isEqualTo(new Archive.Imported(1, 0, 1));
            }
            assertThat(to.find("a/0").run().status()).isEqualTo(Run.Status.DONE);
            assertThat(points(to, 0)).isNotEmpty();
        }
    }

    @Test
    void theSameRunsAreTheSameBytes() throws IOException {
        byte[] first = Files.readAllBytes(file);
        takeTwoRunsOut(); // They are done, and taken out again.
        assertThat(Files.readAllBytes(file)).isEqualTo(first);
    }

    @Test
    void whereverItIsCutOrChangedItIsOneSentence() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        int directory = new String(whole, StandardCharsets.ISO_8859_1).indexOf("PK\001\002");
        for (int cut = 0; cut < directory; cut += directory / 40 + 1) {
            int at = cut;
            Path damaged = dir.resolve("cut.zip");
            Files.write(damaged, Arrays.copyOf(whole, cut));
            try (Store to = Store.open(dir.resolve("cut-" + cut))) {
                assertThatThrownBy(() -> Archive.read(damaged, to, RULES))
                        .as("cut at %s", at)
                        .isInstanceOf(InputException.class)
                        .hasMessageEndingWith("; nothing was added")
                        .hasMessageNotContaining("Exception");
                assertThat(to.runs()).isEmpty();
                assertThat(to.sweeps()).isEmpty();
            }
        }
        byte[] changed = whole.clone();
        changed[whole.length / 2] ^= 0x10;
        Path damaged = Files.write(dir.resolve("changed.zip"), changed);
        try (Store to = Store.open(dir.resolve("changed"))) {
            assertThatThrownBy(() -> Archive.read(damaged, to, RULES)).isInstanceOf(InputException.class);
            assertThat(to.runs()).isEmpty();
        }
    }

    /** The archive with something else in what it says of its second run. */
    private Path edited(String what, String by) throws IOException {
        Path edited = dir.resolve("edited.zip");
        try (var in = new ZipInputStream(Files.newInputStream(file));
                var out = new ZipOutputStream(Files.newOutputStream(edited))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] bytes = in.readAllBytes();
                if (entry.getName().equals("runs/1/run.json")) {
                    String text = new String(bytes, StandardCharsets.UTF_8);
                    String changed = text.replaceFirst(what, by);
                    assertThat(changed).isNotEqualTo(text);
                    bytes = changed.getBytes(StandardCharsets.UTF_8);
                }
                out.putNextEntry(new ZipEntry(entry.getName()));
                out.write(bytes);
            }
        }
        return edited;
    }

    @Test
    void whatDoesNotFitTogetherAddsNothing() throws IOException {
        String[][] edits = {
            {"\"bytes\":[0-9]+", "\"bytes\":7"},
            {"\"resumedAt\":\\[\\]", "\"resumedAt\":[3]"},
            {"\"kind\":\"[a-z]+\"", "\"kind\":null"},
            {"\"series\":\\[\"([a-z_/]+)\",\"[a-z_/]+\"", "\"series\":[\"$1\",\"$1\""},
            {"\"events\":\\[.*?\\]", "\"events\":null"},
            {"\"kind\":\"[a-z]+\"", "\"kind\":\"artifact\""},
            {"\"kind\":\"[a-z]+\"", "\"kind\":\"\\\\u001b[2J\""},
            {"\"detail\":\".*?[^\\\\]\"", "\"detail\":\"<x\""},
            {"\"provenance\":\\[.*?\\]", "\"provenance\":[{}]"},
            {"\"series\":\\[\"[a-z]+\"", "\"series\":[\"\""},
            {"\"series\":\\[\"[a-z]+\"", "\"series\":[\"a\\\\nhooke: b\""},
            {"\"created\":\"", "\"created\":\"+9"},
        };
        for (String[] edit : edits) {
            Path edited = edited(edit[0], edit[1]);
            try (Store to = Store.open(dir.resolve("to"))) {
                assertThatThrownBy(() -> Archive.read(edited, to, RULES))
                        .as(edit[1])
                        .isInstanceOf(InputException.class)
                        .hasMessageContaining("damaged")
                        .hasMessageEndingWith("; nothing was added")
                        .message()
                        .hasLineCount(1);
                assertThat(to.runs()).isEmpty();
            }
        }
    }

    @Test
    void whereTheStoreRefusesARunThatWasThereItIsWhatItWas() throws IOException, SQLException {
        try (Store to = Store.open(dir.resolve("to"))) {
            Toy.train(to, Toy.experiment("a", 0), 300, 100, 150, NOWHERE);
            Path checkpoint =
                    to.read(to.find("a/0").run()).checkpoint(100).weights().path();
            Files.writeString(checkpoint, "ours");
            List<Run> before = to.runs();

            assertRefused(to);

            assertThat(to.runs()).isEqualTo(before);
            assertThat(checkpoint).hasContent("ours");
        }
    }

    @Test
    void whereTheStoreRefusesANewRunThereIsNone() throws IOException, SQLException {
        try (Store to = Store.open(dir.resolve("to"))) {
            assertRefused(to);

            assertThat(to.runs()).isEmpty();
        }
    }

    private void assertRefused(Store to) throws IOException, SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("to/hooke.db"));
                var statement = connection.createStatement()) {
            statement.execute(
                    "CREATE TRIGGER planted BEFORE INSERT ON checkpoints BEGIN SELECT RAISE(ABORT, 'planted'); END");
        }
        assertThatThrownBy(() -> Archive.read(file, to, RULES)).hasMessageContaining("planted");
        try (Stream<Path> left = Files.list(dir.resolve("to"))) {
            assertThat(left).noneMatch(path -> path.getFileName().toString().startsWith("importing-"));
        }
    }

    @Test
    void weightsMayLieBesideTheArchiveWhereTheyAreLookedFor() throws IOException {
        Path apart = Files.createDirectory(dir.resolve("apart")).resolve("one.zip");
        try (Store from = Store.openReadOnly(dir.resolve("from"));
                Store to = Store.open(dir.resolve("to"))) {
            for (StoredFile weights :
                    Archive.writeApart(apart, from, from.runs("a").getFirst(), Archive.Checkpoints.ALL)) {
                Files.copy(weights.path(), apart.resolveSibling(weights.sha256()));
            }

            assertThatThrownBy(() -> Archive.read(apart, to, RULES))
                    .hasMessageContaining(apart + " is a run in a shared place");
            assertThat(Archive.fetch(file -> copied(apart, file, false), to, RULES))
                    .isInstanceOfSatisfying(
                            Archive.Damaged.class,
                            damaged -> assertThat(damaged.why()).contains("the checkpoint 0 of a is missing"));
            assertThat(to.runs()).isEmpty();

            assertThat(Archive.fetch(file -> copied(apart, file, true), to, RULES))
                    .isEqualTo(new Archive.Imported(1, 0, 0));
            assertThat(points(to, 0)).isEqualTo(points(from, 0));
            assertThat(to.read(to.find("a/0").run()).checkpoints())
                    .hasSameSizeAs(from.read(from.find("a/0").run()).checkpoints())
                    .allSatisfy(checkpoint -> assertThat(checkpoint.fault()).isEmpty());
        }
    }

    private static Optional<String> copied(Path archive, Path file, boolean withWeights) {
        try (Stream<Path> all = Files.list(archive.resolveSibling(""))) {
            for (Path one : all.toList()) {
                if (one.equals(archive)) {
                    Files.copy(one, file);
                } else if (withWeights) {
                    Files.copy(one, file.resolveSibling(one.getFileName()));
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e.toString());
        }
    }

    @Test
    void namesOfEntriesAreNoPaths() throws IOException {
        Path hostile = dir.resolve("hostile.zip");
        try (var zip = new ZipOutputStream(Files.newOutputStream(hostile))) {
            zip.putNextEntry(new ZipEntry("../../run.json"));
            zip.write("{}".getBytes(StandardCharsets.UTF_8));
        }
        try (Store to = Store.open(dir.resolve("to"))) {
            assertThatThrownBy(() -> Archive.read(hostile, to, RULES))
                    .hasMessageContaining("it has an entry ../../run.json where a run must begin");
        }
        Path text = Files.writeString(dir.resolve("text.zip"), "no zip at all");
        try (Store to = Store.open(dir.resolve("to"))) {
            assertThatThrownBy(() -> Archive.read(text, to, RULES))
                    .hasMessage(text + " is not an archive of runs; nothing was added");
        }
    }
}
