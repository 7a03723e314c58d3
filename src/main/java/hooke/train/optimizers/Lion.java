package hooke.train.optimizers;

import hooke.config.OptimizerConfig;
import hooke.tensor.Tensor;
import java.util.List;

/** {@link OptimizerConfig.Lion}. */
record Lion(OptimizerConfig.Lion config) implements Rule {
    @Override
    public List<String> remembers() {
        return List.of("lion.momentum");
    }

    @Override
    public void update(Part part, Rate rate) {
        double lr = config.lr() * rate.factor();
        Tensor momentum = part.memory().getFirst();
        part.shrink(lr * config.weightDecay());
        Tensor step = momentum.copy();
        step.lerpInPlace(part.gradients(), 1 - config.betas().get(0));
        part.values().addInPlace(step.sign(), -lr);
        momentum.lerpInPlace(part.gradients(), 1 - config.betas().get(1));
    }
}
