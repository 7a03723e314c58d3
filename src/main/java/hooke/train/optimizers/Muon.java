package hooke.train.optimizers;

import hooke.config.OptimizerConfig;
import hooke.config.Parameter;
import hooke.tensor.Tensor;
import java.util.List;

/**
 * {@link OptimizerConfig.Muon}: of a matrix that stands alone; of all else AdamW.
 *
 * @param rest what AdamW does
 */
record Muon(OptimizerConfig.Muon config, AdamW rest) implements Rule {
    static Muon of(OptimizerConfig.Muon config) {
        return new Muon(config, new AdamW(config.rest(), 0, List.of("muon.mean", "muon.square")));
    }

    @Override
    public List<String> remembers() {
        return rest.remembers();
    }

    @Override
    public void update(Part part, Rate rate) {
        Parameter matrix = part.matrix();
        if (matrix == null) {
            rest.update(part, rate);
            return;
        }
        double lr = config.lr() * rate.factor();
        Tensor momentum = part.memory().getFirst();
        momentum.lerpInPlace(part.gradients(), 1 - config.momentum());
        Tensor step = momentum;
        if (config.nesterov()) {
            step = part.gradients().copy();
            step.lerpInPlace(momentum, config.momentum());
        }
        long inputs = matrix.inputs();
        long outputs = matrix.outputs();
        long heads = matrix.headsWrite() ? matrix.shape().getFirst() : 1;
        Tensor x = step.view(heads, inputs, outputs / heads).transpose(0, 1).reshape(inputs, outputs);
        Tensor orthogonal = inputs > outputs ? orthogonal(x.transpose(0, 1)).transpose(0, 1) : orthogonal(x);
        Tensor flat = orthogonal
                .reshape(inputs, heads, outputs / heads)
                .transpose(0, 1)
                .reshape(inputs * outputs);
        part.shrink(lr * config.weightDecay());
        part.values().addInPlace(flat, -lr * Math.sqrt(Math.max(1, (double) outputs / inputs)));
    }

    /** Newton and Schulz's iteration with Jordan's coefficients, of a matrix with no more rows than columns. */
    private Tensor orthogonal(Tensor matrix) {
        Tensor x = matrix.times(1 / (matrix.norm().item() + OptimizerConfig.Muon.NS_EPS));
        for (int i = 0; i < config.nsSteps(); i++) {
            Tensor gram = x.matmul(x.transpose(0, 1)); // [row, row]
            Tensor b = gram.times(OptimizerConfig.Muon.NS_B);
            b.addInPlace(gram.matmul(gram), OptimizerConfig.Muon.NS_C);
            Tensor next = b.matmul(x);
            next.addInPlace(x, OptimizerConfig.Muon.NS_A);
            x = next;
        }
        return x;
    }
}
