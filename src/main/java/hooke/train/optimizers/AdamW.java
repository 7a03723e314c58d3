package hooke.train.optimizers;

import hooke.config.OptimizerConfig;
import hooke.tensor.Tensor;
import java.util.List;

/**
 * {@link OptimizerConfig.AdamW} (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2) and {@link OptimizerConfig.Adam}, which
 * differ in how they decay.
 *
 * @param l2 times which weights are added to their gradients
 */
record AdamW(OptimizerConfig.AdamW config, double l2, List<String> remembers) implements Rule {
    private static final List<String> NAMES = List.of("adamw.mean", "adamw.square");

    static AdamW of(OptimizerConfig.AdamW config) {
        return new AdamW(config, 0, NAMES);
    }

    static AdamW of(OptimizerConfig.Adam config) {
        return new AdamW(config.withoutDecay(), config.weightDecay(), NAMES);
    }

    @Override
    public void update(Part part, Rate rate) {
        double lr = config.lr() * rate.factor();
        Tensor mean = part.memory().get(0);
        Tensor square = part.memory().get(1);
        Tensor g = part.decayed(l2);
        part.shrink(lr * config.weightDecay());
        mean.lerpInPlace(g, 1 - config.beta1());
        square.timesInPlace(config.beta2());
        square.addProductInPlace(g, g, 1 - config.beta2());
        double correction1 = 1 - Math.pow(config.beta1(), rate.step());
        double correction2 = 1 - Math.pow(config.beta2(), rate.step());
        Tensor denominator = square.sqrt();
        denominator.divideInPlace(Math.sqrt(correction2));
        denominator.plusInPlace(config.eps());
        part.values().addQuotientInPlace(mean, denominator, -lr / correction1);
    }
}
