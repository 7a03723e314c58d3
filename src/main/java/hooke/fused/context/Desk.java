package hooke.fused.context;

import hooke.config.ModelConfig;
import hooke.fused.kernels.FlatWeights;

/** What one thread needs for itself: room for a tile of rows. */
final class Desk {
    /**
     * Rows that are computed together: few enough to stay in a cache between one step and the next, and so many that what a product
     * rearranges of the weights is little beside what it multiplies (with 128 products run at 0.75 of a large one's rate, with 256 at 0.81).
     */
    static final int TILE = 256;

    /** Keys of a tile of attention: a tile's scores, too, stay there. */
    private static final int KEYS = 1024;

    final OneHead attention;
    /** What a linear map of a tile reads: the normalised stream, and the neurons. */
    final FactorRows stream;

    final FactorRows neurons;
    final float[] one;
    final float[] two;
    final float[] three;
    final float[] four;
    final float[] hat;
    private final int logitsSize;
    private float[] logits = new float[0];
    private float[] five = new float[0];
    private float[] six = new float[0];

    Desk(ContextParts parts) {
        ModelConfig config = parts.config();
        var bf16 = parts.bf16();
        this.attention = OneHead.of(parts, KEYS);
        this.stream = FactorRows.of(TILE, config.dModel(), bf16);
        this.neurons = FactorRows.of(TILE, Math.max(1, config.dMlp()), bf16);
        int heads = config.nHeads() * config.dHead();
        int widest = Math.max(Math.max(stream.stride(), neurons.stride()), FactorRows.stride(3 * heads));
        this.one = new float[TILE * widest];
        this.two = new float[TILE * widest];
        this.three = new float[TILE * widest];
        this.four = new float[TILE * FlatWeights.wide(config.dModel())];
        this.logitsSize = bf16 == null ? 0 : TILE * FactorRows.stride(config.dVocabOut());
        this.hat = new float[FlatWeights.wide(config.dModel())];
    }

    /** Tiles of so many rows. */
    static int tiles(int rows) {
        return (rows + TILE - 1) / TILE;
    }

    /** Rows of one of them. */
    static int rows(int tile, int rows) {
        return Math.min(TILE, rows - tile * TILE);
    }

    /** Room as wide as the neurons, for those who need more than {@code three}. */
    float[] five() {
        five = five.length == 0 ? new float[TILE * neurons.stride()] : five;
        return five;
    }

    /** Room as wide as the neurons, for those who need more than {@link #five}. */
    float[] six() {
        six = six.length == 0 ? new float[TILE * neurons.stride()] : six;
        return six;
    }

    /** Of a tile, in floats, where they are not kept as such. */
    float[] logits() {
        if (logits.length < logitsSize) {
            logits = new float[logitsSize];
        }
        return logits;
    }
}
