package hooke.fused.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.GradientFilter;
import hooke.config.ModelConfig;
import hooke.config.OptimizerConfig;
import hooke.fused.kernels.Gemm;
import hooke.fused.kernels.Kernel;
import hooke.fused.updates.FlatUpdates;
import hooke.model.Input;
import hooke.model.Plan;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.Batch;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Dropout;
import hooke.tensor.OneDnn;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine for long contexts against libtorch's autograd, and against itself. */
final class ContextModelTest {
    /** What the reference says of a batch: in double precision, and in float32, whose rounding is allowed to ours, too. */
    private record Reference(double loss, Map<String, float[]> gradients) {
        static Reference of(
                ModelConfig config,
                DType dtype,
                Map<String, RawTensor> weights,
                Batch.Sequences batch,
                Dropout.OfBatch drawn) {
            try (var _ = new Scope()) {
                var model = new Transformer(Weights.of(config, dtype, Device.CPU, weights));
                Plan plan = Plan.whole(config, Device.CPU, batch.tokens()[0].length);
                Input input = plan.input(batch.tokens(), batch.hidden());
                Tensor logits = model.forward(drawn.dropout().share() == 0 ? input : input.dropping(drawn));
                int length = batch.tokens()[0].length;
                int[] asked = IntStream.range(0, batch.size() * length)
                        .filter(row -> batch.targets()[row / length][row % length] != Batch.Sequences.NONE)
                        .toArray();
                int[] classes = Arrays.stream(asked)
                        .map(row -> batch.targets()[row / length][row % length])
                        .toArray();
                Tensor rows = logits.reshape(logits.numel() / logits.size(-1), logits.size(-1))
                        .rows(Tensor.of(asked, asked.length));
                Tensor loss = rows.crossEntropy(Tensor.of(classes, classes.length));
                loss.backward();
                Map<String, float[]> gradients = new LinkedHashMap<>();
                model.weights().all().forEach((name, weight) -> {
                    if (weight.grad() != null) {
                        gradients.put(
                                name, Objects.requireNonNull(weight.grad()).toFloats());
                    }
                });
                return new Reference(loss.item(), gradients);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27,
                28, 29, 30, 31
            })
    void gradientsOfAnySettingsAreTheReferences(int draw) {
        var random = new Random(draw);
        int nCtx = 9 + random.nextInt(80);
        String settings = Drawn.settings(random, nCtx);
        ModelConfig config = Drawn.model(settings, nCtx);
        Map<String, RawTensor> weights = Drawn.weights(config, random);
        Batch.Sequences batch = Drawn.batch(config, random, 3, nCtx - random.nextInt(4));
        assertReferences(settings, config, config, weights, batch, Drawn.options(2));
    }

    @ParameterizedTest
    @EnumSource
    void everyKernelAndRecomputationGiveThem(Kernel kernel) {
        for (int draw = 100; draw < 106; draw++) {
            var random = new Random(draw);
            String settings = Drawn.settings(random, 30);
            ModelConfig config = Drawn.model(settings, 30);
            Map<String, RawTensor> weights = Drawn.weights(config, random);
            var options = new ContextModel.Options(1, null, draw % 2 == 0, true, kernel);
            Batch.Sequences batch = Drawn.batch(config, random, 2, 30);
            assertReferences(settings, config, config, weights, batch, options);
        }
    }

    /** On either kernel, computed again or kept; the reference takes the same numbers away. */
    @ParameterizedTest
    @ValueSource(ints = {200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211})
    void dropoutTakesAwayWhatItTakesFromTheReference(int draw) {
        var random = new Random(draw);
        int nCtx = 9 + random.nextInt(80);
        // Without norms a factor a layer makes scores so large that nothing but their rounding is left of the shares.
        String settings = Drawn.settings(random, nCtx).replace("norm: none", "norm: rms-norm");
        ModelConfig config = Drawn.model(settings, nCtx);
        Map<String, RawTensor> weights = Drawn.weights(config, random);
        Batch.Sequences batch = Drawn.batch(config, random, 3, nCtx - random.nextInt(4));
        Kernel kernel = draw % 3 == 0 ? Kernel.PLAIN : Kernel.best();
        var options = new ContextModel.Options(2, null, false, draw % 2 == 0, kernel);
        assertReferences(settings, config, config, weights, batch, batch, options, 0.3);
    }

    private static final List<String> U_SHAPED = List.of(
            "{n_layers: 3, d_model: 24, widths: [24, 12, 24], n_heads: 2, d_mlp: 20, norm: layer-norm, act_fn: gelu}",
            "{n_layers: 5, d_model: 40, widths: [40, 20, 10, 20, 40], n_heads: 2, d_mlp: 60, gated_mlp: true, act_fn: silu,"
                    + " norm: {kind: rms-norm, placement: post}, positions: {kind: rotary, dims: 8}, mask: {kind: local, window: 9}}",
            "{n_layers: 6, d_model: 32, widths: [32, 32, 16, 16, 32, 32], n_heads: 2, attn_only: true, norm: layer-norm,"
                    + " tied_embeddings: true, mask: {kind: heads, masks: [causal, {kind: strided, stride: 3}]}}",
            "{n_layers: 4, d_model: 20, widths: [20, 10, 10, 20], n_heads: 2, d_mlp: 8, norm: {kind: layer-norm, placement:"
                    + " post}, attention: {kind: sparsek, k: 5}, without_biases: [attention, mlp]}");

    /** Blocks of several widths: on either kernel, kept or computed again, with dropout and without. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void aUIsTheReferences(int draw) {
        var random = new Random(draw);
        String settings = U_SHAPED.get(draw % 4);
        ModelConfig config = Drawn.model(settings, 300);
        Map<String, RawTensor> weights = Drawn.weights(config, random);
        Batch.Sequences batch = Drawn.batch(config, random, 2, draw < 4 ? 290 : 40);
        var options = new ContextModel.Options(2, null, false, draw % 3 == 0, draw < 6 ? Kernel.best() : Kernel.PLAIN);
        assertReferences(settings, config, config, weights, batch, batch, options, draw % 2 == 0 ? 0 : 0.3);
    }

    /** More positions than are taken together, and numbers taken away from each by its place in the whole batch. */
    @Test
    void aBatchOfSeveralPiecesIsTheReferences() {
        var random = new Random(9);
        String settings = "{n_layers: 1, d_model: 8, n_heads: 2, d_mlp: 12, norm: layer-norm}";
        ModelConfig config = Drawn.model(settings, 100);
        Batch.Sequences batch = Drawn.batch(config, random, 42, 100);
        Map<String, RawTensor> weights = Drawn.weights(config, random);
        try (var model = new ContextModel(config, Drawn.options(2), weights)) {
            assertThat(model.pieces(batch)).hasSizeGreaterThan(1);
        }
        assertReferences(settings, config, config, weights, batch, batch, Drawn.options(2), 0.2);
    }

    /** A key that is hidden from every query is a closed column of the mask. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void hiddenKeysAreClosedColumns(int draw) {
        var random = new Random(draw);
        int nCtx = 70;
        int[] hidden =
                IntStream.range(1, nCtx).filter(_ -> random.nextInt(5) == 0).toArray();
        List<String> rows = new ArrayList<>();
        for (int query = 0; query < nCtx; query++) {
            var row = new StringBuilder();
            for (int key = 0; key < nCtx; key++) {
                row.append(key <= query && Arrays.binarySearch(hidden, key) < 0 ? 'x' : '.');
            }
            rows.add(row.toString());
        }
        String attention = List.of("softmax", "{kind: top-k, k: 4}", "{kind: sparsek, k: 4}")
                .get(draw % 3);
        String settings = "{n_layers: 2, d_model: 24, n_heads: 2, d_mlp: 40, norm: layer-norm, attention: " + attention
                + ", mask: %s}";
        ModelConfig closed = Drawn.model(settings.formatted(Drawn.table(rows)), nCtx);
        ModelConfig causal = Drawn.model(settings.formatted("causal"), nCtx);
        Map<String, RawTensor> weights = Drawn.weights(causal, random);
        Batch.Sequences batch = Drawn.batch(causal, random, 2, nCtx);
        var forgetful = new Batch.Sequences(batch.tokens(), batch.targets(), new int[][] {hidden, hidden});
        assertReferences(settings, closed, causal, weights, batch, forgetful, Drawn.options(2));
        assertReferences(settings, causal, causal, weights, forgetful, Drawn.options(2));
    }

    private static void assertReferences(
            String settings,
            ModelConfig reference,
            ModelConfig own,
            Map<String, RawTensor> weights,
            Batch.Sequences batch,
            ContextModel.Options options) {
        assertReferences(settings, reference, own, weights, batch, batch, options);
    }

    private static void assertReferences(
            String settings,
            ModelConfig reference,
            ModelConfig own,
            Map<String, RawTensor> weights,
            Batch.Sequences batch,
            Batch.Sequences ownBatch,
            ContextModel.Options options) {
        assertReferences(settings, reference, own, weights, batch, ownBatch, options, 0);
    }

    private static void assertReferences(
            String settings,
            ModelConfig reference,
            ModelConfig own,
            Map<String, RawTensor> weights,
            Batch.Sequences batch,
            Batch.Sequences ownBatch,
            ContextModel.Options options,
            double dropped) {
        Dropout.OfBatch drawn = new Dropout(5, dropped, own.nHeads(), own.nCtx()).batch(3);
        Reference expected = Reference.of(reference, DType.F64, weights, batch, drawn);
        Reference rounded = Reference.of(reference, DType.F32, weights, batch, drawn);
        try (var model = new ContextModel(own, options, weights)) {
            var score = model.differentiate(ownBatch, 1, drawn);
            assertThat(score.loss() / score.targets())
                    .as(settings)
                    .isCloseTo(expected.loss(), within(3e-6 * Math.max(1, expected.loss())));
            if (dropped == 0) {
                assertThat(model.evaluate(ownBatch)).as(settings).isEqualTo(score);
            }
            Map<String, RawTensor> gradients = Drawn.gradients(own, model);
            assertThat(gradients.keySet()).isEqualTo(expected.gradients().keySet());
            double size = Math.sqrt(expected.gradients().values().stream()
                    .flatMapToDouble(g -> IntStream.range(0, g.length).mapToDouble(i -> (double) g[i] * g[i]))
                    .sum());
            gradients.forEach((name, gradient) -> {
                float[] is = Drawn.floats(gradient);
                float[] should = expected.gradients().get(name);
                double allowed =
                        Math.max(1e-5 * size, 3 * apart(rounded.gradients().get(name), should));
                assertThat(apart(is, should)).as(name + ", " + settings).isLessThan(allowed);
            });
        }
    }

    private static double apart(float[] is, float[] should) {
        return Math.sqrt(IntStream.range(0, is.length)
                .mapToDouble(i -> ((double) is[i] - should[i]) * ((double) is[i] - should[i]))
                .sum());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "n_layers: 2",
                "n_layers: 2, attention: {kind: top-k, k: 9}",
                "n_layers: 2, attention: {kind: sparsek, k: 9}",
                "n_layers: 3, widths: [48, 24, 48]"
            })
    void anyNumberOfThreadsGivesTheSameBytes(String some) {
        var random = new Random(7);
        ModelConfig config = Drawn.model("{d_model: 48, n_heads: 3, d_mlp: 96, norm: layer-norm, " + some + "}", 150);
        Map<String, RawTensor> weights = Drawn.weights(config, random);
        Batch.Sequences batch = Drawn.batch(config, random, 4, 150);
        byte[][] all = IntStream.of(1, 2, 3, 3)
                .mapToObj(threads -> {
                    try (var model = new ContextModel(config, Drawn.options(threads), weights)) {
                        model.differentiate(batch, 1);
                        float[] gradients = Drawn.flat(Drawn.gradients(config, model));
                        var bytes = java.nio.ByteBuffer.allocate(4 * gradients.length);
                        for (float g : gradients) {
                            bytes.putFloat(g);
                        }
                        return bytes.array();
                    }
                })
                .toArray(byte[][]::new);
        for (byte[] one : all) {
            assertThat(Arrays.equals(one, all[0])).isTrue();
        }
    }

    /** Two batches with half the weight each are one of both. */
    @Test
    void gradientsAccumulate() {
        var random = new Random(8);
        ModelConfig config = Drawn.model("{n_layers: 1, d_model: 20, n_heads: 2, d_mlp: 30, norm: layer-norm}", 40);
        Map<String, RawTensor> weights = Drawn.weights(config, random);
        Batch.Sequences both = Drawn.batch(config, random, 4, 40);
        for (int[] row : both.targets()) {
            Arrays.fill(row, 3);
        }
        try (var whole = new ContextModel(config, Drawn.options(1), weights);
                var parts = new ContextModel(config, Drawn.options(1), weights)) {
            whole.differentiate(both, 1);
            parts.differentiate(both.range(0, 2), 0.5);
            parts.differentiate(both.range(2, 4), 0.5);
            assertThat(Drawn.distance(
                            Drawn.flat(Drawn.gradients(config, parts)), Drawn.flat(Drawn.gradients(config, whole))))
                    .isLessThan(1e-6);
            parts.clearGradients();
            assertThat(Drawn.flat(Drawn.gradients(config, parts))).containsOnly(0);
        }
    }

    /** On a processor without such instructions the library takes a slow reference: the same calls, arguments and layouts. */
    @Test
    void bf16OfTheLibraryIsThatOfFloats() {
        Gemm library = OneDnn.loaded().orElseThrow()::productOfBf16;
        for (int draw = 0; draw < 3; draw++) {
            var random = new Random(draw);
            ModelConfig config = Drawn.model(Drawn.settings(random, 20), 20);
            Map<String, RawTensor> weights = Drawn.weights(config, random);
            Batch.Sequences batch = Drawn.batch(config, random, 2, 20);
            Kernel kernel = Kernel.best();
            var like = new ContextModel.Options(1, Gemm.likeBf16(kernel), false, false, kernel);
            try (var ours = new ContextModel(config, like, weights);
                    var theirs = new ContextModel(
                            config, new ContextModel.Options(1, library, false, false, kernel), weights)) {
                double expected = ours.differentiate(batch, 1).loss();
                assertThat(theirs.differentiate(batch, 1).loss()).isCloseTo(expected, within(1e-3 * expected));
                assertThat(Drawn.distance(
                                Drawn.flat(Drawn.gradients(config, theirs)), Drawn.flat(Drawn.gradients(config, ours))))
                        .isLessThan(0.02);
            }
        }
    }

    /** As near as eight significant bits of every factor are. */
    @Test
    void bf16IsNearFloat32() {
        for (int draw = 0; draw < 5; draw++) {
            var random = new Random(draw);
            String settings = draw < 4 ? Drawn.settings(random, 33) : U_SHAPED.getFirst();
            ModelConfig config = Drawn.model(settings, 33);
            Map<String, RawTensor> weights = Drawn.weights(config, random);
            Batch.Sequences batch = Drawn.batch(config, random, 3, 33);
            var like = new ContextModel.Options(2, Gemm.likeBf16(Kernel.best()), false, draw % 2 == 0, Kernel.best());
            try (var floats = new ContextModel(config, Drawn.options(2), weights);
                    var bf16 = new ContextModel(config, like, weights)) {
                var expected = floats.differentiate(batch, 1);
                var score = bf16.differentiate(batch, 1);
                assertThat(score.loss()).as(settings).isCloseTo(expected.loss(), within(0.02 * expected.loss()));
                assertThat(Drawn.distance(
                                Drawn.flat(Drawn.gradients(config, bf16)), Drawn.flat(Drawn.gradients(config, floats))))
                        .as(settings)
                        .isBetween(1e-4, 0.15);
            }
        }
    }

    @Test
    void clippingBoundsTheNorm() {
        var random = new Random(9);
        ModelConfig config = Drawn.model("{n_layers: 1, d_model: 20, n_heads: 2, d_mlp: 30}", 20);
        Batch.Sequences batch = Drawn.batch(config, random, 2, 20);
        try (var model = new ContextModel(config, Drawn.options(2), Drawn.weights(config, random))) {
            model.differentiate(batch, 1);
            float[] before = Drawn.flat(Drawn.gradients(config, model));
            double norm = norm(before);
            var recipe = new FlatUpdates.Recipe(
                    0, new GradientFilter.None(), new OptimizerConfig.AdamW(1e-3, 0, List.of(0.9, 0.999), 1e-8));
            FlatUpdates updates = model.updates(recipe);
            assertThat(updates.clip(2 * norm)).isCloseTo(norm, within(1e-6 * norm));
            assertThat(Drawn.flat(Drawn.gradients(config, model))).isEqualTo(before);
            updates.clip(norm / 3);
            assertThat(norm(Drawn.flat(Drawn.gradients(config, model)))).isCloseTo(norm / 3, within(1e-5 * norm));
        }
    }

    private static double norm(float[] x) {
        double sum = 0;
        for (float v : x) {
            sum += (double) v * v;
        }
        return Math.sqrt(sum);
    }
}
