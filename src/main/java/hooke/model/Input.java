package hooke.model;

import hooke.tensor.Tensor;

/**
 * Examples made ready for a forward pass by {@link Plan#input}.
 *
 * @param tokens I64, of every example at every position that the first layer reads, [batch * pos]
 * @param positions I64, those positions, [pos]
 */
public record Input(Plan plan, int batch, Tensor tokens, Tensor positions) {}
