package hooke.store.archive;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.Experiment;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import hooke.store.files.StoredFile;
import hooke.sweep.TinySweeps;
import hooke.sweep.work.PlantedWorker;
import hooke.train.StoredTraining;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnfinishedTest {

    @TempDir
    Path dir;

    private final Experiment experiment = TinySweeps.of(
                    "set: {train.steps: 30, train.checkpoint_every: 10}\ncells: {one: {}}\n")
            .cells()
            .getFirst()
            .experiment(1);

    /** Trains until the pause is asked for the so-manieth time. */
    private Run train(Store store, int steps) {
        var asked = new AtomicInteger();
        try (RunWriter writer = store.claim(experiment, PlantedWorker.HERE)) {
            new StoredTraining(store, writer)
                    .train(recorder -> recorder, _ -> {}, () -> asked.incrementAndGet() > steps);
        }
        return store.find(experiment).orElseThrow();
    }

    private static List<Object> all(Store store, Run run) {
        RunReader reader = store.read(run);
        return List.of(
                String.valueOf(run.outcome()),
                reader.events(),
                reader.checkpoints().stream()
                        .map(c -> c.step() + c.weights().sha256())
                        .toList(),
                reader.seriesNames().stream()
                        .filter(name -> !name.startsWith("machine/"))
                        .map(reader::series)
                        .map(s -> s.name() + Arrays.toString(s.steps()) + Arrays.toString(s.values()))
                        .sorted()
                        .toList());
    }

    private static Consumer<StoredFile> from(List<StoredFile> files) {
        Map<String, Path> bySum = new HashMap<>();
        files.forEach(file -> bySum.put(file.sha256(), file.path()));
        return to -> {
            try {
                Files.copy(bySum.get(to.sha256()), to.path(), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    @Test
    void aRunThatGoesOnInAnotherStoreEndsAsOneThatNeverMoved() {
        Path file = dir.resolve("run.zip");
        try (Store first = Store.open(dir.resolve("first"));
                Store second = Store.open(dir.resolve("second"));
                Store straight = Store.open(dir.resolve("straight"))) {
            RunReader stopped = first.read(train(first, 25));
            Checkpoint last = stopped.lastCheckpoint().orElseThrow();
            List<StoredFile> files = Unfinished.write(file, stopped, last);

            assertThat(Unfinished.step(file)).isEqualTo(last.step()).isGreaterThan(20);
            Run moved = Unfinished.into(second, file, from(files)).orElseThrow();

            assertThat(moved.status()).isEqualTo(Run.Status.STOPPED);
            assertThat(moved.step()).isEqualTo(last.step());
            assertThat(all(second, moved)).isEqualTo(all(first, stopped.run()));
            assertThat(all(second, train(second, 100))).isEqualTo(all(straight, train(straight, 100)));
        }
    }

    @Test
    void whoeverIsFurtherStaysAndWhoeverTrainsIsLeftAlone() {
        Path file = dir.resolve("run.zip");
        try (Store first = Store.open(dir.resolve("first"));
                Store second = Store.open(dir.resolve("second"));
                Store third = Store.open(dir.resolve("third"))) {
            RunReader stopped = first.read(train(first, 15));
            List<StoredFile> files =
                    Unfinished.write(file, stopped, stopped.lastCheckpoint().orElseThrow());
            Run further = train(second, 25);

            assertThat(Unfinished.into(second, file, from(files))).contains(further);
            assertThat(Unfinished.into(first, file, from(files)).orElseThrow().step())
                    .isEqualTo(stopped.run().step());
            try (RunWriter _ = third.claim(experiment, PlantedWorker.HERE)) {
                assertThat(Unfinished.into(third, file, from(files))).isEqualTo(Optional.empty());
            }
        }
    }
}
