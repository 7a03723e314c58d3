package hooke.fused.kernels;

import hooke.tensor.RawTensor;
import java.util.Map;

/** A model whose weights, gradients and moments lie in arrays of its own order: how they are copied out and in. */
public interface ArraysModel extends AutoCloseable {
    /** Copies the weights into tensors of their names and shapes. */
    void writeWeights(Map<String, RawTensor> named);

    /** Copies gradients into tensors of the names and shapes of weights that train. */
    void writeGradients(Map<String, RawTensor> named);

    /** The optimizer's running mean of the gradient, flat, in the order of the weights that train. */
    RawTensor mean();

    /** Likewise of its square. */
    RawTensor square();

    /** Takes both back. */
    void readMoments(RawTensor mean, RawTensor square);

    @Override
    void close();
}
