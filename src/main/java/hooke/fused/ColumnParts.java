package hooke.fused;

/** What every stage of a {@link ColumnPass} works with. */
record ColumnParts(Parts parts, SmallProduct product, OuterProduct outer) {
    float[] values() {
        return parts.values();
    }

    float[] gradients() {
        return parts.gradients();
    }
}
