package hooke.train.optimizers;

import hooke.config.OptimizerConfig;
import hooke.config.OptimizerConfig.Decay;
import hooke.config.Parameter;
import java.util.List;
import java.util.function.Function;
import org.bytedeco.pytorch.AdagradOptions;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.RMSpropOptions;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.TensorVector;

/** An optimizer on the weights of one parameter, in double precision: libtorch's own, or its paper's text where libtorch has none. */
interface ReferenceOptimizer {
    void step(double[] g, int step, double factor);

    double[] values();

    static ReferenceOptimizer of(OptimizerConfig optimizer, Parameter parameter, double[] w) {
        boolean decays = optimizer.decay() == Decay.ALL || parameter.isMatrix();
        double decay = decays ? optimizer.weightDecay() : 0;
        return switch (optimizer) {
            case OptimizerConfig.AdamW c -> {
                var options = new AdamWOptions(c.lr());
                options.betas().put(c.beta2(), c.beta1()); // A tuple, of which C++ keeps the last first.
                options.eps().put(c.eps());
                options.weight_decay().put(decay);
                yield new Libtorch(w, c.lr(), p -> new org.bytedeco.pytorch.AdamW(p, options));
            }
            case OptimizerConfig.Adam c -> {
                var options = new AdamOptions(c.lr());
                options.betas().put(c.betas().get(1), c.betas().get(0));
                options.eps().put(c.eps());
                options.weight_decay().put(decay);
                yield new Libtorch(w, c.lr(), p -> new org.bytedeco.pytorch.Adam(p, options));
            }
            case OptimizerConfig.Sgd c -> {
                var options = new SGDOptions(c.lr());
                options.momentum().put(c.momentum());
                options.dampening().put(c.dampening());
                options.nesterov().put(c.nesterov());
                options.weight_decay().put(decay);
                yield new Libtorch(w, c.lr(), p -> new org.bytedeco.pytorch.SGD(p, options));
            }
            case OptimizerConfig.Adagrad c -> {
                var options = new AdagradOptions(c.lr());
                options.lr_decay().put(c.lrDecay());
                options.initial_accumulator_value().put(c.initialAccumulator());
                options.eps().put(c.eps());
                options.weight_decay().put(decay);
                yield new Libtorch(w, c.lr(), p -> new org.bytedeco.pytorch.Adagrad(p, options));
            }
            case OptimizerConfig.Rmsprop c -> {
                var options = new RMSpropOptions(c.lr());
                options.alpha().put(c.alpha());
                options.eps().put(c.eps());
                options.momentum().put(c.momentum());
                options.centered().put(c.centered());
                options.weight_decay().put(decay);
                yield new Libtorch(w, c.lr(), p -> new org.bytedeco.pytorch.RMSprop(p, options));
            }
            case OptimizerConfig.Lion c -> new LionOf(c, decay, w, new double[w.length]);
            case OptimizerConfig.Muon c ->
                parameter.isHiddenMatrix()
                        ? new MuonOf(c, parameter, decay, w, new double[w.length])
                        : of(c.rest(), parameter, w);
        };
    }

    /** libtorch's own optimizer of one tensor. */
    final class Libtorch implements ReferenceOptimizer {
        private final org.bytedeco.pytorch.Tensor w;
        private final double lr;
        private final org.bytedeco.pytorch.Optimizer optimizer;

        Libtorch(double[] values, double lr, Function<TensorVector, org.bytedeco.pytorch.Optimizer> made) {
            this.w = org.bytedeco.pytorch.Tensor.create(values, values.length);
            this.lr = lr;
            this.optimizer = made.apply(new TensorVector(w));
        }

        @Override
        public void step(double[] g, int step, double factor) {
            w.mutable_grad().put(org.bytedeco.pytorch.Tensor.create(g, g.length));
            optimizer.param_groups().get(0).options().set_lr(lr * factor);
            optimizer.step();
        }

        @Override
        public double[] values() {
            double[] values = new double[Math.toIntExact(w.numel())];
            w.data_ptr_double().get(values);
            return values;
        }
    }

    /** Chen et al. 2023, algorithm 2. */
    record LionOf(OptimizerConfig.Lion c, double decay, double[] values, double[] m) implements ReferenceOptimizer {
        @Override
        public void step(double[] g, int step, double factor) {
            for (int i = 0; i < g.length; i++) {
                double update =
                        Math.signum(c.betas().get(0) * m[i] + (1 - c.betas().get(0)) * g[i]);
                values[i] -= factor * c.lr() * (update + decay * values[i]);
                m[i] = c.betas().get(1) * m[i] + (1 - c.betas().get(1)) * g[i];
            }
        }
    }

    /** Jordan 2024, on a matrix [out, in] as nn.Linear has it, the heads side by side. */
    record MuonOf(OptimizerConfig.Muon c, Parameter parameter, double decay, double[] values, double[] m)
            implements ReferenceOptimizer {
        @Override
        public void step(double[] g, int step, double factor) {
            List<Integer> shape = parameter.shape();
            boolean reads = List.of("W_Q", "W_K", "W_V").contains(parameter.shortName());
            int columns = reads ? shape.get(1) : g.length / shape.getLast(); // inputs
            int rows = g.length / columns;
            double[][] update = new double[rows][columns];
            for (int i = 0; i < g.length; i++) {
                m[i] = c.momentum() * m[i] + (1 - c.momentum()) * g[i];
                update[row(i, reads)][column(i, reads)] =
                        c.nesterov() ? (1 - c.momentum()) * g[i] + c.momentum() * m[i] : m[i];
            }
            double[][] x = rows > columns ? transposed(update) : update;
            double norm = 0;
            for (double[] row : x) {
                for (double v : row) {
                    norm += v * v;
                }
            }
            norm = Math.sqrt(norm) + 1e-7;
            for (double[] row : x) {
                for (int j = 0; j < row.length; j++) {
                    row[j] /= norm;
                }
            }
            for (int k = 0; k < c.nsSteps(); k++) {
                double[][] a = product(x, transposed(x));
                double[][] b = sum(-4.7750, a, 2.0315, product(a, a));
                x = sum(3.4445, x, 1, product(b, x));
            }
            x = rows > columns ? transposed(x) : x;
            double lr = c.lr() * factor;
            for (int i = 0; i < g.length; i++) {
                double step1 = x[row(i, reads)][column(i, reads)] * Math.sqrt(Math.max(1, (double) rows / columns));
                values[i] = values[i] * (1 - lr * decay) - lr * step1;
            }
        }

        /** The output that a number belongs to, of [head, input, output of the head] or [.., input, output]. */
        private int row(int i, boolean reads) {
            int width = parameter.shape().getLast();
            return reads ? i / (width * parameter.shape().get(1)) * width + i % width : i % width;
        }

        private int column(int i, boolean reads) {
            int width = parameter.shape().getLast();
            return reads ? i / width % parameter.shape().get(1) : i / width;
        }

        private static double[][] transposed(double[][] x) {
            double[][] y = new double[x[0].length][x.length];
            for (int i = 0; i < x.length; i++) {
                for (int j = 0; j < x[0].length; j++) {
                    y[j][i] = x[i][j];
                }
            }
            return y;
        }

        private static double[][] product(double[][] a, double[][] b) {
            double[][] c = new double[a.length][b[0].length];
            for (int i = 0; i < a.length; i++) {
                for (int k = 0; k < b.length; k++) {
                    for (int j = 0; j < b[0].length; j++) {
                        c[i][j] += a[i][k] * b[k][j];
                    }
                }
            }
            return c;
        }

        private static double[][] sum(double a, double[][] x, double b, double[][] y) {
            double[][] z = new double[x.length][x[0].length];
            for (int i = 0; i < x.length; i++) {
                for (int j = 0; j < x[0].length; j++) {
                    z[i][j] = a * x[i][j] + b * y[i][j];
                }
            }
            return z;
        }
    }
}
