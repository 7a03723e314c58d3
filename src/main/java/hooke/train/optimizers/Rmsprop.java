package hooke.train.optimizers;

import hooke.config.OptimizerConfig;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** {@link OptimizerConfig.Rmsprop}. */
record Rmsprop(OptimizerConfig.Rmsprop config) implements Rule {
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
    public void update(Part part, Rate rate) {
        double lr = config.lr() * rate.factor();
        Tensor g = part.decayed(config.weightDecay());
        Tensor square = part.memory().getFirst();
        square.timesInPlace(config.alpha());
        square.addProductInPlace(g, g, 1 - config.alpha());
        Tensor denominator =
                (config.centered() ? variance(g, square, part.memory().get(1)) : square).sqrt();
        denominator.plusInPlace(config.eps());
        if (config.momentum() == 0) {
            part.values().addQuotientInPlace(g, denominator, -lr);
            return;
        }
        Tensor momentum = part.memory().getLast();
        momentum.timesInPlace(config.momentum());
        momentum.addQuotientInPlace(g, denominator, 1);
        part.values().addInPlace(momentum, -lr);
    }

    private Tensor variance(Tensor g, Tensor square, Tensor mean) {
        mean.lerpInPlace(g, 1 - config.alpha());
        Tensor variance = square.copy();
        variance.addProductInPlace(mean, mean, -1);
        return variance.relu(); // Rounding may leave less than 0, of which PyTorch's root is no number.
    }
}
