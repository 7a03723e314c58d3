package hooke.fused.updates;

import hooke.config.OptimizerConfig;
import hooke.fused.kernels.AdamWUpdate;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.kernels.Kernels;
import java.util.List;

/**
 * {@link OptimizerConfig.AdamW} and {@link OptimizerConfig.Adam}, which differ in how they decay; by a kernel of its own, see {@link
 * AdamWUpdate}.
 *
 * @param l2 times which weights are added to their gradients
 */
record FlatAdamW(OptimizerConfig.AdamW config, double l2, Kernels kernels, List<String> remembers) implements FlatRule {
    private static final List<String> NAMES = List.of("adamw.mean", "adamw.square");

    static FlatAdamW of(OptimizerConfig.AdamW config, Kernels kernels) {
        return new FlatAdamW(config, 0, kernels, NAMES);
    }

    static FlatAdamW of(OptimizerConfig.Adam config, Kernels kernels) {
        return new FlatAdamW(config.withoutDecay(), config.weightDecay(), kernels, NAMES);
    }

    /** With other names of what it remembers. */
    FlatAdamW named(String mean, String square) {
        return new FlatAdamW(config, l2, kernels, List.of(mean, square));
    }

    @Override
    public Change at(long step, double factor, boolean decays) {
        AdamWUpdate all = AdamWUpdate.of(config, step, factor);
        AdamWUpdate update = decays ? all : all.withoutDecay();
        float decay = decays ? (float) l2 : 0;
        return (w, g, memory, from, to) -> {
            if (decay > 0) {
                for (int i = from; i < to; i++) {
                    g[i] += decay * w[i];
                }
            }
            int whole = from + (to - from) / FlatWeights.LANES * FlatWeights.LANES;
            kernels.adamW(update, w, g, memory[0], memory[1], from, whole);
            if (whole < to) {
                rest(update, new float[][] {w, g, memory[0], memory[1]}, whole, to - whole);
            }
        };
    }

    /** Of fewer numbers than fill a vector, which others lie behind. */
    private void rest(AdamWUpdate update, float[][] all, int from, int count) {
        float[][] few = new float[all.length][FlatWeights.LANES];
        for (int i = 0; i < all.length; i++) {
            System.arraycopy(all[i], from, few[i], 0, count);
        }
        kernels.adamW(update, few[0], few[1], few[2], few[3], 0, FlatWeights.LANES);
        for (int i = 0; i < all.length; i++) {
            System.arraycopy(few[i], 0, all[i], from, count);
        }
    }
}
