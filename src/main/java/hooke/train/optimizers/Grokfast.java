package hooke.train.optimizers;

import hooke.config.GradientFilter;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** {@link GradientFilter} on flat gradients. */
sealed interface Grokfast {
    /** With nothing remembered yet, in the innermost scope. */
    static Grokfast of(GradientFilter filter, Tensor like) {
        return switch (filter) {
            case GradientFilter.None() -> new None();
            case GradientFilter.Ema ema -> new Ema(ema, zeros(like));
            case GradientFilter.Ma ma -> {
                List<Tensor> last = new ArrayList<>();
                for (int i = 0; i < ma.window(); i++) {
                    last.add(zeros(like));
                }
                yield new Ma(ma, last, zeros(like));
            }
        };
    }

    private static Tensor zeros(Tensor like) {
        return Tensor.zeros(like.device(), like.dtype(), like.numel());
    }

    /** Filters the gradients of update number {@code step}, counted from 1, in place. */
    void apply(Tensor gradients, long step);

    /** What it remembers, by name. */
    SequencedMap<String, Tensor> state();

    /** Leaves them as they are. */
    record None() implements Grokfast {
        @Override
        public void apply(Tensor gradients, long step) {}

        @Override
        public SequencedMap<String, Tensor> state() {
            return new LinkedHashMap<>();
        }
    }

    /** The moving average. */
    record Ema(GradientFilter.Ema config, Tensor mean) implements Grokfast {
        @Override
        public void apply(Tensor gradients, long step) {
            mean.lerpInPlace(gradients, step == 1 ? 1 : 1 - config.alpha());
            gradients.addInPlace(mean, config.lamb());
        }

        @Override
        public SequencedMap<String, Tensor> state() {
            SequencedMap<String, Tensor> state = new LinkedHashMap<>();
            state.put("grokfast.mean", mean);
            return state;
        }
    }

    /** The last gradients, in turns, and their sum; which is summed anew once in a window, so that no rounding adds up. */
    record Ma(GradientFilter.Ma config, List<Tensor> last, Tensor sum) implements Grokfast {
        @Override
        public void apply(Tensor gradients, long step) {
            int turn = (int) ((step - 1) % config.window());
            Tensor oldest = last.get(turn);
            sum.addInPlace(oldest, -1);
            sum.addInPlace(gradients, 1);
            oldest.copyInPlace(gradients);
            if (turn == config.window() - 1) {
                sum.zeroInPlace();
                last.forEach(one -> sum.addInPlace(one, 1));
            }
            if (step >= config.window()) {
                gradients.addInPlace(sum, config.lamb() / config.window());
            }
        }

        @Override
        public SequencedMap<String, Tensor> state() {
            SequencedMap<String, Tensor> state = new LinkedHashMap<>();
            List<String> names = config.remembers();
            for (int i = 0; i < last.size(); i++) {
                state.put(names.get(i), last.get(i));
            }
            state.put(names.getLast(), sum);
            return state;
        }
    }
}
