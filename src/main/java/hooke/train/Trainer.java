package hooke.train;

import hooke.config.TrainConfig;
import hooke.config.TrainConfig.Milestones;
import hooke.config.TrainConfig.Stop;
import hooke.task.Batch;
import hooke.tensor.NativeMemory;
import java.util.List;
import java.util.Optional;
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
    private final Milestone memorized;
    private final Milestone grokked;
    private final @Nullable Milestone stop;
    private long settled;
    private @Nullable Evaluation last;
    private @Nullable Outcome broken;

    /**
     * How a training ended.
     *
     * @param outcome of the stopping rule, or of grokking where there is none
     * @param last the last evaluation
     */
    public record Result(long step, Outcome outcome, Outcome memorized, Outcome grokked, Evaluation last) {}

    private Trainer(Training training, Recorder recorder, List<Evaluation> past, BooleanSupplier pause) {
        this.training = training;
        this.config = training.experiment().train();
        this.whole = switch (config.batch()) {
            case TrainConfig.Batch.Full() -> true;
            case TrainConfig.Batch.Mini(int _) -> false;
        };
        this.recorder = recorder;
        this.pause = pause;
        Milestones milestones = config.milestones();
        this.memorized = new Milestone(e -> e.train().accuracy(), milestones.threshold(), false, milestones.patience());
        this.grokked = new Milestone(e -> e.test().accuracy(), milestones.threshold(), false, milestones.patience());
        this.stop = switch (config.stop()) {
            case Stop.Never() -> null;
            case Stop.Reached(TrainConfig.Metric metric, double atLeast, int patience) ->
                switch (metric) {
                    case TRAIN_ACCURACY -> new Milestone(e -> e.train().accuracy(), atLeast, true, patience);
                    case TEST_ACCURACY -> new Milestone(e -> e.test().accuracy(), atLeast, true, patience);
                };
        };
        this.settled = past.isEmpty() ? -1 : training.step();
        for (Evaluation evaluation : past) {
            milestones().forEach(m -> m.see(evaluation));
            last = evaluation;
        }
    }

    private List<Milestone> milestones() {
        return stop == null ? List.of(memorized, grokked) : List.of(memorized, grokked, stop);
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
        return hasEnded() ? Optional.of(result()) : Optional.empty();
    }

    /** Measures, records and saves what is due at this step, then makes one update; false if that was the end, for now or for good. */
    private boolean advance() {
        long step = training.step();
        boolean last = step == config.steps();
        Batch batch = training.batch();
        // The pass that gives the gradients of a full batch measures the training set, too.
        @Nullable Measure before = whole && !last ? training.differentiate(batch) : null;
        if (step > settled && !settle(step, before)) {
            return false;
        }
        if (before == null) {
            before = training.differentiate(batch);
        }
        training.update();
        if (!whole) {
            recorder.log(step + 1, "loss", before.loss());
            checkFinite(step + 1, before.loss());
        }
        return broken == null;
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
        if (!lossIsLogged) {
            checkFinite(evaluation.step(), evaluation.train().loss());
        }
        last = evaluation;
        note("memorized", memorized, evaluation);
        note("grokked", grokked, evaluation);
        if (stop != null) {
            note("reached", stop, evaluation);
        }
    }

    private void note(String kind, Milestone milestone, Evaluation evaluation) {
        if (milestone.see(evaluation)
                && milestone.outcome(evaluation.step()) instanceof Outcome.Reached(long step, long lastBelow)) {
            recorder.event(evaluation.step(), kind, "{\"step\": " + step + ", \"last_below\": " + lastBelow + "}");
        }
    }

    private void checkFinite(long step, double loss) {
        if (Double.isFinite(loss)) {
            return;
        }
        broken = new Outcome.Diverged(step, "the loss became " + loss);
        recorder.event(step, "diverged", "{\"loss\": \"" + loss + "\"}");
    }

    private boolean hasEnded() {
        return broken != null || stop != null && stop.isReached() || training.step() >= config.steps();
    }

    private Result result() {
        long step = training.step();
        if (last == null) {
            throw new IllegalStateException("a training ends with an evaluation");
        }
        return new Result(step, of(stop == null ? grokked : stop), of(memorized), of(grokked), last);
    }

    private Outcome of(Milestone milestone) {
        return broken != null && !milestone.isReached() ? broken : milestone.outcome(training.step());
    }
}
