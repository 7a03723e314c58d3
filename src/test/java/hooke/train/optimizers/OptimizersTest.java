package hooke.train.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.config.OptimizerConfig;
import hooke.config.OptimizerConfig.Decay;
import hooke.config.Parameter;
import hooke.config.TrainConfig;
import hooke.fused.kernels.Kernel;
import hooke.fused.updates.FlatUpdates;
import hooke.model.Weights;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.RawTensor;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.bytedeco.pytorch.AdagradOptions;
import org.bytedeco.pytorch.AdamOptions;
import org.bytedeco.pytorch.AdamWOptions;
import org.bytedeco.pytorch.RMSpropOptions;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.TensorVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thirty updates of a model's weights by the same gradients, some of which are often zero: libtorch's own optimizers, or where it has none
 * the paper's algorithm in double precision, against ours on libtorch and in arrays.
 */
final class OptimizersTest {
    private static final int STEPS = 30;

    private static TrainConfig train(String optimizer, String... more) {
        List<String> sets = new ArrayList<>(List.of("train.optimizer=" + optimizer));
        sets.addAll(List.of(more));
        return Experiments.parse("""
                task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.6}
                model: {n_layers: 1, d_model: 12, n_heads: 2, d_head: 3, d_mlp: 20}
                train: {steps: 30, schedule: {kind: cosine, warmup: 3, to: 0.1}}
                """, "x", sets).train();
    }

    private static ModelConfig model() {
        return Experiments.parse("""
                task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.6}
                model: {n_layers: 1, d_model: 12, n_heads: 2, d_head: 3, d_mlp: 20}
                train: {steps: 1}
                """, "x", List.of()).model();
    }

    /** Of a step, for all weights; every third weight's are mostly zero, as those of words that are rare. */
    private static double[] gradients(int step, int size) {
        var random = new Random(step);
        double[] g = new double[size];
        for (int i = 0; i < size; i++) {
            double drawn = (float) (random.nextGaussian() * Math.exp(3 * random.nextGaussian() - 4));
            g[i] = i % 3 == 0 && (step + i) % 7 != 0 ? 0 : drawn;
        }
        return g;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{kind: adamw, lr: 1e-2, weight_decay: 0.3}",
                "{kind: adamw, lr: 1e-2, weight_decay: 0.3, betas: [0.8, 0.95], eps: 1e-6, decay: matrices}",
                "{kind: adam, lr: 1e-2}",
                "{kind: adam, lr: 1e-2, weight_decay: 0.2}",
                "{kind: adam, lr: 1e-2, weight_decay: 0.2, decay: matrices}",
                "{kind: sgd, lr: 0.1}",
                "{kind: sgd, lr: 0.1, weight_decay: 0.1}",
                "{kind: sgd, lr: 0.1, momentum: 0.9, weight_decay: 0.1, decay: matrices}",
                "{kind: sgd, lr: 0.1, momentum: 0.9, dampening: 0.3}",
                "{kind: sgd, lr: 0.1, momentum: 0.9, nesterov: true, weight_decay: 0.1}",
                "{kind: adagrad, lr: 0.007}",
                "{kind: adagrad, lr: 0.05, lr_decay: 0.1, weight_decay: 0.1, initial_accumulator: 0.2, eps: 1e-6}",
                "{kind: adagrad, lr: 0.05, weight_decay: 0.1, decay: matrices}",
                "{kind: rmsprop, lr: 1e-2}",
                "{kind: rmsprop, lr: 1e-2, alpha: 0.9, weight_decay: 0.1, momentum: 0.9, eps: 1e-3}",
                "{kind: rmsprop, lr: 1e-2, centered: true, eps: 1e-3, weight_decay: 0.1, decay: matrices}",
                "{kind: rmsprop, lr: 1e-2, centered: true, momentum: 0.5, eps: 1e-3}",
                "{kind: lion, lr: 1e-3}",
                "{kind: lion, lr: 1e-3, betas: [0.95, 0.98], weight_decay: 0.5, decay: matrices}",
                "{kind: muon, lr: 0.02}",
                "{kind: muon, lr: 0.02, momentum: 0.9, nesterov: false, ns_steps: 3, weight_decay: 0.3, adam_lr: 0.01, decay: matrices}"
            })
    void thirtyUpdatesAreTheReferences(String optimizer) {
        TrainConfig train = train(optimizer);
        try (var _ = new Scope()) {
            Weights weights = weights(DType.F64);
            double[] initial = weights.trainableValues().toDoubles();
            double[] expected = reference(train, initial);
            double moved = 0;
            for (int i = 0; i < initial.length; i++) {
                moved = Math.max(moved, Math.abs(expected[i] - initial[i]));
            }
            assertThat(moved).isGreaterThan(1e-3);

            assertNear(torch(train, weights), expected, 1e-12, "libtorch in float64");
            assertNear(torch(train, weights(DType.F32)), expected, tolerance(train), "libtorch in float32");
            for (Kernel kernel : Kernel.values()) {
                assertNear(arrays(train, initial, kernel), expected, tolerance(train), "arrays, " + kernel);
            }
        }
    }

    /** Grokfast's formulas on gradients that are known: SGD with a rate of 1 shows what comes of them. */
    @Test
    void filteredGradientsAreGrokfasts() {
        assertFiltered("{kind: ema, alpha: 0.5, lamb: 2}", new double[] {1, 3, -1}, new double[] {
            1 + 2, 3 + 2 * 2, -1 + 2 * 0.5
        });
        assertFiltered("{kind: ma, window: 2, lamb: 3}", new double[] {1, 3, -1, 5, 7}, new double[] {
            1, 3 + 3 * 2, -1 + 3, 5 + 3 * 2, 7 + 3 * 6
        });
    }

    private static void assertFiltered(String filter, double[] gradients, double[] expected) {
        TrainConfig train = train("{kind: sgd, lr: 1}", "train.schedule=constant", "train.gradient_filter=" + filter);
        try (var _ = new Scope()) {
            Weights weights = weights(DType.F64);
            weights.trainableValues().zeroInPlace();
            int size = Math.toIntExact(weights.trainableValues().numel());
            Optimizer optimizer = Optimizer.of(train, weights);
            var storage = new Flat(new float[size], new float[size]);
            var updates = new FlatUpdates(FlatUpdates.Recipe.of(train), storage, Kernel.PLAIN);
            double sum = 0;
            for (int step = 0; step < gradients.length; step++) {
                weights.gradients().zeroInPlace();
                weights.gradients().plusInPlace(gradients[step]);
                optimizer.update(step);
                Arrays.fill(storage.gradients(), (float) gradients[step]);
                updates.update(step, 1);
                sum -= expected[step];
                assertThat(weights.trainableValues().toDoubles()).containsOnly(sum);
                assertThat(storage.values()).containsOnly((float) sum);
            }
        }
    }

    /** Newton and Schulz's five steps blow rounding up. */
    private static double tolerance(TrainConfig train) {
        return switch (train.optimizer()) {
            case OptimizerConfig.Muon _ -> 1e-4;
            case OptimizerConfig.AdamW _,
                    OptimizerConfig.Adam _,
                    OptimizerConfig.Sgd _,
                    OptimizerConfig.Adagrad _,
                    OptimizerConfig.Rmsprop _,
                    OptimizerConfig.Lion _ -> 3e-6;
        };
    }

    private static void assertNear(double[] is, double[] expected, double tolerance, String where) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(is[i]).as(where).isCloseTo(expected[i], within(tolerance * Math.max(1, Math.abs(expected[i]))));
        }
    }

    private static Weights weights(DType dtype) {
        try (var rng = Rng.seeded(3)) {
            Weights twice = Weights.draw(model(), DType.F32, Device.CPU, rng);
            Map<String, RawTensor> raw = new LinkedHashMap<>();
            twice.all()
                    .forEach((name, tensor) ->
                            raw.put(name, tensor.detach().to(dtype).raw()));
            return Weights.of(model(), dtype, Device.CPU, raw);
        }
    }

    private static double[] torch(TrainConfig train, Weights weights) {
        Optimizer optimizer = Optimizer.of(train, weights);
        for (int step = 0; step < STEPS; step++) {
            double[] g =
                    gradients(step, Math.toIntExact(weights.trainableValues().numel()));
            weights.gradients().copyInPlace(Tensor.of(g, g.length));
            optimizer.update(step);
        }
        return weights.trainableValues().to(DType.F64).toDoubles();
    }

    /** Weights in an array in their own order. */
    private record Flat(float[] values, float[] gradients) implements FlatUpdates.Storage {
        @Override
        public List<FlatUpdates.Stretch> trained() {
            List<FlatUpdates.Stretch> all = new ArrayList<>();
            int at = 0;
            for (Parameter parameter : Parameter.of(model())) {
                int from = at;
                at += Math.toIntExact(parameter.size());
                all.add(new FlatUpdates.Stretch(parameter, from, at, number -> from + number));
            }
            return all;
        }

        @Override
        public RawTensor flat(float[] ofEach) {
            return new RawTensor(DType.F32, List.of((long) ofEach.length), MemorySegment.ofArray(ofEach));
        }

        @Override
        public void readFlat(RawTensor flat, float[] ofEach) {
            MemorySegment.ofArray(ofEach).copyFrom(flat.data());
        }

        @Override
        public void run(int count, IntConsumer task) {
            for (int i = count - 1; i >= 0; i--) { // In whatever order.
                task.accept(i);
            }
        }

        @Override
        public void changed() {}
    }

    private static double[] arrays(TrainConfig train, double[] initial, Kernel kernel) {
        float[] values = floats(initial);
        var storage = new Flat(values, new float[values.length]);
        var updates = new FlatUpdates(FlatUpdates.Recipe.of(train), storage, kernel);
        for (int step = 0; step < STEPS; step++) {
            System.arraycopy(floats(gradients(step, values.length)), 0, storage.gradients(), 0, values.length);
            updates.update(step, train.rateFactor(step));
        }
        double[] is = new double[values.length];
        for (int i = 0; i < is.length; i++) {
            is[i] = values[i];
        }
        return is;
    }

    private static float[] floats(double[] x) {
        float[] y = new float[x.length];
        for (int i = 0; i < x.length; i++) {
            y[i] = (float) x[i];
        }
        return y;
    }

    /** One optimizer for each parameter, in double precision. */
    private static double[] reference(TrainConfig train, double[] initial) {
        double[] expected = initial.clone();
        int at = 0;
        for (Parameter parameter : Parameter.of(model())) {
            int size = Math.toIntExact(parameter.size());
            double[] w = Arrays.copyOfRange(initial, at, at + size);
            Reference one = reference(train.optimizer(), parameter, w);
            for (int step = 0; step < STEPS; step++) {
                double[] g = Arrays.copyOfRange(gradients(step, initial.length), at, at + size);
                one.step(g, step + 1, train.rateFactor(step));
            }
            System.arraycopy(one.values(), 0, expected, at, size);
            at += size;
        }
        return expected;
    }

    /** A reference on some weights. */
    private interface Reference {
        void step(double[] g, int step, double factor);

        double[] values();
    }

    private static Reference reference(OptimizerConfig optimizer, Parameter parameter, double[] w) {
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
                        : reference(c.rest(), parameter, w);
        };
    }

    /** libtorch's own optimizer of one tensor. */
    private static final class Libtorch implements Reference {
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
    private record LionOf(OptimizerConfig.Lion c, double decay, double[] values, double[] m) implements Reference {
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
    private record MuonOf(OptimizerConfig.Muon c, Parameter parameter, double decay, double[] values, double[] m)
            implements Reference {
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
