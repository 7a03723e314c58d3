package hooke.lens;

import hooke.config.Experiment;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.store.Checkpoint;
import hooke.store.RunReader;
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
 * @param split what it was trained on: as its seeds draw it, or as the run keeps it where another program chose it
 */
public record OpenedModel(Experiment experiment, long step, FiniteTask task, Split split, Transformer model) {

    /** Throws an {@link hooke.InputException} if the checkpoint is damaged. */
    public static OpenedModel of(RunReader run, Checkpoint checkpoint) {
        Experiment experiment = run.experiment();
        try (Arena arena = Arena.ofConfined()) {
            var recorded = checkpoint.weights().open(arena).tensors();
            var model = new Transformer(Weights.of(experiment.model(), DType.F32, Device.CPU, recorded));
            Split split = run.kept(Split.KEPT, Split::of).orElseGet(() -> Split.of(experiment));
            return new OpenedModel(experiment, checkpoint.step(), Task.of(experiment.task()), split, model);
        }
    }
}
