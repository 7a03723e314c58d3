package hooke.interop;

import hooke.Check;
import hooke.config.Experiment;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.task.Split;
import hooke.tensor.RawTensor;
import hooke.train.Evaluation;
import hooke.train.Hindsight;
import hooke.train.Measure;
import hooke.train.ResultJson;
import hooke.train.Trainer;
import hooke.train.Training;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs that another program trained, as runs of a store. They are done: nothing trains them further. Where they come from stands in an
 * event {@code imported}; what the file does not hold is measured here, and what it does hold is held against that.
 */
public final class RunImport {
    /** A loss in float32 logits differs by some 1e-6 from machine to machine; another task or layout differs by far more. */
    private static final double TOLERANCE = 1e-3;

    private final Store store;
    private final Provenance provenance;
    private final String file;
    private final String sha256;

    /** @param sha256 of the file, in hex */
    public RunImport(Store store, Provenance provenance, String file, String sha256) {
        this.store = store;
        this.provenance = provenance;
        this.file = file;
        this.sha256 = sha256;
    }

    /** What came of an import. */
    public record Imported(Run run, Trainer.Result result) {}

    /**
     * All checkpoints, series and indices of a training. Throws {@link hooke.InputException}, and stores nothing, where the losses that the
     * file records are not those of its own weights on its own split.
     */
    public Imported modmul(ModmulCheckpoint recorded) {
        Experiment experiment = recorded.experiment();
        long steps = experiment.train().steps();
        for (long step : recorded.stateDicts().keySet()) {
            if (step == recorded.stateDicts().firstEntry().getKey() || step == lastMeasured(recorded)) {
                checkLosses(recorded, step);
            }
        }
        recorded.stateDicts().keySet().forEach(recorded::weights); // All must fit before anything is stored.
        Evaluation last = measure(experiment, recorded.split(), steps, recorded.weights(steps));
        try (RunWriter run = claim(experiment)) {
            var hindsight = new Hindsight(experiment.train());
            run.begin();
            if (!recorded.isSplitDrawn()) {
                run.keep(Split.KEPT, recorded.split().tensors());
            }
            imported(
                    run,
                    recorded.isSplitDrawn() ? "drawn by its seeds" : "kept as recorded, no known seed draws it",
                    recorded.areWeightsDrawn() ? "drawn by its seeds" : "as recorded, no known seed draws them",
                    steps);
            for (long step = 0; step <= steps; step++) {
                Evaluation evaluation = step == steps ? last : evaluation(recorded.series(), (int) step);
                log(run, evaluation);
                hindsight.see(evaluation).forEach(noted -> run.event(noted.at(), noted.kind(), noted.detail()));
                if (recorded.stateDicts().containsKey(step)) {
                    run.checkpoint(step, recorded.weights(step), new LinkedHashMap<>());
                }
            }
            return finish(run, hindsight.result(steps));
        }
    }

    /** Weights alone, as the checkpoint after all steps of an experiment; both sets are measured here, on the experiment's own split. */
    public Imported weights(Experiment experiment, SequencedMap<String, RawTensor> weights) {
        long steps = experiment.train().steps();
        try (RunWriter run = claim(experiment);
                Training training = Training.resume(experiment, new Training.State(steps, weights, Map.of()))) {
            var hindsight = new Hindsight(experiment.train());
            run.begin();
            imported(run, "the experiment's, which the weights need not have been trained on", "unknown", steps);
            var evaluation = new Evaluation(steps, training.evaluateTrain(), training.evaluateTest());
            log(run, evaluation);
            hindsight.see(evaluation).forEach(noted -> run.event(noted.at(), noted.kind(), noted.detail()));
            run.checkpoint(steps, weights, new LinkedHashMap<>());
            return finish(run, hindsight.result(steps));
        }
    }

    private RunWriter claim(Experiment experiment) {
        RunWriter run = store.claim(experiment, provenance);
        boolean fresh = run.run().parts() == 0;
        if (!fresh) {
            run.close();
        }
        Check.that(
                fresh,
                "run %s is there already: remove it first, or give this one another --name",
                run.run().address());
        return run;
    }

    private void imported(RunWriter run, String split, String initialWeights, long steps) {
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("file", file);
        detail.put("sha256", sha256);
        detail.put("split", split);
        detail.put("initial_weights", initialWeights);
        detail.put("measured_here", "step " + steps);
        run.event(0, "imported", JsonMapper.shared().writeValueAsString(detail));
    }

    private Imported finish(RunWriter run, Trainer.Result result) {
        run.finish(ResultJson.write(result), OffsetDateTime.now(Clock.system(ZoneId.systemDefault())));
        return new Imported(store.find(run.run().address()).run(), result);
    }

    private static void log(RunWriter run, Evaluation e) {
        run.log(e.step(), "train_loss", e.train().loss());
        run.log(e.step(), "train_accuracy", e.train().accuracy());
        run.log(e.step(), "test_loss", e.test().loss());
        run.log(e.step(), "test_accuracy", e.test().accuracy());
    }

    private static Evaluation evaluation(Map<String, double[]> series, int step) {
        return new Evaluation(
                step,
                new Measure(at(series, "train_loss", step), at(series, "train_accuracy", step)),
                new Measure(at(series, "test_loss", step), at(series, "test_accuracy", step)));
    }

    private static double at(Map<String, double[]> series, String name, int step) {
        return java.util.Objects.requireNonNull(series.get(name), name)[step];
    }

    private static long lastMeasured(ModmulCheckpoint recorded) {
        List<Long> steps = List.copyOf(recorded.stateDicts().keySet());
        return steps.get(Math.max(0, steps.size() - 2));
    }

    private void checkLosses(ModmulCheckpoint recorded, long step) {
        if (step >= recorded.experiment().train().steps()) {
            return; // Nothing is recorded for the final model.
        }
        Evaluation theirs = evaluation(recorded.series(), (int) step);
        Evaluation ours = measure(recorded.experiment(), recorded.split(), step, recorded.weights(step));
        String task = recorded.experiment().settings().get("task.operation") + " mod "
                + recorded.experiment().settings().get("task.modulus");
        check(task, "train_losses", step, theirs.train().loss(), ours.train().loss());
        check(task, "test_losses", step, theirs.test().loss(), ours.test().loss());
    }

    private void check(String task, String name, long step, double theirs, double ours) {
        Check.that(
                Math.abs(theirs - ours) <= TOLERANCE * (1 + Math.abs(theirs)),
                "%s, %s: at epoch %s it records %.6g, and its checkpoint gives %.6g: the task is another than %s, or the layout is",
                file,
                name,
                step,
                theirs,
                ours,
                task);
    }

    private static Evaluation measure(
            Experiment experiment, Split split, long step, SequencedMap<String, RawTensor> weights) {
        try (Training training = Training.of(experiment, split, weights)) {
            return new Evaluation(step, training.evaluateTrain(), training.evaluateTest());
        }
    }
}
