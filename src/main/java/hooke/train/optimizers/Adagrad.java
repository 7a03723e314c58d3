package hooke.train.optimizers;

import hooke.config.OptimizerConfig;
import hooke.tensor.Tensor;
import java.util.List;

/** {@link OptimizerConfig.Adagrad}. */
record Adagrad(OptimizerConfig.Adagrad config) implements Rule {
    @Override
    public List<String> remembers() {
        return List.of("adagrad.sum");
    }

    @Override
    public double initially() {
        return config.initialAccumulator();
    }

    @Override
    public void update(Part part, Rate rate) {
        double lr = config.lr() * rate.factor() / (1 + (rate.step() - 1) * config.lrDecay());
        Tensor g = part.decayed(config.weightDecay());
        Tensor sum = part.memory().getFirst();
        sum.addProductInPlace(g, g, 1);
        Tensor denominator = sum.sqrt();
        denominator.plusInPlace(config.eps());
        part.values().addQuotientInPlace(g, denominator, -lr);
    }
}
