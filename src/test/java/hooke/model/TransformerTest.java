package hooke.model;

import static hooke.model.TinyModels.EXAMPLES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.config.ModelConfig;
import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.NoGrad;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TransformerTest {
    private static final int[] READ = {3, 4};

    @ParameterizedTest
    @MethodSource("hooke.model.TinyModels#all")
    void computes_at_the_read_positions_what_it_computes_when_nothing_is_left_out(ModelConfig config) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var model = new Transformer(TinyModels.weights(config, DType.F64));
            double[] whole = model.forward(EXAMPLES, Hooks.NONE).narrow(1, 3, 2).toDoubles();
            Plan plan = Plan.reading(config, Device.CPU, READ, EXAMPLES[0].length);
            double[] planned = model.forward(plan.input(EXAMPLES)).toDoubles();
            assertThat(planned).hasSameSizeAs(whole);
            for (int i = 0; i < whole.length; i++) {
                assertThat(planned[i]).isCloseTo(whole[i], within(1e-12));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("hooke.model.TinyModels#all")
    void has_the_gradients_that_finite_differences_show(ModelConfig config) {
        try (var _ = new Scope()) {
            Weights weights = TinyModels.weights(config, DType.F64);
            var model = new Transformer(weights);
            Input input =
                    Plan.reading(config, Device.CPU, READ, EXAMPLES[0].length).input(EXAMPLES);
            try (var _ = new Scope()) {
                loss(model, input).backward();
            }
            weights.all().forEach((name, weight) -> {
                try (var _ = new Scope()) {
                    Tensor gradient = weight.grad();
                    if (gradient == null) {
                        assertThat(hooke.config.Parameter.of(config))
                                .anyMatch(p -> p.name().equals(name) && !p.trainable());
                        return;
                    }
                    checkSome(model, input, name, weight.detach().view(weight.numel()), gradient.toDoubles());
                }
            });
        }
    }

    private static Tensor loss(Transformer model, Input input) {
        Tensor classes = Tensor.of(new int[] {1, 2, 0, 3, 4, 4, 2, 1}, 8);
        return model.forward(input).view(8, model.config().dVocabOut()).crossEntropy(classes);
    }

    /** Nudges a few values of one weight both ways; the detached flat view shares its memory. */
    private static void checkSome(Transformer model, Input input, String name, Tensor flat, double[] gradient) {
        double h = 1e-6;
        for (int i = 0; i < gradient.length; i += 1 + gradient.length / 7) {
            try (var _ = new Scope();
                    var _ = new NoGrad()) {
                flat.narrow(0, i, 1).plusInPlace(h);
                double up = loss(model, input).item();
                flat.narrow(0, i, 1).plusInPlace(-2 * h);
                double down = loss(model, input).item();
                flat.narrow(0, i, 1).plusInPlace(h);
                assertThat((up - down) / (2 * h)).as("%s[%s]", name, i).isCloseTo(gradient[i], within(1e-8));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("hooke.model.TinyModels#all")
    void goes_on_as_before_when_every_point_is_read(ModelConfig config) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var model = new Transformer(TinyModels.weights(config, DType.F64));
            double[] plain = model.forward(EXAMPLES, Hooks.NONE).toDoubles();
            var everything = new Cache(_ -> true);
            double[] read = model.forward(EXAMPLES, Hooks.read(everything)).toDoubles();
            for (int i = 0; i < plain.length; i++) {
                assertThat(read[i]).isCloseTo(plain[i], within(1e-12));
            }
            everything
                    .entries()
                    .forEach((point, value) -> assertThat(value.shape())
                            .as(point.toString())
                            .hasSameSizeAs(point.point().axes().toArray()));
            for (int layer = 0; layer < config.nLayers(); layer++) {
                assertRowsSumToOne(everything.get(Point.PATTERN.at(layer)));
            }
        }
    }

    private static void assertRowsSumToOne(Tensor pattern) {
        for (double sum : pattern.sum(-1).toDoubles()) {
            assertThat(sum).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void whatIsNoExampleIsOneSentence() {
        try (var _ = new Scope()) {
            var model = new Transformer(
                    TinyModels.weights(TinyModels.all().findFirst().orElseThrow(), DType.F64));
            int vocabulary = model.config().dVocab();
            int longest = model.config().nCtx();
            for (int token : new int[] {-1, vocabulary, Integer.MAX_VALUE}) {
                assertThatThrownBy(() -> model.forward(new int[][] {{0, token}}, Hooks.NONE))
                        .isInstanceOf(InputException.class)
                        .hasMessage("token " + token + " is outside the vocabulary: model.d_vocab allows 0 to "
                                + (vocabulary - 1));
            }
            assertThatThrownBy(() -> model.forward(new int[][] {new int[longest + 1]}, Hooks.NONE))
                    .hasMessageContaining("is not from 1 to model.n_ctx (" + longest + ") tokens long");
            assertThatThrownBy(() -> model.forward(new int[][] {{0, 1}, {0}}, Hooks.NONE))
                    .hasMessageContaining("must be equally long, not 2 and 1 tokens");
            assertThatThrownBy(() -> model.forward(new int[0][], Hooks.NONE)).isInstanceOf(InputException.class);
        }
    }

    @Test
    void leaves_closed_positions_without_any_influence() {
        ModelConfig config = TinyModels.model("{n_layers: 2, d_model: 8, n_heads: 2, d_mlp: 16}");
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var model = new Transformer(TinyModels.weights(config, DType.F64));
            int[][] changed = {{1, 2, 5, 5, 0}};
            double[] before =
                    model.forward(new int[][] {EXAMPLES[0]}, Hooks.NONE).toDoubles();
            double[] after = model.forward(changed, Hooks.NONE).toDoubles();
            int untouched = 4 * config.dVocabOut();
            assertThat(java.util.Arrays.copyOf(after, untouched)).isEqualTo(java.util.Arrays.copyOf(before, untouched));
            assertThat(after[untouched]).isNotEqualTo(before[untouched]);
        }
    }

    @Test
    void replaces_at_a_point_and_forgets_it_afterwards_also_when_the_hook_throws() {
        ModelConfig config = TinyModels.model("{n_layers: 2, d_model: 8, n_heads: 2, d_mlp: 16}");
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var model = new Transformer(TinyModels.weights(config, DType.F64));
            double[] plain = model.forward(EXAMPLES, Hooks.NONE).toDoubles();
            Hooks zero = Hooks.NONE.replace(Point.Z.at(1), z -> z.times(0));
            assertThat(model.forward(EXAMPLES, zero).toDoubles()).isNotEqualTo(plain);
            Hooks broken = Hooks.NONE.replace(Point.Q.at(0), q -> {
                throw new IllegalStateException("on purpose");
            });
            assertThatThrownBy(() -> model.forward(EXAMPLES, broken)).hasMessage("on purpose");
            Hooks misshapen = Hooks.NONE.replace(Point.Q.at(0), q -> q.narrow(0, 0, 1));
            assertThatThrownBy(() -> model.forward(EXAMPLES, misshapen))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("blocks.0.attn.hook_q");
            assertThat(model.forward(EXAMPLES, Hooks.NONE).toDoubles()).isEqualTo(plain);
        }
    }

    @Test
    void sums_its_residual_stream_from_its_parts() {
        ModelConfig config = TinyModels.model("{n_layers: 2, d_model: 8, n_heads: 2, d_mlp: 16, norm: layer-norm}");
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var model = new Transformer(TinyModels.weights(config, DType.F64));
            var seen = new Cache(_ -> true);
            model.forward(EXAMPLES, Hooks.read(seen));
            Tensor sum = seen.get(Point.EMBED.at()).plus(seen.get(Point.POS_EMBED.at()));
            for (int layer = 0; layer < 2; layer++) {
                Tensor heads = seen.get(Point.RESULT.at(layer)).sum(2);
                Tensor bias = model.weights().get("blocks." + layer + ".attn.b_O");
                assertClose(heads.plus(bias), seen.get(Point.ATTN_OUT.at(layer)));
                sum = sum.plus(seen.get(Point.ATTN_OUT.at(layer))).plus(seen.get(Point.MLP_OUT.at(layer)));
            }
            assertClose(sum, seen.get(Point.RESID_POST.at(1)));
        }
    }

    private static void assertClose(Tensor a, Tensor b) {
        assertThat(a.minus(b).abs().max().item()).isLessThan(1e-12);
    }

    @Test
    void knows_the_gradient_at_a_hook_point() {
        ModelConfig config = TinyModels.model("{n_layers: 2, d_model: 8, n_heads: 2, d_mlp: 16}");
        try (var _ = new Scope()) {
            var model = new Transformer(TinyModels.weights(config, DType.F64));
            var watched = new Cache(Point.RESID_POST.at(0));
            double h = 1e-5;
            model.forward(EXAMPLES, Hooks.gradients(watched)).sum().backward();
            double gradient = watched.gradient(Point.RESID_POST.at(0)).toDoubles()[0];
            double[] sums = new double[2];
            for (int side = 0; side < 2; side++) {
                double nudge = side == 0 ? h : -h;
                sums[side] = model.forward(EXAMPLES, Hooks.NONE.replace(Point.RESID_POST.at(0), x -> {
                            Tensor copy = x.detach().copy();
                            copy.view(copy.numel()).narrow(0, 0, 1).plusInPlace(nudge);
                            return copy;
                        }))
                        .sum()
                        .item();
            }
            assertThat((sums[0] - sums[1]) / (2 * h)).isCloseTo(gradient, within(1e-7));
        }
    }

    @Test
    void names_what_recorded_weights_lack_or_have_too_much() {
        ModelConfig config = TinyModels.model("{n_layers: 1, d_model: 8, n_heads: 2, d_mlp: 16}");
        try (var _ = new Scope()) {
            var recorded = new java.util.LinkedHashMap<String, RawTensor>();
            TinyModels.weights(config, DType.F32).all().forEach((name, weight) -> recorded.put(name, weight.raw()));
            var again = Weights.of(config, DType.F32, Device.CPU, recorded);
            assertThat(again.get("embed.W_E").toFloats())
                    .isEqualTo(TinyModels.weights(config, DType.F32)
                            .get("embed.W_E")
                            .toFloats());
            refuses(config, with(recorded, "more", recorded.get("embed.W_E")), "more is no weight");
            refuses(config, with(recorded, "embed.W_E", null), "lack embed.W_E");
            refuses(config, with(recorded, "embed.W_E", recorded.get("pos_embed.W_pos")), "embed.W_E has shape");
        }
    }

    private static Map<String, RawTensor> with(Map<String, RawTensor> all, String name, @Nullable RawTensor value) {
        var changed = new java.util.LinkedHashMap<>(all);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return changed;
    }

    private static void refuses(ModelConfig config, Map<String, RawTensor> recorded, String sentence) {
        assertThatThrownBy(() -> Weights.of(config, DType.F32, Device.CPU, recorded))
                .isInstanceOf(hooke.InputException.class)
                .hasMessageContaining(sentence);
    }
}
