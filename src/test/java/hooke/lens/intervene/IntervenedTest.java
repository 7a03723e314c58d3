package hooke.lens.intervene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.hook.Cache;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.Activations;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.TinyLens;
import hooke.lens.intervene.Intervention.Part;
import hooke.lens.intervene.Intervention.Through;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class IntervenedTest {
    private static double[] logits(OpenedModel opened, Examples examples, Intervention... interventions) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            Hooks hooks =
                    Intervened.of(opened, List.of(interventions), examples).hooks(examples, 0);
            return opened.model().forward(examples.tokens(), hooks).toDoubles();
        }
    }

    @ParameterizedTest
    @MethodSource("hooke.lens.TinyLens#models")
    void the_mean_of_what_never_varies_changes_nothing(String model) {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(model);
            Examples all = Examples.all(opened);
            double[] clean = logits(opened, all);
            var mean = new Intervention.Mean(Point.POS_EMBED.at(), Part.ALL);
            assertThat(logits(opened, all, mean)).containsExactly(clean);
            // A single example is its own mean, at every point there is.
            Examples one = all.range(7, 8);
            for (HookPoint point : Activations.points(opened.model().config())) {
                assertThat(logits(opened, one, new Intervention.Mean(point, Part.ALL)))
                        .as(point.toString())
                        .containsExactly(logits(opened, one), within(1e-5));
            }
        }
    }

    @Test
    void patching_everything_gives_the_other_run_and_patching_itself_nothing() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.WITH_MLP);
            Examples all = Examples.all(opened);
            Examples one = all.range(7, 8); // 1 2
            Examples other = all.range(19, 20); // 3 4
            for (HookPoint point : List.of(Point.RESID_PRE.at(0), Point.RESID_POST.at(1))) {
                var patch = new Intervention.Patch(point, Part.ALL, List.of("3", "4"));
                assertThat(logits(opened, one, patch))
                        .as(point.toString())
                        .containsExactly(logits(opened, other), within(1e-6));
                var itself = new Intervention.Patch(point, Part.ALL, List.of("1", "2"));
                // What a cache reads is computed state by state, and may differ in the last digit.
                assertThat(logits(opened, one, itself)).containsExactly(logits(opened, one), within(1e-6));
            }
            var heads = new Intervention.Patch(Point.Z.at(0), Part.head(1), List.of("3", "4"));
            assertThat(logits(opened, one, heads)).isNotEqualTo(logits(opened, one));
        }
    }

    @Test
    void only_the_part_named_changes() {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            Examples all = Examples.all(opened);
            var seen = new Cache(Point.Z.at(1));
            var zero = new Intervention.Zero(Point.Z.at(1), new Part(List.of(1), List.of(3)));
            opened.model()
                    .forward(
                            all.tokens(),
                            Intervened.of(opened, List.of(zero), all)
                                    .hooks(all, 0)
                                    .andRead(seen));
            var z = seen.get(Point.Z.at(1)); // [batch, pos, head, d_head]
            assertThat(z.select(1, 3).select(1, 1).abs().max().item()).isZero();
            assertThat(z.select(1, 3).select(1, 0).abs().max().item()).isPositive();
            assertThat(z.select(1, 4).select(1, 1).abs().max().item()).isPositive();
        }
    }

    @Test
    void a_cut_edge_carries_nothing_and_its_row_sums_to_one_only_if_renormalised() {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            Examples all = Examples.all(opened);
            for (boolean renormalise : new boolean[] {false, true}) {
                var seen = new Cache(Point.PATTERN.at(0));
                var edge = new Intervention.Edge(0, 1, 4, 3, renormalise);
                Hooks hooks = Intervened.of(opened, List.of(edge), all).hooks(all, 0);
                opened.model().forward(all.tokens(), hooks.andRead(seen));
                var pattern = seen.get(Point.PATTERN.at(0));
                var row = pattern.select(1, 1).select(1, 4); // [batch, key]
                assertThat(row.select(1, 3).abs().max().item()).isZero();
                for (double sum : row.sum(1).toDoubles()) {
                    if (renormalise) {
                        assertThat(sum).isCloseTo(1, within(1e-6));
                    } else {
                        assertThat(sum).isBetween(1e-6, 0.9999);
                    }
                }
                for (double sum : pattern.select(1, 0).sum(-1).toDoubles()) {
                    assertThat(sum).isCloseTo(1, within(1e-6));
                }
            }
            // SEP is all that o1 sees: without it nothing is left to scale up.
            var only = new Intervention.Edge(0, 0, 3, 2, true);
            assertThat(logits(opened, all, only)).doesNotContain(Double.NaN);
        }
    }

    @Test
    void resampling_takes_other_examples_and_the_same_ones_for_the_same_seed() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            Examples all = Examples.all(opened);
            var first = new Intervention.Resample(Point.ATTN_OUT.at(0), Part.ALL, 0);
            var second = new Intervention.Resample(Point.ATTN_OUT.at(0), Part.ALL, 1);
            assertThat(logits(opened, all, first)).containsExactly(logits(opened, all, first));
            assertThat(logits(opened, all, first)).isNotEqualTo(logits(opened, all, second));
            // Everything that enters the first layer, resampled, is the run of the partners.
            var whole = new Intervention.Resample(Point.RESID_PRE.at(0), Part.ALL, 3);
            assertThat(logits(opened, all, whole)).containsExactly(logits(opened, all.shuffled(3)), within(1e-6));
        }
    }

    @Test
    void mean_patterns_enter_alike_by_either_way_and_compose() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            Examples all = Examples.all(opened);
            double[] scores = logits(opened, all, new Intervention.MeanPattern(List.of(), Through.SCORES));
            double[] pattern = logits(opened, all, new Intervention.MeanPattern(List.of(), Through.PATTERN));
            assertThat(scores).containsExactly(pattern, within(1e-4)).isNotEqualTo(logits(opened, all));
            double[] apart = logits(
                    opened,
                    all,
                    new Intervention.MeanPattern(List.of(0), Through.PATTERN),
                    new Intervention.MeanPattern(List.of(1), Through.PATTERN));
            assertThat(apart).containsExactly(pattern);
        }
    }

    @Test
    void what_the_model_has_not_is_named_with_what_it_has() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            Examples all = Examples.all(opened);
            refused(opened, all, new Intervention.Zero(Point.Z.at(2), Part.ALL), "blocks.2.attn.hook_z does not exist");
            refused(opened, all, new Intervention.Zero(Point.MLP_OUT.at(0), Part.ALL), "does not exist in this model");
            refused(opened, all, new Intervention.Zero(Point.Z.at(0), Part.head(2)), "heads go from 0 to 1");
            refused(opened, all, new Intervention.Zero(Point.Z.at(0), Part.position(5)), "positions go from 0 to 4");
            refused(opened, all, new Intervention.Edge(2, 0, 0, 0, false), "layers go from 0 to 1");
            refused(opened, all, new Intervention.Edge(0, 0, 3, 0, false), "no edge from o1 to d1 to cut: the mask");
            refused(
                    opened,
                    all,
                    new Intervention.Patch(Point.Z.at(0), Part.ALL, List.of("1", "9")),
                    "must be a digit of this task");
            assertThatThrownBy(() -> new Intervention.Zero(Point.RESID_PRE.at(0), Part.head(0)))
                    .hasMessageContaining("heads cannot be chosen at blocks.0.hook_resid_pre");
        }
    }

    private static void refused(OpenedModel opened, Examples examples, Intervention intervention, String sentence) {
        assertThatThrownBy(() -> Intervened.of(opened, List.of(intervention), examples))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }
}
