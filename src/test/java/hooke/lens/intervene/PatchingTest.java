package hooke.lens.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.TinyLens;
import hooke.lens.intervene.Intervention.Part;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatchingTest {
    private static Patching patching(OpenedModel opened) {
        return Patching.of(opened, Pairs.of(Examples.all(opened), 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyLens.TWO_HEADS, TinyLens.WITH_MLP, TinyLens.POST})
    void patching_everything_is_the_clean_run_and_nothing_the_corrupted_one(String model) {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(model);
            Patching patching = patching(opened);
            for (HookPoint everything : new HookPoint[] {Point.EMBED.at(), Point.RESID_PRE.at(0)}) {
                assertThat(patching.patched(everything, Part.ALL)).containsExactly(patching.clean(), within(1e-6));
            }
            // All examples have the same positions.
            assertThat(patching.patched(Point.POS_EMBED.at(), Part.ALL)).containsExactly(patching.corrupted());
        }
    }

    @Test
    void a_position_that_nothing_reads_brings_nothing_back() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            Patching.Grid grid = patching(opened).byPosition(Point.RESID_PRE);
            assertThat(grid.columns()).containsExactly("d1", "d2", "SEP", "o1", "o2");
            assertThat(grid.rows()).containsExactly("layer 0", "layer 1");
            assertThat(grid.n()).isGreaterThan(15);
            // In the last layer the outputs read SEP and o1: the digits themselves are past.
            assertThat(grid.values()[1][0]).isZero();
            assertThat(grid.values()[1][1]).isZero();
            assertThat(Math.abs(grid.values()[1][2])).isGreaterThan(1e-3);
            // o2 is not seen by o1.
            assertThat(grid.byAnswer()[0][1][4]).isZero();
        }
    }

    /** What the gradient says is the slope of patching a little, at every point and part. */
    @ParameterizedTest
    @EnumSource(names = {"RESID_PRE", "Q", "K", "V", "PATTERN", "Z", "ATTN_OUT", "MLP_OUT"})
    void attribution_is_patching_to_first_order(Point point) {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.WITH_MLP, DType.F64);
            Pairs pairs = Pairs.of(Examples.all(opened), 0);
            Patching patching = Patching.of(opened, pairs);
            boolean heads = point.axes().contains("head");
            Patching.Grid slope = heads ? patching.attributionByHead(point) : patching.attributionByPosition(point);
            double span = sum(patching.clean()) - sum(patching.corrupted());
            double little = 1e-4;
            for (int layer = 0; layer < 2; layer++) {
                for (int column = 0; column < slope.columns().size(); column++) {
                    Part part = heads ? Part.head(column) : Part.position(column);
                    double up = moved(opened, pairs, point.at(layer), part, little);
                    double down = moved(opened, pairs, point.at(layer), part, -little);
                    assertThat(slope.values()[layer][column])
                            .as("%s layer %s, %s", point, layer, slope.columns().get(column))
                            .isCloseTo((up - down) / (2 * little) / span, within(1e-6));
                }
            }
        }
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    /** The mean difference on the corrupted side with a part moved a little towards clean. */
    private static double moved(OpenedModel opened, Pairs pairs, HookPoint at, Part part, double share) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var seen = new Cache(at);
            opened.model().forward(pairs.clean().tokens(), Hooks.read(seen));
            Tensor clean = seen.get(at);
            Hooks hooks = Hooks.NONE.replace(
                    at, x -> Intervened.replace(x, x.plus(clean.minus(x).times(share)), at, part));
            Tensor logits = opened.model().forward(pairs.corrupted().tokens(), hooks);
            return sum(pairs.difference(opened, logits).toDoubles()) / pairs.n();
        }
    }

    @Test
    void a_path_counts_only_where_the_later_head_can_hear_it() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            Patching patching = patching(opened);
            double path = patching.path(0, 0, 1, 1, Point.V);
            assertThat(Math.abs(path)).isGreaterThan(1e-6);
            assertThat(patching.paths()).hasSize(12).containsEntry("0.0 to 1.1 v", path);
            // A later head that writes nothing hears nothing that matters.
            Tensor writes =
                    opened.model().weights().get("blocks.1.attn.W_O").detach().select(0, 1);
            writes.copyInPlace(Tensor.zeros(DType.F32, writes.shape()));
            assertThat(patching(opened).path(0, 0, 1, 1, Point.V)).isZero();
            assertThatThrownBy(() -> patching.path(1, 0, 0, 0, Point.V)).hasMessageContaining("no path leads there");
            assertThatThrownBy(() -> patching.path(0, 0, 1, 2, Point.V)).hasMessageContaining("heads from 0 to 1");
            assertThatThrownBy(() -> patching.path(0, 0, 1, 1, Point.Z)).hasMessageContaining("q, k or v");
        }
    }

    @Test
    void what_makes_no_sense_is_refused_with_the_reason() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            Patching patching = patching(opened);
            assertThatThrownBy(() -> patching.byHead(Point.RESID_PRE))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("has no heads");
            assertThatThrownBy(() -> patching.byPosition(Point.MLP_OUT)).hasMessageContaining("this model has no");
            assertThatThrownBy(() -> patching.attributionByHead(Point.SCORES))
                    .hasMessageContaining("scores cannot be patched by gradient");
        }
    }
}
