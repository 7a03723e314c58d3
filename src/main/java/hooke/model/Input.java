package hooke.model;

import hooke.tensor.Tensor;
import java.util.List;

/**
 * Examples made ready for a forward pass by {@link Plan#input}.
 *
 * @param tokens I64, of every example at every position that the first layer reads, [batch * pos]
 * @param positions I64, those positions, [pos]
 * @param mixings by layer, how these examples' queries mix the values of their keys
 */
public record Input(Plan plan, int batch, Tensor tokens, Tensor positions, List<Mixing.OfExamples> mixings) {
    public Input {
        mixings = List.copyOf(mixings);
    }
}
