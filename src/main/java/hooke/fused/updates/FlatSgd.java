package hooke.fused.updates;

import static hooke.fused.updates.FlatRule.flushed;

import hooke.config.OptimizerConfig;
import java.util.List;

/** {@link OptimizerConfig.Sgd}. */
record FlatSgd(OptimizerConfig.Sgd config) implements FlatRule {
    @Override
    public List<String> remembers() {
        return config.momentum() == 0 ? List.of() : List.of("sgd.momentum");
    }

    @Override
    public Change at(long step, double factor, boolean decays) {
        float decay = decays ? (float) config.weightDecay() : 0;
        float rate = (float) (config.lr() * factor);
        if (config.momentum() == 0) {
            return (w, g, _, from, to) -> plain(decay, rate, w, g, from, to);
        }
        float momentum = step == 1 ? 0 : (float) config.momentum(); // It begins as the first gradient.
        float share = step == 1 ? 1 : (float) (1 - config.dampening());
        float ofGradient = config.nesterov() ? 1 : 0;
        float ofMomentum = config.nesterov() ? (float) config.momentum() : 1;
        return (w, g, memory, from, to) -> {
            float[] b = memory[0];
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * w[i];
                float next = flushed(momentum * b[i] + share * d);
                b[i] = next;
                w[i] = flushed(w[i] - rate * (ofGradient * d + ofMomentum * next));
            }
        };
    }

    private static void plain(float decay, float rate, float[] w, float[] g, int from, int to) {
        for (int i = from; i < to; i++) {
            w[i] = flushed(w[i] - rate * (g[i] + decay * w[i]));
        }
    }
}
