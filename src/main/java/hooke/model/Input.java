package hooke.model;

import hooke.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Examples made ready for a forward pass by {@link Plan#input}.
 *
 * @param tokens I64: of every example at every position that the first layer reads; or, with shared rows, of every distinct row
 * @param positions I64: those positions; or the position of every distinct row
 * @param shared which distinct row each example has where, or null where every example has rows of its own
 */
public record Input(
        Plan plan,
        int batch,
        Tensor tokens,
        Tensor positions,
        @Nullable SharedRows shared) {}
