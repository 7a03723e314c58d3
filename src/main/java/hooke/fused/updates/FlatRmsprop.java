package hooke.fused.updates;

import static hooke.fused.updates.FlatRule.flushed;
import static hooke.fused.updates.FlatRule.flushedSquare;

import hooke.config.OptimizerConfig;
import java.util.ArrayList;
import java.util.List;

/** {@link OptimizerConfig.Rmsprop}. */
record FlatRmsprop(OptimizerConfig.Rmsprop config) implements FlatRule {
    @Override
    public List<String> remembers() {
        List<String> names = new ArrayList<>(List.of("rmsprop.square"));
        if (config.centered()) {
            names.add("rmsprop.mean");
        }
        if (config.momentum() > 0) {
            names.add("rmsprop.momentum");
        }
        return names;
    }

    @Override
    public Change at(long step, double factor, boolean decays) {
        float decay = decays ? (float) config.weightDecay() : 0;
        float rate = (float) (config.lr() * factor);
        float alpha = (float) config.alpha();
        float rest = (float) (1 - config.alpha());
        float eps = (float) config.eps();
        float momentum = (float) config.momentum();
        return (w, g, memory, from, to) -> {
            if (config.weightDecay() > 0) {
                for (int i = from; i < to; i++) {
                    g[i] += decay * w[i];
                }
            }
            steps(alpha, rest, eps, g, memory, from, to);
            if (config.momentum() > 0) {
                float[] b = memory[memory.length - 1];
                for (int i = from; i < to; i++) {
                    g[i] = flushed(momentum * b[i] + g[i]);
                    b[i] = g[i];
                }
            }
            for (int i = from; i < to; i++) {
                w[i] = flushed(w[i] - rate * g[i]);
            }
        };
    }

    /** {@code g / (sqrt(square) + eps)}, which takes the gradient's place. */
    private void steps(float alpha, float rest, float eps, float[] g, float[][] memory, int from, int to) {
        float[] square = memory[0];
        for (int i = from; i < to; i++) {
            square[i] = flushedSquare(alpha * square[i] + rest * (g[i] * g[i]));
        }
        if (!config.centered()) {
            for (int i = from; i < to; i++) {
                g[i] = g[i] / ((float) Math.sqrt(square[i]) + eps);
            }
            return;
        }
        float[] mean = memory[1];
        for (int i = from; i < to; i++) {
            float m = flushed(mean[i] + rest * (g[i] - mean[i]));
            mean[i] = m;
            g[i] = g[i] / ((float) Math.sqrt(Math.max(square[i] - m * m, 0)) + eps);
        }
    }
}
