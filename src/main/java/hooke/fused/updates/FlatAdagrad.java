package hooke.fused.updates;

import static hooke.fused.updates.FlatRule.flushed;
import static hooke.fused.updates.FlatRule.flushedSquare;

import hooke.config.OptimizerConfig;
import java.util.List;

/** {@link OptimizerConfig.Adagrad}. */
record FlatAdagrad(OptimizerConfig.Adagrad config) implements FlatRule {
    @Override
    public List<String> remembers() {
        return List.of("adagrad.sum");
    }

    @Override
    public float initially() {
        return (float) config.initialAccumulator();
    }

    @Override
    public Change at(long step, double factor, boolean decays) {
        float decay = decays ? (float) config.weightDecay() : 0;
        float rate = (float) (config.lr() * factor / (1 + (step - 1) * config.lrDecay()));
        float eps = (float) config.eps();
        return (w, g, memory, from, to) -> {
            float[] sum = memory[0];
            for (int i = from; i < to; i++) {
                float d = g[i] + decay * w[i];
                float s = flushedSquare(sum[i] + d * d);
                sum[i] = s;
                w[i] = flushed(w[i] - rate * (d / ((float) Math.sqrt(s) + eps)));
            }
        };
    }
}
