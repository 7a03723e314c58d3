package hooke.interop;

import hooke.Check;
import hooke.Decimals;
import hooke.config.EventKind;
import hooke.config.Experiment;
import hooke.interop.names.FixedWeights;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.task.Split;
import hooke.tensor.RawTensor;
import hooke.train.Evaluation;
import hooke.train.Hindsight;
import hooke.train.Measure;
import hooke.train.Milestones;
import hooke.train.Outcome;
import hooke.train.ResultJson;
import hooke.train.Trainer;
import hooke.train.Training;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Runs that another program trained, as runs of a store. They are done: nothing trains them further. Where they come from stands in an
 * event {@code imported}; what the file does not hold is measured here, and what it does hold is held against that.
 */
public final class RunImport {
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
        List<Long> saved = List.copyOf(recorded.stateDicts().keySet());
        Moments.probes(saved).forEach(step -> checkLosses(recorded, step));
        var first = recorded.weights(saved.getFirst());
        saved.forEach(
                step -> // All must fit before anything is stored.
                FixedWeights.checkSame(file, experiment.model(), first, recorded.weights(step), step));
        Map<Long, Evaluation> measured = new HashMap<>();
        saved.stream()
                .filter(step -> recorded.series().size() < ModmulCheckpoint.SERIES.size() || step == steps)
                .forEach(step -> measured.put(
                        step, Moments.measure(experiment, recorded.split(), step, recorded.weights(step))));
        try (RunWriter run = claim(experiment)) {
            var hindsight = new Hindsight(experiment.train());
            run.begin();
            if (!recorded.isSplitDrawn()) {
                run.keep(Split.KEPT, recorded.split().tensors());
            }
            imported(
                    run,
                    Map.of(
                            "split",
                            recorded.isSplitDrawn() ? "drawn by its seeds" : "kept as recorded, no known seed draws it",
                            "initial_weights",
                            recorded.areWeightsDrawn() ? "drawn by its seeds" : "as recorded, no known seed draws them",
                            "measured_here",
                            measured.size() == 1
                                    ? "step " + steps
                                    : "what the file leaves out, at its " + measured.size() + " checkpoints"));
            for (long step = 0; step <= steps; step++) {
                SequencedMap<String, Double> values = values(recorded, step, measured.get(step));
                for (var value : values.sequencedEntrySet()) {
                    run.log(step, value.getKey(), value.getValue());
                }
                if (values.size() == ModmulCheckpoint.SERIES.size()) {
                    note(run, hindsight.see(evaluation(step, values)));
                }
                if (recorded.stateDicts().containsKey(step)) {
                    var weights = recorded.weights(step);
                    noteBroken(run, hindsight, step, weights);
                    run.checkpoint(step, weights, new LinkedHashMap<>());
                }
            }
            return finish(run, hindsight.result(steps));
        }
    }

    /**
     * Weights alone, as the checkpoint of one step of an experiment; both sets are measured here, on the experiment's own split.
     *
     * @param step updates that they have had, where that is known; else they are taken to have had all
     */
    public Imported weights(Experiment experiment, SequencedMap<String, RawTensor> weights, OptionalLong step) {
        long at = step.orElse(experiment.train().steps());
        try (RunWriter run = claim(experiment);
                Training training = Training.resume(experiment, new Training.State(at, weights, Map.of()))) {
            var hindsight = new Hindsight(experiment.train());
            run.begin();
            imported(
                    run,
                    Map.of(
                            "split",
                            "the experiment's, which the weights need not have been trained on",
                            "initial_weights",
                            "unknown",
                            "updates",
                            step.isPresent() ? "recorded in the file" : "not recorded, assumed to be train.steps",
                            "measured_here",
                            "step " + at));
            Evaluation evaluation = training.evaluate();
            log(run, evaluation);
            noteBroken(run, hindsight, at, weights);
            note(run, hindsight.see(evaluation));
            run.checkpoint(at, weights, new LinkedHashMap<>());
            return finish(run, hindsight.result(at));
        }
    }

    /** Weights whose task is not known: one checkpoint, and nothing measured. */
    public Imported unknown(Experiment experiment, SequencedMap<String, RawTensor> weights, OptionalLong step) {
        long at = step.orElse(experiment.train().steps());
        try (RunWriter run = claim(experiment)) {
            run.begin();
            imported(
                    run,
                    Map.of(
                            "updates",
                            step.isPresent() ? "recorded in the file" : "not recorded",
                            "settings",
                            "sizes from the shapes; activation, mask and eps as a configuration in the file says, else the defaults",
                            "measured_here",
                            "nothing, no task is known"));
            run.checkpoint(at, weights, new LinkedHashMap<>());
            Outcome nothing = new Outcome.Unobserved(at);
            var unmeasured = Measure.of(Double.NaN, Double.NaN);
            return finish(
                    run, new Trainer.Result(at, nothing, nothing, nothing, Evaluation.of(at, unmeasured, unmeasured)));
        }
    }

    private static void note(RunWriter run, List<Milestones.Noted> noted) {
        noted.forEach(n -> run.event(n.at(), n.kind(), n.detail()));
    }

    private static void noteBroken(
            RunWriter run, Hindsight hindsight, long step, SequencedMap<String, RawTensor> weights) {
        FixedWeights.broken(weights).ifPresent(why -> note(run, hindsight.diverged(step, why)));
    }

    private RunWriter claim(Experiment experiment) {
        RunWriter run = store.claim(experiment, provenance);
        boolean fresh = run.run().parts() == 0;
        if (!fresh) {
            run.close();
        }
        Check.that(
                fresh,
                "run %s is there already: remove it first, or give this one another name with --name",
                run.run().address());
        return run;
    }

    private void imported(RunWriter run, Map<String, String> what) {
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("file", file);
        detail.put("sha256", sha256);
        for (String key : List.of("split", "initial_weights", "updates", "settings", "measured_here")) {
            if (what.containsKey(key)) {
                detail.put(key, what.get(key));
            }
        }
        run.event(0, EventKind.IMPORTED, JsonMapper.shared().writeValueAsString(detail));
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

    /** What is recorded of a step, and where something is not, what was measured here. */
    private static SequencedMap<String, Double> values(
            ModmulCheckpoint recorded, long step, @Nullable Evaluation measured) {
        SequencedMap<String, Double> values = new LinkedHashMap<>();
        for (String name : ModmulCheckpoint.SERIES.keySet()) {
            var series = recorded.series().get(name);
            OptionalDouble value = series == null ? OptionalDouble.empty() : series.at(step);
            if (value.isPresent()) {
                values.put(name, value.getAsDouble());
            } else if (measured != null) {
                Measure set = name.startsWith("train") ? measured.train() : measured.test();
                values.put(name, name.endsWith("loss") ? set.loss() : set.accuracy());
            }
        }
        return values;
    }

    private static Evaluation evaluation(long step, Map<String, Double> values) {
        return Evaluation.of(
                step,
                Measure.of(of(values, "train_loss"), of(values, "train_accuracy")),
                Measure.of(of(values, "test_loss"), of(values, "test_accuracy")));
    }

    private static double of(Map<String, Double> values, String name) {
        return Objects.requireNonNull(values.get(name), name);
    }

    private void checkLosses(ModmulCheckpoint recorded, long step) {
        Evaluation ours = Moments.measure(recorded.experiment(), recorded.split(), step, recorded.weights(step));
        check(recorded, "train_loss", step, ours.train().loss());
        check(recorded, "test_loss", step, ours.test().loss());
    }

    private void check(ModmulCheckpoint recorded, String name, long step, double ours) {
        OptionalDouble theirs =
                Objects.requireNonNull(recorded.series().get(name)).at(step);
        Map<String, String> settings = recorded.experiment().settings();
        Check.that(
                theirs.isEmpty() || Moments.agree(theirs.getAsDouble(), ours),
                "%s, %s: at epoch %s it records %s, and its checkpoint gives %s: the task is not %s mod %s, or the layout is another one",
                file,
                Objects.requireNonNull(ModmulCheckpoint.SERIES.get(name)),
                step,
                Decimals.format("%.6g", theirs.orElse(Double.NaN)),
                Decimals.format("%.6g", ours),
                settings.getOrDefault("task.operation", ""),
                settings.getOrDefault("task.modulus", ""));
    }
}
