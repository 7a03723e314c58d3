package hooke.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.store.sqlite.Database;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreTest {
    @TempDir
    Path dir;

    @Test
    void aStoreFromBeforeTagsIsUsedAsItIsAndGrowsWithItsFirstTag() {
        Run run;
        try (Store store = Store.open(dir)) {
            run = train(store, Toy.experiment("a", 0));
        }
        List<String> before = Toy.dump(dir, 1);
        try (Database database = Database.open(dir.resolve("hooke.db"))) {
            database.script("DROP TABLE tags; PRAGMA user_version = 2");
        }

        try (Store old = Store.openReadOnly(dir)) {
            assertThat(old.tags()).isEmpty();
            assertThat(old.read(run).tags()).isEmpty();
        }
        try (Store store = Store.open(dir)) {
            train(store, Toy.experiment("b", 0));
            store.untag(List.of(run), List.of("none"));
        }
        assertThat(version()).as("an older Hooke still reads it").isEqualTo(2);
        try (Store store = Store.open(dir)) {
            store.tag(List.of(run), List.of("baseline", "figure-2", "baseline"));
            store.untag(List.of(run), List.of("figure-2"));

            assertThat(store.tags()).isEqualTo(Map.of(run.id(), List.of("baseline")));
            assertThat(store.runs().getFirst().hash()).isEqualTo(run.hash());
            assertThatThrownBy(() -> store.tag(List.of(run), List.of("two words")))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("'two words' is not a valid tag");
            assertThat(Toy.dump(dir, 1)).isEqualTo(before);
            store.delete(run);
            assertThat(store.tags()).isEmpty();
        }
        assertThat(version()).isEqualTo(3);
    }

    private int version() {
        try (Database database = Database.openReadOnly(dir.resolve("hooke.db"))) {
            return StoreSchema.version(database);
        }
    }

    @Test
    void aSurveyKnowsSettingsAndLastValuesOfAllRuns() {
        try (Store store = Store.open(dir)) {
            Run one = train(store, Toy.experiment("a", 0));
            Run other = train(store, Toy.experiment("a", 1, "model.d_model=16"));
            Survey survey = store.survey();

            assertThat(survey.keys()).contains("model.d_model", "seed");
            assertThat(survey.setting("model.d_model"))
                    .containsEntry(other.id(), "16")
                    .hasSize(2);
            assertThat(survey.seriesNames())
                    .isEqualTo(store.read(one).seriesNames().stream().sorted().toList());
            for (String name : survey.seriesNames()) {
                double[] values = store.read(one).series(name).values();
                assertThat(survey.last(name)).containsEntry(one.id(), values[values.length - 1]);
            }
            assertThat(survey.differing(List.of(one, other)).get(other.id()))
                    .containsEntry("model.d_model", "16")
                    .doesNotContainKey("seed");
            assertThat(survey.differing(List.of(one))).isEmpty();
        }
    }

    @Test
    void aStoreFromBeforeSweepsIsReadAsItIsAndGrowsWhenItIsWrittenTo() {
        try (Store store = Store.open(dir)) {
            train(store, Toy.experiment("a", 0));
        }
        List<String> before = Toy.dump(dir, 1);
        try (Database database = Database.open(dir.resolve("hooke.db"))) {
            database.script("DROP TABLE tags; DROP TABLE sweep_runs; DROP TABLE sweeps; PRAGMA user_version = 1");
        }

        try (Store old = Store.openReadOnly(dir)) {
            assertThat(old.runs()).hasSize(1);
            assertThat(old.sweeps()).isEmpty();
            assertThat(old.runsOfSweep("any")).isEmpty();
        }
        try (Store store = Store.open(dir)) {
            String hash = store.runs().getFirst().hash();
            store.keepSweep("one", "text", List.of(hash, "another"), Toy.NOON);
            store.keepSweep("one", "longer text", List.of(hash, "another", "third"), Toy.NOON);

            assertThat(store.sweeps()).containsExactly(new StoredSweep("one", "longer text", Toy.NOON, 3, 1));
            assertThat(store.runsOfSweep("one")).hasSize(1);
            assertThatThrownBy(() -> store.sweep("onne")).hasMessageContaining("did you mean 'one'?");
        }
        assertThat(Toy.dump(dir, 1)).isEqualTo(before);
    }

    @Test
    void aRunKeepsWhatItWasMadeFrom() {
        Experiment experiment = Toy.experiment("modmul", 3, "note='why: \"so\"'", "tags=[a, b]");
        try (Store store = Store.open(dir)) {
            Run run = train(store, experiment);
            RunReader reader = store.read(run);
            assertThat(run.address()).isEqualTo("modmul/3");
            assertThat(run.hash()).isEqualTo(experiment.hash());
            assertThat(run.cellHash()).isEqualTo(experiment.cellHash());
            assertThat(run.created()).isEqualTo(Toy.NOON);
            assertThat(reader.experiment()).isEqualTo(experiment);
            assertThat(reader.settings()).containsAllEntriesOf(experiment.settings());
            assertThat(reader.provenance()).containsExactly(Toy.HERE);
            assertThat(store.find(experiment)).contains(run);
            assertThat(store.find(Toy.experiment("modmul", 4))).isEmpty();
        }
    }

    @Test
    void theSameExperimentIsTheSameRunAndAnotherOfThatNameGetsANumber() {
        try (Store store = Store.open(dir)) {
            assertThat(train(store, Toy.experiment("a", 0)).address()).isEqualTo("a/0");
            assertThat(train(store, Toy.experiment("a", 1)).address()).isEqualTo("a/1");
            assertThat(train(store, Toy.experiment("a", 0, "model.d_model=16")).address())
                    .isEqualTo("a-2/0");
            assertThat(train(store, Toy.experiment("a", 0, "model.d_model=24")).address())
                    .isEqualTo("a-3/0");
            assertThat(train(store, Toy.experiment("a-2", 0)).address()).isEqualTo("a-2-2/0");

            assertThat(store.runs()).hasSize(5);
            try (RunWriter again = store.claim(Toy.experiment("a", 0, "model.d_model=16", "note=other"), Toy.HERE)) {
                assertThat(again.run().address()).isEqualTo("a-2/0");
                assertThat(again.run().status()).isEqualTo(Run.Status.DONE);
            }
            assertThat(store.runs()).hasSize(5);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            modmul      | modmul/2   |
            modmul/10   | modmul/10  |
            modmul@5    | modmul/2   | 5
            modmul/10@0 | modmul/10  | 0
            """)
    void addressesAreResolved(String text, String address, Long step) {
        try (Store store = storeWithModmul()) {
            Address found = store.find(text);
            assertThat(found.run().address()).isEqualTo(address);
            assertThat(found.step().stream().boxed().toList())
                    .isEqualTo(Stream.ofNullable(step).toList());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            modmull     | (did you mean 'modmul'?)
            modmul/3    | there is no run modmul/3: the seeds of modmul are 2, 10
            modmul/2@3  | run modmul/2 has no checkpoint at step 3: the nearest are 0 and 5
            modmul/2@9  | run modmul/2 has no checkpoint at step 9: the nearest is 5
            modmul/x    | 'modmul/x' does not name a run: write name, name/seed or name/seed@step
            modmul/2@-1 | does not name a run
            modmul/99999999999999999999 | does not name a run
            `` | does not name a run
            """)
    void wrongAddressesAreAnsweredWithWhatIsThere(String text, String sentence) {
        try (Store store = storeWithModmul()) {
            assertThatThrownBy(() -> store.find(text))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(sentence);
        }
    }

    private Store storeWithModmul() {
        Store store = Store.open(dir);
        train(store, Toy.experiment("modmul", 10));
        train(store, Toy.experiment("modmul", 2));
        return store;
    }

    @Test
    void anEmptyStoreSaysSo() {
        assertThatThrownBy(() -> Store.openReadOnly(dir)).hasMessageContaining("there is no store in " + dir);
        try (Store store = Store.open(dir)) {
            assertThat(store.runs()).isEmpty();
            assertThatThrownBy(() -> store.find("a")).hasMessageContaining("nothing has been trained in " + dir);
        }
        try (Store store = Store.openReadOnly(dir)) {
            assertThat(store.runs()).isEmpty();
        }
    }

    @Test
    void deletingARunFreesWhatItNamesAndNothingElse() throws IOException {
        try (Store store = Store.open(dir)) {
            Run kept = train(store, Toy.experiment("kept", 0));
            long before = store.databaseBytes();
            List<String> dump = Toy.dump(dir, kept.id());
            try (RunWriter writer = store.claim(Toy.experiment("big", 0), Toy.HERE)) {
                writer.begin();
                for (int step = 0; step < 200_000; step++) {
                    writer.log(step, "noise", Math.sin(step));
                }
                writer.checkpoint(200_000, Toy.one("w", new float[100_000]), Toy.one("m", 1));
                writer.finish("{}", Toy.NOON);
            }
            Run big = store.find("big").run();
            RunReader.DiskUse use = store.read(big).diskUse();
            assertThat(use.points()).isBetween(1_600_000L, 3_000_000L);
            assertThat(use.checkpoints()).isBetween(400_000L, 410_000L);
            assertThat(store.databaseBytes()).isGreaterThan(before + use.points());

            store.delete(big);

            assertThat(store.databaseBytes()).isLessThan(before + 100_000);
            assertThat(dir.resolve(Long.toString(big.id()))).doesNotExist();
            assertThat(store.runs()).containsExactly(kept);
            assertThat(Toy.dump(dir, kept.id())).isEqualTo(dump);
            Run next = train(store, Toy.experiment("next", 0));
            assertThat(next.id()).as("no folder is ever used twice").isGreaterThan(big.id());
        }
    }

    @Test
    void anotherDatabaseAnotherVersionAndADamagedOneAreRefusedAndLeftAlone() throws IOException {
        Path file = dir.resolve("hooke.db");
        try (Store store = Store.open(dir)) {
            train(store, Toy.experiment("a", 0));
        }
        byte[] good = Files.readAllBytes(file);

        try (Database database = Database.open(file)) {
            database.run("PRAGMA user_version = 4");
        }
        refused("was written by a newer Hooke (format 4, this one knows up to 3)");

        Files.write(file, good);
        try (Database database = Database.open(file)) {
            database.run("PRAGMA application_id = 7");
        }
        refused("is a database, but not a Hooke store");

        Files.writeString(file, "not a database at all, but long enough to look like one ".repeat(100));
        refused("is damaged, or not a database");

        byte[] holed = good.clone();
        Arrays.fill(holed, 100, holed.length, (byte) 0x5A);
        Files.write(file, holed);
        refused("is damaged, or not a database");

        Files.write(file, good);
        try (Store store = Store.openReadOnly(dir)) {
            assertThat(store.runs()).hasSize(1);
        }
    }

    private void refused(String sentence) throws IOException {
        byte[] before = Files.readAllBytes(dir.resolve("hooke.db"));
        assertThatThrownBy(() -> Store.open(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
        assertThatThrownBy(() -> Store.openReadOnly(dir))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
        assertThat(Files.readAllBytes(dir.resolve("hooke.db"))).isEqualTo(before);
    }

    @Test
    void aFolderThatCannotBeMadeGivesASentence() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "");
        assertThatThrownBy(() -> Store.open(file.resolve("runs")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no store can be made in");
    }

    static Run train(Store store, Experiment experiment) {
        Toy.train(store, experiment, 5, 5, Long.MAX_VALUE, new PrintStream(OutputStream.nullOutputStream()));
        return store.find(experiment).orElseThrow();
    }
}
