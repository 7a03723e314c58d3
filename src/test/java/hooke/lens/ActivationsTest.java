package hooke.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Experiments;
import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.FiniteTask;
import hooke.task.Split;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.NativeMemory;
import hooke.tensor.NoGrad;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationsTest {
    @ParameterizedTest
    @MethodSource("hooke.lens.TinyLens#models")
    void points_and_shapes_are_those_that_a_forward_pass_fills(String model) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            OpenedModel opened = TinyLens.open(model);
            var config = opened.model().config();
            var cache = new Cache(_ -> true);
            opened.model().forward(Examples.all(opened).tokens(), Hooks.read(cache));
            assertThat(Activations.points(config)).containsExactlyInAnyOrderElementsOf(cache.points());
            for (HookPoint point : cache.points()) {
                assertThat(cache.get(point).shape())
                        .as(point.toString())
                        .containsExactly(Activations.shape(config, point, 25, 5));
            }
        }
    }

    @Test
    void batches_give_what_one_pass_gives() {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            OpenedModel opened = TinyLens.open(TinyLens.WITH_MLP);
            int[][] tokens = Examples.all(opened).tokens();
            var whole = new Cache(Point.MLP_POST.at(1));
            opened.model().forward(tokens, Hooks.read(whole));
            double[] all = whole.get(Point.MLP_POST.at(1)).toDoubles();
            List<Double> streamed = new ArrayList<>();
            new Activations(opened.model(), 7).forEach(tokens, Point.MLP_POST.at(1)::equals, part -> {
                for (double value : part.cache().get(Point.MLP_POST.at(1)).toDoubles()) {
                    streamed.add(value);
                }
            });
            assertThat(streamed.stream().mapToDouble(v -> v).toArray()).containsExactly(all, within(1e-6));
            double[] means = new Activations(opened.model(), 4)
                    .means(tokens, List.of(Point.MLP_POST.at(1)))
                    .getFirst()
                    .toDoubles();
            double[] expected =
                    whole.get(Point.MLP_POST.at(1)).to(DType.F64).mean(true, 0).toDoubles();
            assertThat(means).containsExactly(expected, within(1e-6));
        }
    }

    /** The card's model over all its 12,769 questions, every hook point: 440 MB of activations, never all at once. */
    @Test
    void all_points_of_the_multiplication_card_stream_in_bounded_memory() {
        var experiment = Experiments.parse("""
            name: card
            task: {kind: modular-arithmetic, operation: multiply, modulus: 113}
            model: {n_layers: 1, d_model: 128, n_heads: 4, d_mlp: 512}
            train: {steps: 1}
            """, "test", List.of());
        try (var _ = new Scope();
                var rng = Rng.seeded(0)) {
            FiniteTask task = FiniteTask.of(experiment.task());
            var model = new Transformer(Weights.draw(experiment.model(), DType.F32, Device.CPU, rng));
            int[][] tokens = Examples.all(new OpenedModel(experiment, 0, task, Split.of(experiment), model))
                    .tokens();
            long[] most = {0};
            long[] kept = {0};
            int[] seen = {0};
            long before = NativeMemory.now().allocated();
            Activations.within(model, 3, _ -> true, Activations.BYTES).forEach(tokens, _ -> true, part -> {
                most[0] = Math.max(most[0], NativeMemory.now().allocated() - before);
                seen[0] += part.tokens().length;
                part.cache().entries().values().forEach(t -> kept[0] += 4 * t.numel());
            });
            assertThat(seen[0]).isEqualTo(12_769);
            assertThat(kept[0]).isGreaterThan(400_000_000);
            assertThat(most[0]).as("bytes at the end of a batch").isBetween(1L << 20, 1L << 28);
            assertThat(NativeMemory.now().allocated() - before)
                    .as("bytes left over")
                    .isLessThan(8 << 20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyLens.TWO_HEADS, TinyLens.WITH_MLP, TinyLens.POST})
    void stopping_at_a_layer_and_going_on_from_there_is_the_whole_pass(String model) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            OpenedModel opened = TinyLens.open(model);
            int[][] tokens = Examples.all(opened).tokens();
            double[] logits = opened.model().forward(tokens, Hooks.NONE).toDoubles();
            for (int layer = 0; layer <= 2; layer++) {
                Set<Integer> touched = new HashSet<>();
                var watching = new Cache(point -> {
                    touched.add(point.layer());
                    return false;
                });
                Tensor residual = opened.model().residual(tokens, layer, Hooks.read(watching));
                for (int behind = layer; behind < 2; behind++) {
                    assertThat(touched).doesNotContain(behind);
                }
                assertThat(opened.model()
                                .fromResidual(residual, layer, Hooks.NONE)
                                .toDoubles())
                        // Logits up to 20 in float32; the whole pass computes states, the other one examples.
                        .containsExactly(logits, within(1e-5));
            }
        }
    }

    @Test
    void the_test_set_is_what_the_run_did_not_train_on() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            Split split = Split.of(opened.experiment());
            assertThat(Examples.test(opened).n()).isEqualTo(10).isEqualTo(split.test().length);
            assertThat(Examples.train(opened).tokens()[0])
                    .containsExactly(opened.task().tokens(split.train()[0]));
        }
    }
}
