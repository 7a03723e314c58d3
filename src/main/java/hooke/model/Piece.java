package hooke.model;

import hooke.hook.HookPoint;
import hooke.hook.Pieces;
import hooke.tensor.Tensor;

/**
 * Some neighbouring examples of a forward pass, whose activations go to their place among those of all examples.
 *
 * @param all number of examples of the whole pass
 * @param first number of the first of these
 * @param count how many these are
 */
record Piece(Pieces pieces, int all, int first, int count) {

    /** Writes an activation of these examples, [example, ...]. */
    void write(HookPoint point, Tensor value) {
        long[] shape = value.shape();
        shape[0] = all;
        for (Tensor whole : pieces.wholes(point, value.device(), value.dtype(), shape)) {
            part(whole).copyInPlace(value);
        }
    }

    /** Writes rows of states to every example that is in them; the shape is that of all examples, [example, pos, ...]. */
    void write(HookPoint point, Tensor rows, Tensor ofExamples, long... shape) {
        for (Tensor whole : pieces.wholes(point, rows.device(), rows.dtype(), shape)) {
            write(whole, rows, ofExamples);
        }
    }

    /** Writes rows of states to these examples' part of a tensor of all. */
    void write(Tensor whole, Tensor rows, Tensor ofExamples) {
        rows.rowsInto(ofExamples, part(whole).view(ofExamples.numel(), rows.size(1)));
    }

    /** These examples' part of a tensor of all, in the same memory. */
    Tensor part(Tensor whole) {
        return whole.narrow(0, first, count);
    }
}
