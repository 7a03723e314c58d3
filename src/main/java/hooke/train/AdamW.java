package hooke.train;

import hooke.config.OptimizerConfig;
import hooke.model.Weights.Range;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, arXiv 1711.05101, algorithm 2), in the order of operations of PyTorch:
 * decay, moments, corrected step. Works on all parameters at once, as they lie in one flat buffer.
 */
final class AdamW implements Optimizer {
    private final OptimizerConfig.AdamW config;
    private final List<Range> decayed;
    private final Tensor mean;
    private final Tensor square;

    /**
     * Moments zero, in the innermost scope.
     *
     * @param decayed the weights that shrink
     */
    AdamW(OptimizerConfig.AdamW config, List<Range> decayed, DType dtype, long size) {
        this.config = config;
        this.decayed = decayed;
        this.mean = Tensor.zeros(dtype, size);
        this.square = Tensor.zeros(dtype, size);
    }

    @Override
    public SequencedMap<String, Tensor> state() {
        SequencedMap<String, Tensor> state = new LinkedHashMap<>();
        state.put("adamw.mean", mean);
        state.put("adamw.square", square);
        return state;
    }

    @Override
    public void update(Tensor values, Tensor gradients, Rate rate) {
        double lr = config.lr() * rate.factor();
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            decayed.forEach(range -> range.of(values).timesInPlace(1 - lr * config.weightDecay()));
            mean.lerpInPlace(gradients, 1 - config.beta1());
            square.timesInPlace(config.beta2());
            square.addProductInPlace(gradients, gradients, 1 - config.beta2());
            double correction1 = 1 - Math.pow(config.beta1(), rate.step());
            double correction2 = 1 - Math.pow(config.beta2(), rate.step());
            Tensor denominator = square.sqrt();
            denominator.divideInPlace(Math.sqrt(correction2));
            denominator.plusInPlace(config.eps());
            values.addQuotientInPlace(mean, denominator, -lr / correction1);
        }
    }
}
