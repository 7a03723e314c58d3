package hooke.train;

import hooke.config.EventKind;
import hooke.config.Milestone;
import hooke.config.TrainConfig;
import hooke.config.task.SampleTexts;
import hooke.tensor.NativeMemory;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The training loop: evaluate, record, save, update, until all steps are done, the stopping rule holds, or the loss is no number.
 *
 * <p>Counting: after e updates the evaluation at step e is measured, then the checkpoint e is saved, then update e + 1 is made; {@code
 * loss} at step s is the loss of the batch of update s, before it. On a full batch the forward pass of update e + 1 is the evaluation of
 * the training set at step e.
 */
public final class Trainer {
    private final Training training;
    private final TrainConfig config;
    private final boolean whole;
    private final Recorder recorder;
    private final BooleanSupplier pause;
    private final Milestones milestones;
    private long settled;

    /**
     * How a training ended.
     *
     * @param outcome of the stopping rule, or of grokking where there is none
     * @param milestones memorized, grokked, and those that the experiment names
     * @param last the last evaluation
     */
    public record Result(long step, Outcome outcome, SequencedMap<String, Outcome> milestones, Evaluation last) {
        public Result {
            milestones = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(milestones));
        }

        /** With the two milestones that every training has. */
        public Result(long step, Outcome outcome, Outcome memorized, Outcome grokked, Evaluation last) {
            this(step, outcome, both(memorized, grokked), last);
        }

        private static SequencedMap<String, Outcome> both(Outcome memorized, Outcome grokked) {
            SequencedMap<String, Outcome> both = new LinkedHashMap<>();
            both.put(Milestone.MEMORIZED, memorized);
            both.put(Milestone.GROKKED, grokked);
            return both;
        }

        public Outcome memorized() {
            return Objects.requireNonNull(milestones.get(Milestone.MEMORIZED));
        }

        public Outcome grokked() {
            return Objects.requireNonNull(milestones.get(Milestone.GROKKED));
        }
    }

    private Trainer(Training training, Recorder recorder, List<Evaluation> past, BooleanSupplier pause) {
        this.training = training;
        this.config = training.experiment().train();
        this.whole = switch (config.batch()) {
            case TrainConfig.Batch.Full() -> true;
            case TrainConfig.Batch.Mini(int _) -> false;
        };
        this.recorder = recorder;
        this.pause = pause;
        this.milestones = new Milestones(config);
        this.settled = past.isEmpty() ? -1 : training.step();
        for (Evaluation evaluation : past) {
            milestones.see(evaluation);
        }
    }

    /** Trains to the end. */
    public static Result train(Training training, Recorder recorder) {
        return train(training, recorder, List.of(), () -> false).orElseThrow();
    }

    /**
     * Trains to the end, or until asked to pause; then a checkpoint is saved and the result is empty.
     *
     * @param past the evaluations up to the checkpoint that the training goes on from, in order; empty for a new one
     * @param pause asked once a step, from the thread that trains
     */
    public static Optional<Result> train(
            Training training, Recorder recorder, List<Evaluation> past, BooleanSupplier pause) {
        return new Trainer(training, recorder, past, pause).run();
    }

    private Optional<Result> run() {
        boolean goOn = !hasEnded();
        while (goOn) {
            goOn = advance();
        }
        if (!hasEnded()) {
            return Optional.empty();
        }
        Result result = milestones.result(training.step());
        recorder.finished(result);
        return Optional.of(result);
    }

    /** Measures, records and saves what is due at this step, then makes one update; false if that was the end, for now or for good. */
    private boolean advance() {
        long step = training.step();
        boolean last = step == config.steps();
        // The pass that gives the gradients of a full batch measures the training set, too.
        @Nullable Measure before = whole && !last ? training.differentiate() : null;
        if (step > settled && !settle(step, before)) {
            return false;
        }
        if (before == null) {
            before = training.differentiate();
        }
        training.update();
        if (!whole) {
            recorder.log(step + 1, "loss", before.loss());
            checkFinite(step + 1, before.loss());
        }
        return !milestones.isBroken();
    }

    /** Records what is measured at this step and saves if a checkpoint is due; whether the training goes on. */
    private boolean settle(long step, @Nullable Measure ofTraining) {
        boolean evaluates = step % config.evaluateEvery() == 0 || step == config.steps();
        if (ofTraining != null) {
            recorder.log(step, "train_loss", ofTraining.loss());
            checkFinite(step, ofTraining.loss());
        }
        if (evaluates) {
            see(training.evaluation(ofTraining), ofTraining != null);
        }
        boolean paused = pause.getAsBoolean();
        boolean ended = hasEnded();
        boolean stays = config.savesAt(step) || ended;
        if (stays) {
            recorder.log(step, "machine/native_bytes", NativeMemory.now().allocated());
        }
        if (stays || paused) {
            recorder.checkpoint(training);
            settled = step;
        }
        return !paused && !ended;
    }

    /** @param lossIsLogged that on the training set */
    private void see(Evaluation evaluation, boolean lossIsLogged) {
        evaluation.values().forEach((series, value) -> {
            if (!lossIsLogged || !series.equals("train_loss")) {
                recorder.log(evaluation.step(), series, value);
            }
        });
        recorder.evaluated(evaluation);
        if (!lossIsLogged) {
            checkFinite(evaluation.step(), evaluation.train().loss());
        }
        record(milestones.see(evaluation));
        List<String> samples = training.samples();
        if (!samples.isEmpty()) {
            recorder.event(evaluation.step(), EventKind.SAMPLES, new SampleTexts(samples).json());
        }
    }

    private void checkFinite(long step, double loss) {
        record(milestones.loss(step, loss));
    }

    private void record(List<Milestones.Noted> noted) {
        noted.forEach(n -> recorder.event(n.at(), n.kind(), n.detail()));
    }

    private boolean hasEnded() {
        return milestones.isBroken() || milestones.isStopped() || training.step() >= config.steps();
    }
}
