package hooke.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.Experiment;
import hooke.stats.TimeToEvent;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.sweep.work.PlantedWorker;
import hooke.train.ResultJson;
import hooke.train.StoredTraining;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep as the store holds it. */
class SweepResultsTest {

    @TempDir
    Path dir;

    private static void train(Store store, Experiment experiment) {
        try (RunWriter writer = store.claim(experiment, PlantedWorker.HERE)) {
            assertThat(new StoredTraining(store, writer).train(r -> r, _ -> {}, () -> false))
                    .isPresent();
        }
    }

    @Test
    void everyCellHasARunForEverySeedWhateverItsState() {
        Sweep sweep = TinySweeps.of("grid: {model.d_model: [8, 16]}\nseeds: [3, 5]\n");
        Cell first = sweep.cells().getFirst();
        Cell second = sweep.cells().getLast();
        try (Store store = Store.open(dir)) {
            train(store, first.experiment(3));
            // Another sweep's run, or that of `hooke run`, under another name.
            train(store, second.experiment(5).named("elsewhere"));
            try (RunWriter writer = store.claim(first.experiment(5), PlantedWorker.HERE)) {
                writer.begin();
                writer.fail(ResultJson.failed("out of memory"), OffsetDateTime.parse("2026-01-01T00:00:00Z"));
            }

            SweepResults results = SweepResults.read(store, sweep);

            assertThat(results.cells())
                    .extracting(row -> row.cell().label())
                    .containsExactly("d_model-8", "d_model-16");
            SweepRun done = results.cells().getFirst().runs().getFirst();
            assertThat(done.status()).isEqualTo(SweepRun.Status.DONE);
            assertThat(done.address()).isEqualTo("tiny.d_model-8/3");
            assertThat(done.end().orElseThrow().grokked()).isEqualTo(new TimeToEvent.Censored(6));
            assertThat(done.end().orElseThrow().testAccuracy()).isBetween(0.0, 1.0);
            assertThat(Objects.requireNonNull(results.reader(done))
                            .series("test_accuracy")
                            .size())
                    .isEqualTo(4);
            SweepRun failed = results.cells().getFirst().run(5).orElseThrow();
            assertThat(failed.status()).isEqualTo(SweepRun.Status.FAILED);
            assertThat(failed.failure()).isEqualTo("out of memory");
            assertThat(failed.end()).isEmpty();
            SweepRun missing = results.cells().getLast().run(3).orElseThrow();
            assertThat(missing.status()).isEqualTo(SweepRun.Status.MISSING);
            assertThat(missing.end()).isEmpty();
            assertThat(results.reader(missing)).isNull();
            SweepRun others = results.cells().getLast().run(5).orElseThrow();
            assertThat(others.status()).isEqualTo(SweepRun.Status.DONE);
            assertThat(others.address()).isEqualTo("elsewhere/5");
            assertThat(results.count(SweepRun.Status.DONE)).isEqualTo(2);
        }
    }
}
