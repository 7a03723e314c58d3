package hooke.fused.context;

import hooke.config.ModelConfig;
import hooke.config.Positions;

/** Tokens and, where they are learned, positions into the stream, and its gradient back to their vectors. */
final class ContextEmbedding {
    private final ContextWeights weights;
    private final int d;
    private final int width;
    private final int tokens;
    private final int positions;

    ContextEmbedding(ContextParts parts) {
        ModelConfig config = parts.config();
        this.weights = parts.weights();
        this.d = config.dModel();
        this.width = TileSums.wide(d);
        this.tokens = weights.place("embed.W_E").offset();
        this.positions = switch (config.positions()) {
            case Positions.Learned() -> weights.place("pos_embed.W_pos").offset();
            case Positions.Rotary _ -> -1;
        };
    }

    /** Into rows, those of a sequence one behind the other. */
    void forward(int[][] batch, float[] x) {
        float[] values = weights.values();
        int at = 0;
        for (int[] sequence : batch) {
            for (int position = 0; position < sequence.length; position++) {
                System.arraycopy(values, tokens + sequence[position] * d, x, at, d);
                if (positions >= 0) {
                    add(x, at, values, positions + position * d);
                }
                at += width;
            }
        }
    }

    /** Row by row in their order, so that the sums are the same for any number of threads. */
    void backward(int[][] batch, float[] dx) {
        float[] gradients = weights.gradients();
        int at = 0;
        for (int[] sequence : batch) {
            for (int position = 0; position < sequence.length; position++) {
                add(gradients, tokens + sequence[position] * d, dx, at);
                if (positions >= 0) {
                    add(gradients, positions + position * d, dx, at);
                }
                at += width;
            }
        }
    }

    private void add(float[] to, int toAt, float[] from, int at) {
        for (int j = 0; j < d; j++) {
            to[toAt + j] += from[at + j];
        }
    }
}
