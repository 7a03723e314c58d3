package hooke.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.store.Run;
import hooke.store.Store;
import hooke.sweep.Sweep;
import hooke.sweep.work.Scheduler;
import hooke.sweep.work.Workplaces;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inside this process; processes of their own train. */
class SparkWorkplaceTest {
    @TempDir
    Path dir;

    @Test
    void aHalvedSweepGivesTheBytesOfLocalProcesses() {
        var lab = new Lab(dir);
        Sweep sweep = Lab.sweep(200, """
                cells: {good: {}, bad: {train.optimizer.lr: 0.0000001}, other: {model.norm: layer-norm}}
                halving: {metric: train-loss, rungs: [100], keep: 0.5}
                seeds: 3
                """);

        lab.byProcesses("processes", sweep);
        lab.onSpark("local[2]", "spark", sweep, () -> false);

        List<String> spark = lab.dump("spark");
        assertThat(spark).hasSize(9).anyMatch(line -> line.contains("STOPPED"));
        assertThat(spark.equals(lab.dump("processes"))).as("equal bytes").isTrue();
    }

    /** What was saved there goes on there or here, whoever comes back. */
    @Test
    void aStoppedSweepIsSavedAndGoesOnWithProcesses() {
        var lab = new Lab(dir);
        Sweep sweep = Lab.sweep(3000, "grid: {model.norm: {noLN: none, LN: layer-norm}}\n");
        Path store = lab.store("moved");

        Scheduler.Trained stopped = lab.onSpark("local[2]", "moved", sweep, () -> hasSaved(lab));

        assertThat(stopped.stopped()).isTrue();
        try (Store open = Store.openReadOnly(store)) {
            assertThat(open.runs())
                    .isNotEmpty()
                    .allMatch(run -> run.status() == Run.Status.STOPPED)
                    .allMatch(run -> run.step() < 3000);
        }
        lab.byProcesses("moved", sweep);
        lab.byProcesses("straight", sweep);
        assertThat(lab.dump("moved").equals(lab.dump("straight")))
                .as("equal bytes")
                .isTrue();
    }

    @Test
    void aSearchProposesTheCellsThatProcessesAreProposed() {
        var lab = new Lab(dir);
        Sweep search = Lab.sweep(20, """
                random: {samples: 4, train.optimizer.lr: {distribution: log-uniform, min: 1e-4, max: 1}}
                bayes: {metric: train-loss, startup: 2, batch: 2}
                """);

        lab.byProcesses("processes", search);
        lab.onSpark("local[2]", "spark", search, () -> false);

        List<String> spark = lab.dump("spark");
        assertThat(spark).hasSize(4).anyMatch(line -> line.startsWith("tiny.t004/0"));
        assertThat(spark.equals(lab.dump("processes"))).as("equal bytes").isTrue();
    }

    private static boolean hasSaved(Lab lab) {
        Path unfinished = lab.folder().resolve("place/references/unfinished");
        String[] runs = unfinished.toFile().list();
        return runs != null && runs.length > 0;
    }

    private void assertRefused(String on, Optional<String> place, String sentence) {
        var asked = new Workplaces.Asked(
                on, dir.resolve("runs"), Lab.HERE, OptionalInt.empty(), place, Optional.empty(), Map.of(), _ -> {});
        assertThatThrownBy(() -> Workplaces.open(asked))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void whatIsWrongIsOneSentence() {
        Optional<String> place = Optional.of(dir.resolve("place").toString());
        assertThatThrownBy(() -> new Masters("spark://127.0.0.1:1", Map.of()).workers(Duration.ZERO, _ -> {}))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("no Spark master answers at spark://127.0.0.1:1 (");
        assertRefused("spark://nowhere.invalid:7077", place, "at spark://nowhere.invalid:7077 (unknown host)");
        assertRefused("spark://nowhere", place, "--on (spark://nowhere) must be like spark://HOST:7077");
        assertRefused("spark://127.0.0.1:99999", place, "a port is a number from 1 to 65535");
        assertRefused("local[0]", place, "--on (local[0]) must have from 1 to 1024 threads");
    }
}
