package hooke.train.optimizers;

import hooke.config.OptimizerConfig;
import hooke.config.Parameter;
import hooke.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How an optimizer changes some weights, in PyTorch's order of operations. */
interface Rule {
    /** Names of what it remembers of each weight: {@code adamw.mean}. */
    List<String> remembers();

    /** What each of these numbers is at first. */
    default double initially() {
        return 0;
    }

    void update(Part part, Rate rate);

    static Rule of(OptimizerConfig optimizer) {
        return switch (optimizer) {
            case OptimizerConfig.AdamW adamW -> AdamW.of(adamW);
            case OptimizerConfig.Adam adam -> AdamW.of(adam);
            case OptimizerConfig.Sgd sgd -> new Sgd(sgd);
            case OptimizerConfig.Adagrad adagrad -> new Adagrad(adagrad);
            case OptimizerConfig.Rmsprop rmsprop -> new Rmsprop(rmsprop);
            case OptimizerConfig.Lion lion -> new Lion(lion);
            case OptimizerConfig.Muon muon -> Muon.of(muon);
        };
    }

    /**
     * How far an update goes.
     *
     * @param step number of this update, from 1
     * @param factor what the schedule makes of the learning rate
     */
    record Rate(long step, double factor) {}

    /**
     * Neighbouring weights, flat, changed in place.
     *
     * @param memory what is remembered of them, by {@link Rule#remembers}
     * @param matrix of a hidden matrix that stands alone, what it is
     */
    record Part(
            Tensor values,
            Tensor gradients,
            List<Tensor> memory,
            boolean decays,
            @Nullable Parameter matrix) {
        /** The gradients with L2 weight decay. */
        Tensor decayed(double weightDecay) {
            if (!decays || weightDecay == 0) {
                return gradients;
            }
            Tensor sum = gradients.copy();
            sum.addInPlace(values, weightDecay);
            return sum;
        }

        /** Decoupled weight decay. */
        void shrink(double share) {
            if (decays) {
                values.timesInPlace(1 - share);
            }
        }
    }
}
