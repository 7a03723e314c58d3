package hooke.tensor;

import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * The parameters of a model as slices of one flat buffer, and their gradients likewise, so that an optimizer is a handful of operations
 * and a checkpoint one write. Those that train lie first.
 *
 * <p>The named tensors are detached leaves over the slices: views of one leaf would make the backward pass of each slice write the whole
 * flat gradient.
 */
public final class ParameterBuffer {
    private final Tensor values;
    private final Tensor gradients;
    private final SequencedMap<String, Tensor> leaves = new LinkedHashMap<>();
    private final long trainable;

    /** All zero, in the innermost scope: shapes of those that train, then of those that are frozen. */
    public ParameterBuffer(
            DType dtype, Device device, SequencedMap<String, long[]> training, SequencedMap<String, long[]> frozen) {
        this.trainable = count(training);
        this.values = Tensor.zeros(device, dtype, trainable + count(frozen));
        this.gradients = Tensor.zeros(device, dtype, trainable);
        long start = 0;
        try (var noGrad = new NoGrad()) {
            for (var parameter : training.entrySet()) {
                long[] shape = parameter.getValue();
                Tensor leaf = slice(values, start, shape).detach().requireGrad();
                leaf.setGrad(slice(gradients, start, shape));
                leaves.put(parameter.getKey(), leaf);
                start += size(shape);
            }
            for (var parameter : frozen.entrySet()) {
                leaves.put(parameter.getKey(), slice(values, start, parameter.getValue()));
                start += size(parameter.getValue());
            }
        }
    }

    private static long count(SequencedMap<String, long[]> shapes) {
        return shapes.values().stream().mapToLong(ParameterBuffer::size).sum();
    }

    private static long size(long[] shape) {
        long size = 1;
        for (long n : shape) {
            size *= n;
        }
        return size;
    }

    private static Tensor slice(Tensor flat, long start, long[] shape) {
        return flat.narrow(0, start, size(shape)).view(shape);
    }

    /** The parameters by name, those that train first. */
    public SequencedMap<String, Tensor> leaves() {
        return leaves;
    }

    /** The flat values of the parameters that train: writing here changes them. */
    public Tensor trainableValues() {
        return values.narrow(0, 0, trainable);
    }

    /** The flat gradient, in the order of {@link #trainableValues}. Backward passes add to it. */
    public Tensor gradients() {
        return gradients;
    }
}
