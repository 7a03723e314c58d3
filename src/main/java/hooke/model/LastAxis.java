package hooke.model;

import hooke.tensor.Tensor;

/** Tensors whose last axis is several side by side, as the heads of a row. */
final class LastAxis {
    private LastAxis() {}

    /** The last axis as these; those before it stay. */
    static Tensor split(Tensor x, long... last) {
        return x.reshape(shape(x, last));
    }

    /** The shape of a tensor with these in place of its last axis. */
    static long[] shape(Tensor x, long... last) {
        long[] old = x.shape();
        long[] shape = new long[old.length - 1 + last.length];
        System.arraycopy(old, 0, shape, 0, old.length - 1);
        System.arraycopy(last, 0, shape, old.length - 1, last.length);
        return shape;
    }
}
