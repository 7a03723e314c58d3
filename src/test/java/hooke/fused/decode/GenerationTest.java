package hooke.fused.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.fused.kernels.Kernel;
import hooke.hook.Hooks;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.NoGrad;
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
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationTest {
    private static final String ROTARY =
            "{n_layers: 2, d_model: 20, n_heads: 2, d_head: 12, d_mlp: 70, act_fn: gelu, positions:"
                    + " {kind: rotary, dims: 8}, norm: {kind: layer-norm, bias: false}, without_biases: [attention, unembed]}";

    private static final String TOP_K =
            "{n_layers: 2, d_model: 16, n_heads: 2, d_mlp: 8, attention: {kind: top-k, k: 5}, mask: {kind: strided-half, stride: 7}}";
    private static final String SPARSE_K =
            "{n_layers: 2, d_model: 20, n_heads: 2, d_mlp: 8, norm: layer-norm, attention:"
                    + " {kind: sparsek, k: 4}, mask: {kind: heads, masks: [causal, {kind: fixed, local_context: 6}]}}";
    private static final String U_SHAPED =
            "{n_layers: 5, d_model: 40, widths: [40, 20, 10, 20, 40], n_heads: 2, d_mlp: 60,"
                    + " norm: layer-norm, positions: {kind: rotary, dims: 8}}";

    private static ModelConfig model(String yaml) {
        return Experiments.parse("""
                name: tiny
                task: {kind: own, name: bytes, d_vocab: 31, d_vocab_out: 31, n_ctx: 150}
                model: %s
                train: {steps: 1, batch: 1}
                """.formatted(yaml), "test", List.of()).model();
    }

    /** Drawn so wide that every part of the model shows in its logits. */
    private static Map<String, RawTensor> weights(ModelConfig model) {
        Map<String, RawTensor> weights = new LinkedHashMap<>();
        try (var _ = new Scope();
                var rng = Rng.seeded(5)) {
            Weights.draw(model, DType.F32, Device.CPU, rng).all().forEach((name, weight) -> {
                Tensor drawn = Tensor.zeros(DType.F32, weight.shape());
                rng.normal(drawn, name.endsWith(".w") ? 1 : 0, 0.3);
                weights.put(
                        name,
                        new RawTensor(
                                DType.F32,
                                Arrays.stream(weight.shape()).boxed().toList(),
                                MemorySegment.ofArray(drawn.toFloats())));
            });
        }
        return weights;
    }

    private static int[] prompt(int seed, int length) {
        return new Random(seed).ints(length, 0, 31).toArray();
    }

    /** Logits behind each token of a sequence, which is read in pieces of these lengths. */
    private static float[][] logits(Decoder decoder, int[] tokens, int piece) {
        KeyValues known = decoder.sequence();
        float[][] all = new float[tokens.length][31];
        for (int from = 0; from < tokens.length; from += piece) {
            int to = Math.min(from + piece, tokens.length);
            KeyValues[] same = new KeyValues[to - from];
            Arrays.fill(same, known);
            int[] rows = IntStream.range(0, to - from).toArray();
            decoder.next(same, Arrays.copyOfRange(tokens, from, to), rows, Arrays.copyOfRange(all, from, to));
        }
        return all;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ROTARY,
                "{n_layers: 3, d_model: 16, n_heads: 4, d_mlp: 64, tied_embeddings: true, norm: layer-norm}",
                "{n_layers: 2, d_model: 24, n_heads: 3, d_mlp: 40, act_fn: gelu-new, norm: {kind: layer-norm, placement: post}}",
                "{n_layers: 2, d_model: 10, n_heads: 1, d_head: 7, d_mlp: 13, act_fn: silu, gated_mlp: true, norm: rms-norm,"
                        + " positions: {kind: rotary, dims: 6, pairs: halves}}",
                "{n_layers: 2, d_model: 16, n_heads: 2, attn_only: true, mask: {kind: local, window: 9}}",
                "{n_layers: 2, d_model: 16, n_heads: 2, d_mlp: 8, mask: {kind: bottleneck, at: 20}, norm: {kind: rms-norm,"
                        + " placement: post}}",
                TOP_K,
                SPARSE_K,
                U_SHAPED
            })
    void logits_are_those_of_the_reference_model(String yaml) {
        ModelConfig model = model(yaml);
        Map<String, RawTensor> weights = weights(model);
        int[] tokens = prompt(1, 150);
        float[] reference;
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var transformer = new Transformer(Weights.of(model, DType.F64, Device.CPU, weights));
            reference = transformer.forward(new int[][] {tokens}, Hooks.NONE).toFloats();
        }
        for (Kernel kernel : Kernel.values()) {
            try (var decoder = new Decoder(model, weights, Storage.FLOAT32, 1, kernel)) {
                float[][] ours = logits(decoder, tokens, 128);
                for (int i = 0; i < reference.length; i++) {
                    assertThat(ours[i / 31][i % 31])
                            .as("%s at position %s", kernel, i / 31)
                            .isCloseTo(reference[i], within(2e-4f));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TOP_K, SPARSE_K, U_SHAPED})
    void the_same_bytes_whatever_attention_and_widths(String yaml) {
        ModelConfig model = model(yaml);
        int[] tokens = prompt(2, 140);
        try (var one = new Decoder(model, weights(model), Storage.FLOAT32, 1, Kernel.best());
                var two = new Decoder(model, weights(model), Storage.FLOAT32, 2, Kernel.best())) {
            float[][] whole = logits(one, tokens, 128);
            assertThat(logits(one, tokens, 1)).isDeepEqualTo(whole);
            assertThat(logits(two, tokens, 50)).isDeepEqualTo(whole);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_same_bytes_with_keys_and_values_kept_or_not_and_on_two_threads(Storage storage) {
        ModelConfig model = model(ROTARY);
        int[] tokens = prompt(2, 140);
        try (var one = new Decoder(model, weights(model), storage, 1, Kernel.best());
                var two = new Decoder(model, weights(model), storage, 2, Kernel.best())) {
            float[][] whole = logits(one, tokens, 128);
            assertThat(logits(one, tokens, 1)).isDeepEqualTo(whole);
            assertThat(logits(one, tokens, 13)).isDeepEqualTo(whole);
            assertThat(logits(two, tokens, 50)).isDeepEqualTo(whole);
        }
    }

    @Test
    void the_same_answers_alone_and_in_a_batch() {
        ModelConfig model = model(ROTARY);
        List<int[]> prompts = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            prompts.add(prompt(i, 1 + i));
        }
        try (var decoder = new Decoder(model, weights(model), Storage.FLOAT32, 2, Kernel.best())) {
            for (Sampling sampling : List.of(Sampling.GREEDY, new Sampling(0.8, 20, 0.95, 0.01))) {
                var generation = new Generation(decoder, sampling, OptionalInt.of(3));
                var together = generation.continued(prompts, 30, 7, (_, _) -> {});
                for (int i : new int[] {0, 1, 40, 69}) {
                    var alone = generation.continued(List.of(prompts.get(i)), 30, 7, i, (_, _) -> {});
                    assertThat(together.get(i).tokens())
                            .isEqualTo(alone.getFirst().tokens());
                }
                assertThat(together).allMatch(a -> a.stopped() || a.tokens().length == 30);
                assertThat(together).anyMatch(Generation.Answer::stopped);
                assertThat(together)
                        .filteredOn(Generation.Answer::stopped)
                        .allMatch(a ->
                                Arrays.stream(a.tokens()).filter(t -> t == 3).count() == 1
                                        && a.tokens()[a.tokens().length - 1] == 3);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {ROTARY, SPARSE_K, U_SHAPED})
    void prompts_that_begin_alike_are_answered_as_if_each_were_alone(String yaml) {
        ModelConfig model = model(yaml);
        int[] shared = prompt(1, 60);
        List<int[]> prompts = new ArrayList<>();
        prompts.add(shared);
        prompts.add(shared);
        for (int i = 0; i < 6; i++) {
            int[] longer = Arrays.copyOf(shared, 61 + i);
            longer[60 + i] = i;
            prompts.add(longer);
        }
        try (var decoder = new Decoder(model, weights(model), Storage.FLOAT32, 2, Kernel.best());
                var other = new Decoder(model, weights(model), Storage.FLOAT32, 1, Kernel.best())) {
            var generation = new Generation(decoder, Sampling.GREEDY, OptionalInt.empty());
            var single = new Generation(other, Sampling.GREEDY, OptionalInt.empty());
            // The second time in the room that longer sequences have left.
            for (int most : new int[] {80, 20}) {
                var together = generation.continued(prompts, most, 0, (_, _) -> {});
                for (int i = 0; i < prompts.size(); i++) {
                    var alone = single.continued(List.of(prompts.get(i)), most, 0, (_, _) -> {});
                    assertThat(together.get(i).tokens())
                            .isEqualTo(alone.getFirst().tokens());
                }
            }
        }
    }

    @Test
    void half_and_quarter_weights_are_near() {
        ModelConfig model = model(ROTARY);
        int[] tokens = prompt(3, 100);
        Map<Storage, float[][]> logits = new LinkedHashMap<>();
        for (Storage storage : Storage.values()) {
            try (var decoder = new Decoder(model, weights(model), storage, 1, Kernel.best())) {
                logits.put(storage, logits(decoder, tokens, 100));
            }
        }
        double scale = spread(logits.get(Storage.FLOAT32), new float[100][31]);
        assertThat(spread(logits.get(Storage.BF16), logits.get(Storage.FLOAT32)) / scale)
                .isBetween(1e-5, 0.02);
        assertThat(spread(logits.get(Storage.INT8), logits.get(Storage.FLOAT32)) / scale)
                .isBetween(1e-5, 0.05);
    }

    private static double spread(float[][] a, float[][] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            for (int j = 0; j < a[i].length; j++) {
                sum += Math.pow(a[i][j] - b[i][j], 2);
            }
        }
        return Math.sqrt(sum);
    }

    @Test
    void what_does_not_fit_is_refused() {
        ModelConfig model = model(ROTARY);
        try (var decoder = new Decoder(model, weights(model), Storage.FLOAT32, 1, Kernel.best())) {
            var generation = new Generation(decoder, Sampling.GREEDY, OptionalInt.empty());
            assertThatThrownBy(() -> generation.continued(List.of(prompt(1, 100)), 51, 0, (_, _) -> {}))
                    .isInstanceOf(InputException.class)
                    .hasMessage(
                            "a prompt of 100 tokens and 51 more are longer than the model's context of 150 (model.n_ctx)");
            assertThatThrownBy(() -> generation.continued(List.of(new int[] {31}), 1, 0, (_, _) -> {}))
                    .hasMessageContaining("token 31 of a prompt is outside the vocabulary");
            assertThatThrownBy(() -> generation.continued(List.of(new int[0]), 1, 0, (_, _) -> {}))
                    .hasMessageContaining("at least one token");
        }
        assertThatThrownBy(() -> new Decoder(
                        model("{n_layers: 1, d_model: 8, n_heads: 1, mask: full}"),
                        Map.of(),
                        Storage.FLOAT32,
                        1,
                        Kernel.best()))
                .hasMessageContaining("lets a position see what stands behind it");
        assertThatThrownBy(() -> new Sampling(-0.1, 0, 1, 0)).hasMessageContaining("temperature (-0.1) must be from 0");
    }
}
