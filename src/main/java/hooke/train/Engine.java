package hooke.train;

import hooke.task.Batch;
import hooke.tensor.RawTensor;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What trains and measures a model, in two verbs: {@link #differentiate} leaves the gradients of a batch, {@link #update} changes the
 * weights by them. Engines compute the same numbers but for rounding, so that a run belongs to the one it began with; each can go on from
 * what another left.
 */
interface Engine extends AutoCloseable {
    /** Updates done so far. */
    long step();

    /**
     * Measures a batch, and leaves the gradients of its mean loss.
     *
     * @param weight by which the gradients are multiplied
     * @param onTop whether they are added to those that are there, and do not take their place
     */
    Measure differentiate(Batch batch, double weight, boolean onTop);

    /** One update by the gradients that are there, clipped and filtered first where the experiment says so. */
    void update();

    /** Measures a batch of whatever size, and leaves nothing. */
    Measure evaluate(Batch batch);

    /** Brings the model's weights, and the gradients of the last batch, to what the engine has. */
    void settle();

    /** The optimizer's state by name, flat, in the order of the weights that train. */
    SequencedMap<String, RawTensor> state();

    /** Takes such a state back. */
    void restore(Map<String, RawTensor> state);

    @Override
    void close();
}
