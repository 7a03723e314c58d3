package hooke.config;

/** How the model tells the positions of its tokens apart. */
public sealed interface Positions {
    /** A trained vector for each of {@code n_ctx} positions, W_pos, added to the token's (TransformerLens' {@code standard}). */
    record Learned() implements Positions {}
}
