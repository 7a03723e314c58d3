package hooke.sweep;

import hooke.config.Experiment;
import hooke.config.TrainConfig;
import hooke.config.task.TextConfig;
import hooke.config.task.TextScore;
import hooke.store.Provenance;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.sweep.measures.Goal;
import hooke.train.Evaluation;
import hooke.train.Measure;
import hooke.train.Outcome;
import hooke.train.ResultJson;
import hooke.train.Trainer;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.BiFunction;

/** Runs of a sweep whose truth is known, because it was planted: written to a store as trainings write theirs, without training. */
public final class PlantedSweep {
    private static final OffsetDateTime NOON = OffsetDateTime.parse("2026-01-01T12:00:00Z");
    private static final Provenance HERE =
            new Provenance("test", "", "java", "os", "cpu", 1, "torch", "blas", "", "test", NOON);

    private PlantedSweep() {}

    /**
     * What becomes of a run.
     *
     * @param memorizes step near which its train accuracy passes 1/2
     * @param groks likewise its test accuracy; beyond the budget for never
     * @param diverges step at which its loss becomes NaN; empty for never
     */
    public record Fate(double memorizes, double groks, OptionalLong diverges) {
        public static Fate of(double memorizes, double groks) {
            return new Fate(memorizes, groks, OptionalLong.empty());
        }
    }

    /** Writes every run of the sweep. */
    public static void write(Store store, Sweep sweep, BiFunction<Cell, Long, Fate> fates) {
        for (Cell cell : sweep.cells()) {
            for (long seed : sweep.seeds()) {
                write(store, cell.experiment(seed), fates.apply(cell, seed));
            }
        }
    }

    /** Writes one run. */
    public static void write(Store store, Experiment experiment, Fate fate) {
        TrainConfig train = experiment.train();
        List<Goal> goals = Goal.of(experiment);
        int every = train.evaluateEvery();
        int n = train.steps() / every + 1;
        long[] steps = new long[n];
        double[] trainAccuracy = new double[n];
        double[] testAccuracy = new double[n];
        long end = train.steps();
        try (RunWriter run = store.claim(experiment, HERE)) {
            run.begin();
            for (int i = 0; i < n; i++) {
                long step = (long) i * every;
                if (fate.diverges().isPresent() && step >= fate.diverges().getAsLong()) {
                    end = fate.diverges().getAsLong();
                    steps = java.util.Arrays.copyOf(steps, i);
                    trainAccuracy = java.util.Arrays.copyOf(trainAccuracy, i);
                    testAccuracy = java.util.Arrays.copyOf(testAccuracy, i);
                    break;
                }
                steps[i] = step;
                trainAccuracy[i] = rise(step, fate.memorizes());
                testAccuracy[i] = rise(step, fate.groks());
                run.log(step, "train_loss", 5 * (1 - trainAccuracy[i]) + 1e-3);
                run.log(step, "train_accuracy", trainAccuracy[i]);
                run.log(step, "test_loss", 9 * (1 - testAccuracy[i]) + 1e-3);
                run.log(step, "test_accuracy", testAccuracy[i]);
                if (experiment.task() instanceof TextConfig text) {
                    var score = TextScore.of(text, 9 * (1 - testAccuracy[i]));
                    run.log(step, "test_bits_per_byte", score.bitsPerByte().value());
                }
            }
            int last = steps.length - 1;
            var evaluation = Evaluation.of(
                    steps[last],
                    Measure.of(5 * (1 - trainAccuracy[last]), trainAccuracy[last]),
                    Measure.of(9 * (1 - testAccuracy[last]), testAccuracy[last]));
            Outcome memorized = outcome(goals.get(0), steps, trainAccuracy, end, fate);
            Outcome grokked = outcome(goals.get(1), steps, testAccuracy, end, fate);
            run.finish(ResultJson.write(new Trainer.Result(end, grokked, memorized, grokked, evaluation)), NOON);
        }
    }

    /** An accuracy that has a guess's height before and is 1 after. */
    private static double rise(long step, double at) {
        return 0.01 + 0.99 / (1 + Math.exp(-(step - at) / Math.max(1, at / 20)));
    }

    private static Outcome outcome(Goal goal, long[] steps, double[] values, long end, Fate fate) {
        return switch (goal.time(steps, values, end, fate.diverges().isPresent())) {
            case hooke.stats.TimeToEvent.Reached r -> new Outcome.Reached((long) r.step(), (long) r.lastBelow());
            case hooke.stats.TimeToEvent.Censored c -> new Outcome.Censored((long) c.at());
            case hooke.stats.TimeToEvent.Diverged d -> new Outcome.Diverged((long) d.at(), "the loss became NaN");
        };
    }
}
