package hooke.train.optimizers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.config.OptimizerConfig;
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
import java.util.function.IntConsumer;
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
            ReferenceOptimizer one = ReferenceOptimizer.of(train.optimizer(), parameter, w);
            for (int step = 0; step < STEPS; step++) {
                double[] g = Arrays.copyOfRange(gradients(step, initial.length), at, at + size);
                one.step(g, step + 1, train.rateFactor(step));
            }
            System.arraycopy(one.values(), 0, expected, at, size);
            at += size;
        }
        return expected;
    }
}
