package hooke.lens;

import hooke.config.Experiment;
import hooke.config.Fit;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.store.RunReader;
import hooke.store.files.Checkpoint;
import hooke.task.Alike;
import hooke.task.FiniteTask;
import hooke.task.Split;
import hooke.task.Task;
import hooke.tensor.DType;
import hooke.tensor.Device;
import java.lang.foreign.Arena;

/**
 * A run's model as it was at a checkpoint, ready to be looked into. It lives in the scope that was innermost when it was opened.
 *
 * @param step updates done
 * @param examples that it can be looked at on: their split as the run's seeds draw it, or as the run keeps it where another program
 *     chose it
 */
public record OpenedModel(Experiment experiment, long step, Alike examples, Transformer model) {
    /** One whose task has examples of one form. */
    public OpenedModel(Experiment experiment, long step, FiniteTask task, Split split, Transformer model) {
        this(experiment, step, task.alike(split), model);
    }

    /** The task of the examples that are looked at. */
    public FiniteTask task() {
        return examples.task();
    }

    /** Which of them were trained on. */
    public Split split() {
        return examples.split();
    }

    /** Throws an {@link hooke.InputException} if the checkpoint is damaged. */
    public static OpenedModel of(RunReader run, Checkpoint checkpoint) {
        Experiment experiment = run.experiment();
        Task task = Task.of(experiment.task(), run.tokenizer());
        Split split = run.kept(Split.KEPT, Split::of).orElseGet(() -> Split.of(experiment, task));
        return new OpenedModel(experiment, checkpoint.step(), task.alike(split), model(run, checkpoint));
    }

    /** Its model alone, which needs no example. */
    public static Transformer model(RunReader run, Checkpoint checkpoint) {
        Fit.here().checkLook(run.experiment());
        try (Arena arena = Arena.ofConfined()) {
            var recorded = checkpoint.weights().open(arena).tensors();
            return new Transformer(Weights.of(run.experiment().model(), DType.F32, Device.CPU, recorded));
        }
    }
}
