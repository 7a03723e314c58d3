package hooke.hook;

import hooke.tensor.DType;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * The activation of some neighbouring examples as it was computed: rows, and which of them stands where. Examples that share a row have it
 * once.
 *
 * @param values [row, width]; or, where there are no shared rows, the activation itself
 * @param of the row that stands at each place of the activation, in row-major order, or null where the values are the activation
 * @param shape of the activation, [example, ...]; as many of its last axes as make up the width are a row
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record Rows(Tensor values, long @Nullable [] of, long... shape) {

    /** Writes the activation over a tensor of its shape; never recorded. */
    public void writeTo(Tensor out) {
        if (of == null) {
            out.copyInPlace(values);
            return;
        }
        try (var _ = new Scope()) {
            Tensor index =
                    Tensor.of(DType.I64, MemorySegment.ofArray(of), of.length).to(values.device());
            values.rowsInto(index, out.view(of.length, values.size(1)));
        }
    }

    /** These rows, held in another scope, too. */
    Rows alsoIn(Scope scope) {
        return new Rows(values.detach().keepIn(scope), of, shape);
    }
}
