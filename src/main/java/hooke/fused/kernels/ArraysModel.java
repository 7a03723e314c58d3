package hooke.fused.kernels;

import hooke.tensor.RawTensor;
import java.util.Map;

/** A model whose weights and gradients lie in arrays of its own order: how they are copied out and in. */
public interface ArraysModel extends AutoCloseable {
    /** Copies the weights into tensors of their names and shapes. */
    void writeWeights(Map<String, RawTensor> named);

    /** Copies gradients into tensors of the names and shapes of weights that train. */
    void writeGradients(Map<String, RawTensor> named);

    @Override
    void close();
}
