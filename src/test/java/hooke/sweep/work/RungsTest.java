package hooke.sweep.work;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.EventKind;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.sweep.Cell;
import hooke.sweep.Halving;
import hooke.sweep.Sweep;
import hooke.sweep.SweepResults;
import hooke.sweep.SweepRun;
import hooke.sweep.TinySweeps;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Halving, on planted numbers and on real runs. */
class RungsTest {
    private static final Halving HALVING = new Halving("test-accuracy", List.of(4L), 0.5);

    private static final double DIVERGED = -1;
    /** Broke before the rung. */
    private static final double FAILED = -2;

    @TempDir
    Path dir;

    /** Decides at step 4 about four cells with these accuracies of three seeds. */
    private Rungs.Decision decide(double[]... accuracies) {
        Sweep sweep = TinySweeps.of(
                "cells: {a: {}, b: {model.d_model: 12}, c: {model.d_model: 16}, d: {model.d_model: 20}}\nseeds: 3\n");
        try (Store store = Store.open(dir)) {
            for (int c = 0; c < accuracies.length; c++) {
                for (int s = 0; s < accuracies[c].length; s++) {
                    try (RunWriter writer = store.claim(sweep.cells().get(c).experiment(s), PlantedWorker.HERE)) {
                        writer.begin();
                        writer.log(2, "test_accuracy", 0.0);
                        if (accuracies[c][s] == DIVERGED) {
                            writer.event(3, EventKind.DIVERGED, "{}");
                        } else if (accuracies[c][s] != FAILED) {
                            writer.log(4, "test_accuracy", accuracies[c][s]);
                            writer.log(6, "test_accuracy", 1.0);
                        }
                    }
                }
            }
            return Rungs.decide(HALVING, 4, sweep.cells(), SweepResults.read(store, sweep));
        }
    }

    private static double[] seeds(double... values) {
        return values;
    }

    @Test
    void theBetterHalfGoesOnWhereCellsDifferMoreThanSeeds() {
        Rungs.Decision decision =
                decide(seeds(.1, .2, .15), seeds(.9, .95, .92), seeds(.3, .31, .32), seeds(.8, .81, .82));

        assertThat(decision.goOn()).extracting(Cell::label).containsExactly("b", "d");
        assertThat(decision.sentence())
                .startsWith("halving at step 4: 2 of 4 cells continue by the median test-accuracy of 3 seeds");
    }

    @Test
    void lateBloomersAtChanceAreAllKept() {
        Rungs.Decision decision =
                decide(seeds(.01, .02, .03), seeds(.02, .01, .02), seeds(.03, .02, .01), seeds(.01, .01, .02));

        assertThat(decision.goOn()).hasSize(4);
        assertThat(decision.sentence())
                .startsWith("halving at step 4 by test-accuracy stops no cell: the seeds of the best cell")
                .endsWith("a run that groks late looks like chance until it does");
    }

    @Test
    void whoCannotBeToldFromTheLastThatIsKeptIsKept() {
        Rungs.Decision decision =
                decide(seeds(.1, .2, .15), seeds(.9, .95, .92), seeds(.75, .82, .81), seeds(.8, .81, .83));

        assertThat(decision.goOn()).extracting(Cell::label).containsExactly("b", "c", "d");
    }

    @Test
    void withTwoSeedsNothingIsGivenUp() {
        assertThat(decide(seeds(.1, .2), seeds(.9, .95), seeds(.3, .31), seeds(.8, .81))
                        .sentence())
                .contains("a cell has 2 seeds there");
    }

    @Test
    void aCellWhoseEverySeedDivergedHasLostAndTheOthersAreRankedAsWithoutIt() {
        Rungs.Decision decision = decide(
                seeds(DIVERGED, DIVERGED, DIVERGED), seeds(.9, .95, .92), seeds(.3, .31, .32), seeds(.8, .81, .82));

        assertThat(decision.goOn()).extracting(Cell::label).containsExactly("b", "d");
        assertThat(decision.sentence())
                .startsWith(
                        "halving at step 4: 2 of 4 cells continue by the median test-accuracy of 3 seeds, the best b:")
                .endsWith("; 1 cell has lost, since most of the seeds diverged");
    }

    @Test
    void whereMostSeedsDivergedTheCellHasLostAndWhereOneDidTheOthersSpeakForIt() {
        Rungs.Decision decision = decide(
                seeds(DIVERGED, .99, DIVERGED),
                seeds(.9, DIVERGED, .92),
                seeds(.3, .31, Double.NaN),
                seeds(.8, .81, .82));

        assertThat(decision.goOn()).extracting(Cell::label).containsExactly("b", "d");
    }

    @Test
    void theLostAreGivenUpAlsoWhereTheOthersCannotBeToldApart() {
        Rungs.Decision decision = decide(
                seeds(DIVERGED, DIVERGED, DIVERGED), seeds(.02, .01, .02), seeds(.03, .02, .01), seeds(.01, .01, .02));

        assertThat(decision.goOn()).extracting(Cell::label).containsExactly("b", "c", "d");
        assertThat(decision.sentence()).startsWith("halving at step 4 by test-accuracy stops no other cell: the seeds");
    }

    @Test
    void whereAllHaveLostNoneIsGivenUp() {
        double[] lost = seeds(DIVERGED, DIVERGED, .9);

        assertThat(decide(lost, lost, lost, lost).goOn()).hasSize(4);
    }

    @Test
    void aCellOfFailedRunsIsNotJudgedAndTheOthersAreRankedAsWithoutIt() {
        Rungs.Decision decision =
                decide(seeds(.1, .2, FAILED), seeds(.9, .95, .92), seeds(.3, .31, .32), seeds(.8, .81, .82));

        assertThat(decision.goOn()).extracting(Cell::label).containsExactly("a", "b", "d");
        assertThat(decision.sentence())
                .endsWith("; 1 cell goes on without being judged, with fewer than 3 seeds there");
    }

    @Test
    void givenUpCellsStayAtTheirRungAlsoWhenTheSweepIsDoneAgain() {
        Sweep sweep = TinySweeps.of("""
                set: {train.steps: 60, train.evaluate_every: 10, train.checkpoint_every: 10, train.optimizer.lr: 0.0000001}
                cells: {good: {train.optimizer.lr: 0.01}, bad: {}, worse: {model.norm: layer-norm}, worst: {model.d_model: 64}}
                halving: {metric: train-loss, rungs: [40], keep: 0.25}
                seeds: 3
                """);
        List<String> said = new ArrayList<>();
        for (int times = 0; times < 2; times++) {
            try (Store store = Store.open(dir)) {
                var processes = new Processes(PlantedWorker.command(dir, dir), 2);
                new Scheduler(dir, PlantedWorker.HERE, processes, () -> false, new Scheduler.Watcher() {
                            @Override
                            public void remark(String sentence) {
                                said.add(sentence);
                            }
                        })
                        .train(sweep);
                SweepResults results = SweepResults.read(store, sweep);

                assertThat(results.cells().getFirst().count(SweepRun.Status.DONE))
                        .isEqualTo(3);
                assertThat(results.count(SweepRun.Status.DONE)).as("%s", said).isEqualTo(3);
                assertThat(results.cells().getLast().runs())
                        .extracting(SweepRun::step)
                        .containsOnly(40L);
            }
        }
        assertThat(said).hasSize(2).allMatch(s -> s.equals(said.getFirst()));
    }
}
