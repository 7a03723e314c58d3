package hooke.fused.columns;

import hooke.fused.kernels.OuterProduct;
import hooke.fused.kernels.SmallProduct;
import hooke.fused.pass.Parts;

/** What every stage of a {@link ColumnPass} works with. */
record ColumnParts(Parts parts, SmallProduct product, OuterProduct outer) {
    float[] values() {
        return parts.values();
    }

    float[] gradients() {
        return parts.gradients();
    }
}
