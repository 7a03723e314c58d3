package hooke.config;

import hooke.Check;

/** How the model tells the positions of its tokens apart. */
public sealed interface Positions {
    /** A trained vector for each of {@code n_ctx} positions, W_pos, added to the token's (TransformerLens' {@code standard}). */
    record Learned() implements Positions {}

    /**
     * Queries and keys are turned, pair of numbers by pair, by angles that grow with the position (Su et al. 2021, arXiv 2104.09864): pair
     * i of a head by {@code position * base^(-2 i / dims)}.
     *
     * @param dims the first so many numbers of each head are turned, the others stay
     * @param pairs which numbers are turned together
     */
    record Rotary(int dims, double base, Pairs pairs) implements Positions {
        public Rotary {
            Check.that(
                    dims >= 2 && dims % 2 == 0,
                    "model.positions.dims (%s) must be an even number of at least 2: numbers are turned in pairs",
                    dims);
            Check.that(
                    base > 1 && base <= 1e12, "model.positions.base (%s) must be more than 1 and at most 1e12", base);
        }
    }

    enum Pairs {
        /** Neighbours, (0, 1), (2, 3), ...: GPT-J, LLaMA's own code, x-transformers. */
        INTERLEAVED,
        /** The first half with the second, (0, dims/2), (1, dims/2 + 1), ...: GPT-NeoX, Hugging Face's LLaMA. */
        HALVES
    }
}
