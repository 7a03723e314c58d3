package hooke.config;

import hooke.Check;
import hooke.config.form.Kind;

/** How a query weights the keys that it sees. */
public sealed interface Weighting {
    /** Whether a query takes some of the keys that it sees and leaves others. */
    default boolean chooses() {
        return true;
    }

    /** Whether each head gives every key a score of its own, by a weight W_score [head, d_model]. */
    default boolean scoresKeys() {
        return false;
    }

    /** By the softmax of all their scores. */
    record Softmax() implements Weighting {
        @Override
        public boolean chooses() {
            return false;
        }
    }

    /** By the softmax of the k largest scores; where two are equal, the earlier key's is taken. */
    @Kind("top-k")
    record TopK(int k) implements Weighting {
        public TopK {
            Check.that(k >= 1, "model.attention.k (%s) must be at least 1", k);
        }
    }

    /**
     * SparseK (Lou et al. 2024, arXiv 2406.16747): each head gives every key a learned score u = W_score x, and each query takes
     * {@code p = clip(u - tau, 0, 1)} of the keys that it sees, with the threshold tau at which these sum to k. Keys and values are
     * multiplied by their p; those with none are out.
     */
    record SparseK(int k) implements Weighting {
        public SparseK {
            Check.that(k >= 1, "model.attention.k (%s) must be at least 1", k);
        }

        @Override
        public boolean scoresKeys() {
            return true;
        }
    }
}
