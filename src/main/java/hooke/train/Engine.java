package hooke.train;

import hooke.tensor.RawTensor;
import java.util.SequencedMap;
import java.util.function.Predicate;

/**
 * What trains and measures a model. Engines compute the same numbers but for rounding, so that a run belongs to the one it began with;
 * each can go on from what another left.
 */
interface Engine extends AutoCloseable {
    /** Updates done so far. */
    long step();

    /** One update on these examples; what the loss on them was before it. */
    double update(int[] examples);

    /** Measures the whole training set and, if the caller wants to go on, makes one update with the same forward pass. */
    boolean measureThenUpdate(Predicate<Measure> goOn);

    /** How well the model does on the whole training set. */
    Measure evaluateTrain();

    /** How well the model does on the whole test set. */
    Measure evaluateTest();

    /** Brings the model's weights, and the gradients of the last update, to what the engine has. */
    void settle();

    /** The optimizer's state by name, flat, in the order of the weights that train. */
    SequencedMap<String, RawTensor> moments();

    /** Takes {@code adamw.mean} and {@code adamw.square} back. */
    void restore(RawTensor mean, RawTensor square);

    @Override
    void close();
}
