package hooke.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.ModelConfig;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
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
}
