package hooke.fused.rows;

/**
 * The last layer, the logits and the loss, tile by tile: what a tile of rows needs is computed, measured, differentiated and forgotten
 * while it lies in the cache.
 */
interface Tail {
    /** What is computed once for all tiles. */
    void forwardBefore();

    /** Gradients of what {@link #forwardBefore} made become zero. */
    void clearGradients();

    /** The rows from..to: the loss sees them. With a weight for each answer, their gradients follow. */
    void tile(int from, int to, RowLoss loss, float weight);

    /** What is differentiated once for all tiles. */
    void backwardBefore();
}
