package hooke.fused.updates;

import static hooke.fused.updates.FlatRule.flushed;

import hooke.config.OptimizerConfig;
import java.util.List;

/** {@link OptimizerConfig.Lion}. */
record FlatLion(OptimizerConfig.Lion config) implements FlatRule {
    @Override
    public List<String> remembers() {
        return List.of("lion.momentum");
    }

    @Override
    public Change at(long step, double factor, boolean decays) {
        double lr = config.lr() * factor;
        float keep = decays ? (float) (1 - lr * config.weightDecay()) : 1;
        float rate = (float) lr;
        float ofStep = (float) (1 - config.betas().get(0));
        float ofMomentum = (float) (1 - config.betas().get(1));
        return (w, g, memory, from, to) -> {
            float[] momentum = memory[0];
            for (int i = from; i < to; i++) {
                float m = momentum[i];
                float c = flushed(m + ofStep * (g[i] - m));
                float sign = c / Math.max(Math.abs(c), Float.MIN_NORMAL); // Vectors have no signum everywhere.
                w[i] = flushed(keep * w[i] - rate * sign);
                momentum[i] = flushed(m + ofMomentum * (g[i] - m));
            }
        };
    }
}
