package hooke.fused.updates;

import hooke.config.GradientFilter;
import java.util.Arrays;
import java.util.List;

/** {@link GradientFilter} on gradients in an array. */
sealed interface FlatGrokfast {
    static FlatGrokfast of(GradientFilter filter) {
        return switch (filter) {
            case GradientFilter.None() -> new None();
            case GradientFilter.Ema ema -> new Ema(ema);
            case GradientFilter.Ma ma -> new Ma(ma);
        };
    }

    /** Names of what it remembers of each weight, as in libtorch's state: {@code grokfast.mean}. */
    List<String> remembers();

    /** Filters the gradients from one place to before another, in update number {@code step}, counted from 1. */
    void apply(long step, float[] g, float[][] memory, int from, int to);

    /** Leaves them as they are. */
    record None() implements FlatGrokfast {
        @Override
        public List<String> remembers() {
            return List.of();
        }

        @Override
        public void apply(long step, float[] g, float[][] memory, int from, int to) {}
    }

    /** The moving average. */
    record Ema(GradientFilter.Ema config) implements FlatGrokfast {
        @Override
        public List<String> remembers() {
            return List.of("grokfast.mean");
        }

        @Override
        public void apply(long step, float[] g, float[][] memory, int from, int to) {
            float[] mean = memory[0];
            float rest = step == 1 ? 1 : (float) (1 - config.alpha());
            float lamb = (float) config.lamb();
            for (int i = from; i < to; i++) {
                float m = FlatRule.flushed(mean[i] + rest * (g[i] - mean[i]));
                mean[i] = m;
                g[i] += lamb * m;
            }
        }
    }

    /** The last gradients, in turns, and their sum; which is summed anew once in a window, so that no rounding adds up. */
    record Ma(GradientFilter.Ma config) implements FlatGrokfast {
        @Override
        public List<String> remembers() {
            return config.remembers();
        }

        @Override
        public void apply(long step, float[] g, float[][] memory, int from, int to) {
            int window = config.window();
            int turn = (int) ((step - 1) % window);
            float[] sum = memory[window];
            float[] oldest = memory[turn];
            for (int i = from; i < to; i++) {
                sum[i] = FlatRule.flushed(sum[i] + (g[i] - oldest[i]));
                oldest[i] = g[i];
            }
            if (turn == window - 1) {
                Arrays.fill(sum, from, to, 0);
                for (float[] one : Arrays.copyOf(memory, window)) {
                    for (int i = from; i < to; i++) {
                        sum[i] = FlatRule.flushed(sum[i] + one[i]);
                    }
                }
            }
            if (step >= window) {
                float share = (float) (config.lamb() / window);
                for (int i = from; i < to; i++) {
                    g[i] += share * sum[i];
                }
            }
        }
    }
}
