package hooke.fused.decode;

import hooke.config.ModelConfig;
import hooke.config.Weighting;
import hooke.fused.kernels.Chosen;

/** What of the visible keys a query takes, by {@code model.attention}; belongs to one thread. */
final class ChosenShares {
    private final Weighting attention;
    private float[] shares = new float[0];
    private double[] sorted = new double[0];

    ChosenShares(ModelConfig model) {
        this.attention = model.attention();
    }

    /**
     * Changes the scores from one place to before another: what is not taken becomes minus infinity, as what is closed is already.
     *
     * @param first position of the first key
     */
    void choose(float[] scores, int from, int to, KeyValues sequence, int layer, int head, int first) {
        switch (attention) {
            case Weighting.Softmax() -> {}
            case Weighting.TopK(int k) -> {
                shares = shares.length < k ? new float[k] : shares;
                Chosen.close(scores, from, to, k, Chosen.least(scores, from, to, k, shares));
            }
            case Weighting.SparseK(int k) -> {
                int count = to - from;
                if (shares.length < count) {
                    shares = new float[2 * count];
                    sorted = new double[2 * count];
                }
                for (int j = 0; j < count; j++) {
                    shares[j] = sequence.score(layer, head, first + j);
                }
                Chosen.shares(scores, from, to, k, shares, sorted);
            }
        }
    }

    /** Multiplies a pattern by what {@link #choose} took of each key. */
    void weight(float[] pattern, int from, int to) {
        if (attention.scoresKeys()) {
            for (int j = from; j < to; j++) {
                pattern[j] *= shares[j - from];
            }
        }
    }
}
