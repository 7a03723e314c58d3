package hooke.model;

import hooke.tensor.Dropout;
import hooke.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Examples made ready for a forward pass by {@link Plan#input}.
 *
 * @param tokens I64, of every example at every position that the first layer reads, [batch * pos]
 * @param positions I64, those positions, [pos]
 * @param mixings by layer, how these examples' queries mix the values of their keys
 * @param drops what dropout takes away; null for nothing
 */
public record Input(
        Plan plan,
        int batch,
        Tensor tokens,
        Tensor positions,
        List<Mixing.OfExamples> mixings,
        @Nullable Drops drops) {
    public Input {
        mixings = List.copyOf(mixings);
    }

    /** This input with what dropout takes away of it in training. */
    public Input dropping(Dropout.OfBatch dropout) {
        return new Input(
                plan,
                batch,
                tokens,
                positions,
                mixings,
                new Drops(dropout, plan.reach().layers()));
    }
}
