package hooke.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.RawTensor;
import hooke.tensor.Rng;
import hooke.tensor.Safetensors;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {
    private static final String WIDE =
            "{n_layers: 1, d_model: 64, n_heads: 4, d_mlp: 96, norm: layer-norm, init: pytorch";

    private static double[] draw(String model, String name) {
        ModelConfig config = TinyModels.model(model);
        try (var _ = new Scope();
                var rng = Rng.seeded(3)) {
            return Weights.draw(config, DType.F32, Device.CPU, rng).get(name).toDoubles();
        }
    }

    private static double spread(double[] values) {
        return Math.sqrt(DoubleStream.of(values).map(v -> v * v).average().orElseThrow());
    }

    private static double largest(double[] values) {
        return DoubleStream.of(values).map(Math::abs).max().orElseThrow();
    }

    @Test
    void pytorch_draws_within_the_bounds_of_its_modules() {
        String model = WIDE + "}";
        assertThat(spread(draw(model, "embed.W_E"))).isCloseTo(1, within(0.1));
        assertThat(largest(draw(model, "blocks.0.attn.W_O"))).isBetween(0.99 / 8, 1.0 / 8);
        double glorot = Math.sqrt(6.0 / (64 + 3 * 64));
        for (String weight : new String[] {"W_Q", "W_K", "W_V"}) {
            assertThat(largest(draw(model, "blocks.0.attn." + weight))).isBetween(0.99 * glorot, glorot);
        }
        assertThat(largest(draw(model, "blocks.0.mlp.W_out"))).isBetween(0.99 / Math.sqrt(96), 1 / Math.sqrt(96));
        assertThat(largest(draw(model, "blocks.0.mlp.b_out"))).isBetween(0.9 / Math.sqrt(96), 1 / Math.sqrt(96));
        assertThat(draw(model, "blocks.0.attn.b_O")).containsOnly(0);
        assertThat(draw(model, "ln_final.w")).containsOnly(1);
    }

    @Test
    void modules_without_bias_draw_none() {
        assertThat(draw(WIDE + ", biases: frozen}", "unembed.b_U")).containsOnly(0);
        assertThat(draw(WIDE + ", biases: frozen}", "embed.W_E")).isEqualTo(draw(WIDE + "}", "embed.W_E"));
        assertThat(draw(WIDE + ", biases: frozen}", "unembed.W_U")).isNotEqualTo(draw(WIDE + "}", "unembed.W_U"));
    }

    /** Single normal draws differ in their last bits from one make of processor to another. */
    private static void assertSame(Tensor drawn, RawTensor recorded) {
        assertThat(drawn.toDoubles()).containsExactly(Tensor.of(recorded).toDoubles(), within(1e-6));
    }

    @Test
    void xtransformers_draws_what_its_constructors_draw() {
        Path golden = Path.of("golden/lifegpt/init.safetensors");
        ModelConfig config = Experiments.parse("""
                name: golden
                task: {kind: own, name: bytes, d_vocab: 256, d_vocab_out: 256, n_ctx: 535}
                model:
                  n_layers: 2
                  d_model: 64
                  n_heads: 2
                  d_head: 64
                  act_fn: gelu
                  positions: {kind: rotary, dims: 32}
                  norm: {kind: layer-norm, bias: false}
                  without_biases: [attention, unembed]
                  init: xtransformers
                train: {steps: 1, batch: 1}
                """, "test", List.of()).model();
        try (var _ = new Scope();
                var arena = Arena.ofConfined();
                var rng = Rng.seeded(1)) {
            Weights drawn = Weights.draw(config, DType.F32, Device.CPU, rng);
            var recorded = Safetensors.open(golden, arena);
            assertSame(drawn.get("embed.W_E"), recorded.get("net.token_emb.emb.weight"));
            assertSame(drawn.get("blocks.1.mlp.b_out"), recorded.get("net.attn_layers.layers.3.1.ff.2.bias"));
            assertSame(
                    drawn.get("blocks.1.attn.W_O").view(128, 64).transpose(0, 1),
                    recorded.get("net.attn_layers.layers.2.1.to_out.weight"));
            assertSame(drawn.get("unembed.W_U").transpose(0, 1), recorded.get("net.to_logits.weight"));
        }
    }

    @Test
    void a_frozen_bias_is_zero_and_later_draws_stay() {
        String frozen = ", frozen: [b_in]}";
        assertThat(draw(WIDE + frozen, "blocks.0.mlp.b_in")).containsOnly(0);
        assertThat(draw(WIDE + frozen, "unembed.b_U")).isEqualTo(draw(WIDE + "}", "unembed.b_U"));
    }

    @Test
    void a_tied_unembedding_is_the_embedding_transposed() {
        ModelConfig config = TinyModels.model("{n_layers: 1, d_model: 4, n_heads: 1, tied_embeddings: true}");
        try (var _ = new Scope()) {
            Weights weights = TinyModels.weights(config, DType.F32);
            assertThat(weights.all()).doesNotContainKey("unembed.W_U").containsKey("unembed.b_U");
            assertThat(weights.unembedding().transpose(0, 1).contiguous().toDoubles())
                    .isEqualTo(weights.get("embed.W_E").toDoubles());
        }
    }

    /** The recorded GPT's weights, which torch.nn.init.xavier_normal_ drew behind the modules' own draws from this seed. */
    @Test
    void xavier_draws_what_torch_draws() {
        ModelConfig config = Experiments.parse("""
                        task: {kind: own, name: titles, d_vocab: 512, d_vocab_out: 512, n_ctx: 32}
                        model: {n_layers: 2, d_model: 64, n_heads: 4, d_head: 8, norm: layer-norm, tied_embeddings: true,
                          without_biases: [unembed], init: xavier}
                        train: {steps: 1}
                        """, "m.yaml", List.of()).model();
        try (var _ = new Scope();
                var rng = Rng.seeded(1337);
                var arena = Arena.ofConfined()) {
            Weights weights = Weights.draw(config, DType.F32, Device.CPU, rng);
            var recorded = Safetensors.open(Path.of("golden/headlines/gpt/init.safetensors"), arena);
            same(weights.get("embed.W_E"), recorded.get("tok.weight"));
            same(weights.get("pos_embed.W_pos"), recorded.get("pos"));
            same(weights.get("blocks.1.mlp.W_out").transpose(0, 1), recorded.get("blocks.1.down.weight"));
            same(
                    weights.get("blocks.1.attn.W_O").reshape(32, 64).transpose(0, 1),
                    recorded.get("blocks.1.proj.weight"));
            List<Tensor> parts = List.of("W_Q", "W_K", "W_V").stream()
                    .map(name ->
                            weights.get("blocks.0.attn." + name).transpose(1, 2).reshape(32, 64))
                    .toList();
            same(Tensor.cat(0, parts), recorded.get("blocks.0.qkv.weight"));
        }
    }

    /** To the last bit on processors with wide vectors; others draw by another loop. */
    private static void same(Tensor ours, RawTensor recorded) {
        assertThat(ours.contiguous().toDoubles())
                .containsExactly(Tensor.of(recorded).toDoubles(), within(2e-7));
    }
}
