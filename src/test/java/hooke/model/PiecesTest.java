package hooke.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.config.ModelConfig;
import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Pieces;
import hooke.hook.Point;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A pass that goes piece by piece through the states of its examples, against the pass of all examples as they are. */
class PiecesTest {
    private static Stream<ModelConfig> models() {
        return Stream.concat(
                TinyModels.all(),
                Stream.of(
                                "{n_layers: 2, d_model: 4, n_heads: 2, d_mlp: 8, mask: {kind: table, rows: [..x.., xxxxx, x.x..,"
                                        + " .x..x, x...x]}}",
                                "{n_layers: 1, d_model: 6, n_heads: 1, d_mlp: 40, act_fn: gelu, norm: layer-norm, n_ctx: 12}")
                        .map(TinyModels::model));
    }

    /** Some twice, most with a beginning that others have, too. */
    private static int[][] examples(ModelConfig config, int count) {
        var random = new Random(7);
        int length = config.nCtx();
        return IntStream.range(0, count)
                .mapToObj(i ->
                        random.ints(length, 0, i % 3 == 0 ? 2 : config.dVocab()).toArray())
                .toArray(int[][]::new);
    }

    @ParameterizedTest
    @MethodSource("models")
    void every_point_and_the_logits_are_those_of_the_plain_pass(ModelConfig config) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var model = new Transformer(TinyModels.weights(config, DType.F64));
            int[][] examples = examples(config, 23);
            var plain = new Cache(_ -> true);
            Hooks replacing = Hooks.read(plain).replace(Point.RESID_PRE.at(0), x -> x); // so: all examples at once
            double[] logits = model.forward(examples, replacing).toDoubles();
            Plan plan = Plan.whole(config, Device.CPU, config.nCtx());
            for (int size : new int[] {1, 5, 23, 100}) {
                var seen = new Cache(_ -> true);
                Tensor same = new ForwardInPieces(model).forward(plan, examples, Hooks.read(seen), size);
                assertThat(same.toDoubles()).containsExactly(logits, within(1e-12));
                assertSame(seen, plain);
                double[] unseen = new ForwardInPieces(model)
                        .forward(plan, examples, Hooks.NONE, size)
                        .toDoubles();
                assertThat(unseen).containsExactly(logits, within(1e-12));
            }
        }
    }

    private static void assertSame(Cache seen, Cache plain) {
        assertThat(seen.points()).containsExactlyInAnyOrderElementsOf(plain.points());
        for (HookPoint point : plain.points()) {
            assertThat(seen.get(point).shape())
                    .as(point.toString())
                    .isEqualTo(plain.get(point).shape());
            // Equal infinities have no distance.
            Tensor different = seen.get(point)
                    .minus(plain.get(point))
                    .abs()
                    .maskedFill(seen.get(point).eq(plain.get(point)), 0);
            assertThat(different.max().item()).as(point.toString()).isLessThan(1e-12);
        }
    }

    @Test
    void no_cached_tensor_shares_memory_with_another() {
        ModelConfig config = TinyModels.model("{n_layers: 2, d_model: 8, n_heads: 2, d_mlp: 16}");
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var model = new Transformer(TinyModels.weights(config, DType.F64));
            int[][] examples = examples(config, 9);
            var first = new Cache(_ -> true);
            var second = new Cache(_ -> true);
            model.forward(examples, Hooks.read(first).andRead(second));
            for (HookPoint point : first.points()) {
                if (point.point()
                        != Point.POS_EMBED) { // the same for every example, and so a view that nobody can write to
                    first.get(point).zeroInPlace();
                    first.get(point).plusInPlace(first.points().indexOf(point));
                }
            }
            for (HookPoint point : first.points()) {
                if (point.point() != Point.POS_EMBED) {
                    assertThat(first.get(point).toDoubles())
                            .as(point.toString())
                            .containsOnly(first.points().indexOf(point));
                }
            }
            var again = new Cache(_ -> true);
            model.forward(examples, Hooks.read(again));
            for (Map.Entry<HookPoint, Tensor> entry : again.entries().entrySet()) {
                assertThat(second.get(entry.getKey()).toDoubles())
                        .as(entry.getKey().toString())
                        .isEqualTo(entry.getValue().toDoubles());
            }
        }
    }

    @Test
    void a_cache_that_is_filled_again_holds_the_later_pass_whatever_its_size() {
        ModelConfig config = TinyModels.model("{n_layers: 1, d_model: 8, n_heads: 2, d_mlp: 16}");
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var model = new Transformer(TinyModels.weights(config, DType.F64));
            int[][] examples = examples(config, 12);
            var kept = new Cache(Point.MLP_POST.at(0));
            for (int[][] some : new int[][][] {
                Arrays.copyOfRange(examples, 0, 5),
                Arrays.copyOfRange(examples, 5, 10),
                Arrays.copyOfRange(examples, 9, 12)
            }) {
                model.forward(some, Hooks.read(kept));
                var once = new Cache(Point.MLP_POST.at(0));
                model.forward(some, Hooks.read(once));
                assertThat(kept.get(Point.MLP_POST.at(0)).shape()[0]).isEqualTo(some.length);
                assertThat(kept.get(Point.MLP_POST.at(0)).toDoubles())
                        .isEqualTo(once.get(Point.MLP_POST.at(0)).toDoubles());
            }
        }
    }

    @Test
    void what_replaces_or_watches_sees_all_examples_at_once() {
        assertThatThrownBy(() -> new Pieces(Hooks.NONE.replace(Point.EMBED.at(), x -> x)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("all examples at once");
    }
}
