package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.store.Provenance;
import hooke.store.RunReader;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.store.files.Checkpoint;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredTrainingTest {
    private static final Provenance HERE = new Provenance(
            "0",
            "abc",
            "25",
            "os",
            "cpu",
            1,
            "2.10",
            "0.3",
            "",
            "run",
            OffsetDateTime.parse("2026-03-01T12:00:00+01:00"));

    @TempDir
    private Path folder = Path.of("");

    /** Interrupted where a checkpoint is due, where none is, twice between two of them, and at the first and last step. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{steps: 40, batch: full, evaluate_every: 5, checkpoint_every: 10, threads: 1, engine: torch}",
                "{steps: 40, batch: 8, evaluate_every: 7, checkpoint_every: 10, threads: 1, engine: fused}",
                "{steps: 40, batch: 8, evaluate_every: 7, checkpoint_every: 0, threads: 1, engine: fused}"
            })
    void aRunThatWasInterruptedEndsWithEverythingThatOneLeftAloneHas(String train) {
        Experiment experiment = Experiments.parse("""
                name: tiny
                task: {kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.6}
                model: {n_layers: 1, d_model: 16, n_heads: 2, d_mlp: 32}
                train: %s
                """.formatted(train), "test", List.of());

        List<String> alone = trained(experiment, "alone", Set.of());

        assertThat(alone).isNotEmpty();
        for (Set<Integer> interrupted :
                List.of(Set.of(0), Set.of(7), Set.of(13, 17), Set.of(20, 23, 25, 31), Set.of(1, 39), Set.of(40))) {
            assertThat(trained(experiment, "interrupted-" + interrupted, interrupted))
                    .as("interrupted at %s", interrupted)
                    .isEqualTo(alone);
        }
    }

    /** All that is stored in the end, but for what tells of the processes and the machine. */
    private List<String> trained(Experiment experiment, String store, Set<Integer> interruptedAt) {
        List<Integer> left = new ArrayList<>(interruptedAt.stream().sorted().toList());
        boolean done = false;
        while (!done) {
            done = train(experiment, folder.resolve(store), left);
        }
        try (Store stored = Store.openReadOnly(folder.resolve(store))) {
            RunReader reader = stored.read(stored.find("tiny/0").run());
            List<String> all = new ArrayList<>();
            for (Checkpoint checkpoint : reader.checkpoints()) {
                assertThat(checkpoint.fault()).isEmpty();
                all.add(checkpoint.toString().replace(folder.resolve(store).toString(), ""));
            }
            for (String name : reader.seriesNames()) {
                var series = reader.series(name);
                all.add(name + " " + Arrays.toString(series.steps()));
                if (!name.startsWith("machine/")) {
                    all.add(name + " " + Arrays.toString(series.values()));
                }
            }
            all.add(reader.events().toString());
            all.add(String.valueOf(reader.run().outcome()));
            String[] files =
                    folder.resolve(store).resolve("1/checkpoints").toFile().list();
            Arrays.sort(files);
            all.add(Arrays.toString(files));
            return all;
        }
    }

    /** A process' share: up to the next interruption. */
    private static boolean train(Experiment experiment, Path folder, List<Integer> interruptedAt) {
        try (Store store = Store.open(folder);
                RunWriter writer = store.claim(experiment, HERE)) {
            long[] step = {writer.run().step()};
            BooleanSupplier pause = () -> {
                boolean now = !interruptedAt.isEmpty() && step[0] >= interruptedAt.getFirst();
                if (now) {
                    interruptedAt.removeFirst();
                }
                return now;
            };
            return new StoredTraining(store, writer)
                    .train(
                            recorder -> new Recorder() {
                                @Override
                                public void log(long at, String series, double value) {
                                    step[0] = at;
                                    recorder.log(at, series, value);
                                }

                                @Override
                                public void event(long at, EventKind kind, String detail) {
                                    recorder.event(at, kind, detail);
                                }

                                @Override
                                public void evaluated(Evaluation evaluation) {
                                    recorder.evaluated(evaluation);
                                }

                                @Override
                                public void checkpoint(Training training) {
                                    recorder.checkpoint(training);
                                }

                                @Override
                                public void finished(Trainer.Result result) {
                                    recorder.finished(result);
                                }
                            },
                            warning -> {},
                            pause)
                    .isPresent();
        }
    }
}
