package hooke.train.optimizers;

import hooke.config.OptimizerConfig;
import hooke.tensor.Tensor;
import java.util.List;

/** {@link OptimizerConfig.Sgd}. */
record Sgd(OptimizerConfig.Sgd config) implements Rule {
    @Override
    public List<String> remembers() {
        return config.momentum() == 0 ? List.of() : List.of("sgd.momentum");
    }

    @Override
    public void update(Part part, Rate rate) {
        double lr = config.lr() * rate.factor();
        Tensor g = part.decayed(config.weightDecay());
        if (config.momentum() == 0) {
            part.values().addInPlace(g, -lr);
            return;
        }
        Tensor momentum = part.memory().getFirst();
        momentum.timesInPlace(config.momentum());
        momentum.addInPlace(g, rate.step() == 1 ? 1 : 1 - config.dampening()); // It begins as the first gradient.
        if (config.nesterov()) {
            part.values().addInPlace(g, -lr);
        }
        part.values().addInPlace(momentum, config.nesterov() ? -lr * config.momentum() : -lr);
    }
}
