package hooke.fused.context;

import hooke.config.ModelConfig;
import hooke.fused.kernels.Bf16;
import org.jspecify.annotations.Nullable;

/** What a layer leaves on its way forward for its way back: so many rows of each. */
final class LayerState {
    /** Queries, keys and values side by side, not turned; on the way back their gradients. */
    final FactorRows qkv;
    /** What the heads mixed. */
    final FactorRows z;

    final ContextMlp.Read neurons;
    /** The stream behind attention; with norms behind, before its norm. */
    final float[] middle;
    /** With norms behind, the stream before the last of them. */
    final float[] end;
    /** Logarithms of the sums of the queries' exponentials. */
    final float[] logSums;
    /** Where keys have scores of their own, these: a row for each position. */
    final float[] own;
    /** Where queries choose their keys, what they were chosen by. */
    final float[] bounds;

    LayerState(ModelConfig config, int rows, @Nullable Bf16 bf16) {
        int heads = config.nHeads() * config.dHead();
        boolean mlp = !config.attnOnly();
        this.qkv = FactorRows.of(rows, 3 * heads, bf16);
        this.z = FactorRows.of(rows, heads, bf16);
        this.neurons = ContextMlp.Read.of(config, rows, bf16);
        int width = TileSums.wide(config.dModel());
        this.middle = new float[rows * width];
        this.end = new float[mlp && config.norm().isPost() ? rows * width : 0];
        this.logSums = new float[rows * config.nHeads()];
        this.own = new float[config.attention().scoresKeys() ? rows * TileSums.wide(config.nHeads()) : 0];
        this.bounds = new float[config.attention().chooses() ? rows * config.nHeads() : 0];
    }
}
