package hooke.lens.listcopy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.Score;
import hooke.lens.TinyLens;
import hooke.lens.attention.MeanAttention;
import hooke.lens.logits.DirectAttribution;
import hooke.lens.logits.LogitLens;
import hooke.lens.logits.ResidualStack;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decompositions that sum, gradients that are exactly 0, and the parts of the list-copy study. */
class StudyTest {
    @ParameterizedTest
    @MethodSource("hooke.lens.TinyLens#models")
    void what_the_components_wrote_sums_to_the_stream_and_to_the_logits(String model) {
        for (boolean byHead : new boolean[] {false, true}) {
            try (var _ = new Scope();
                    var _ = new NoGrad()) {
                OpenedModel opened = TinyLens.open(model);
                Examples all = Examples.all(opened);
                int layers = opened.model().config().nLayers();
                var cache = new Cache(_ -> true);
                Tensor logits = opened.model().forward(all.tokens(), Hooks.read(cache));
                for (int layer = 0; layer <= layers; layer++) {
                    Tensor stream =
                            cache.get(layer < layers ? Point.RESID_PRE.at(layer) : Point.RESID_POST.at(layer - 1));
                    var stack = ResidualStack.decomposed(opened.model(), cache, layer, byHead);
                    assertThat(stack.sum().toDoubles()).containsExactly(stream.toDoubles(), within(1e-5));
                }
                var whole = ResidualStack.decomposed(opened.model(), cache, layers, byHead)
                        .finalNorm(opened.model(), cache);
                Tensor bias = opened.model().weights().get("unembed.b_U").to(DType.F64);
                double[] sum = whole.logits(opened.model(), 4).sum(0).plus(bias).toDoubles();
                assertThat(sum).containsExactly(logits.select(1, 4).toDoubles(), within(1e-4));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("hooke.lens.TinyLens#models")
    void the_last_place_of_the_logit_lens_is_the_model_and_attributions_sum(String model) {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(model);
            Examples all = Examples.all(opened);
            Score score = Score.of(opened, all);
            var lens = LogitLens.of(opened, all);
            int last = lens.places().size() - 1;
            assertThat(lens.accuracy()[last]).containsExactly(score.accuracyAt());
            assertThat((lens.loss()[last][0] + lens.loss()[last][1]) / 2).isCloseTo(score.loss(), within(1e-5));

            var attribution = DirectAttribution.of(opened, all);
            double[] sum = {0};
            Score.forEachBatch(opened, all, (_, _) -> Hooks.NONE, (batch, logits) -> {
                Tensor at = logits.select(1, 4).to(DType.F64);
                Tensor centred = at.minus(at.mean(true, -1));
                sum[0] += centred.gather(1, Score.answers(batch, 0).view(batch.n(), 1))
                        .sum()
                        .item();
            });
            assertThat(attribution.total()[1][0]).isCloseTo(sum[0] / all.n(), within(1e-4));
        }
    }

    @Test
    void a_post_norm_stream_is_refused_as_a_sum() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.POST);
            assertThatThrownBy(() -> DirectAttribution.of(opened, Examples.all(opened)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("post-LN model is not the sum");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ", norm: layer-norm", ", identity: [W_V, W_O]"})
    void no_gradient_goes_around_the_bottleneck_and_some_does_when_the_mask_is_opened(String more) {
        String closed = "{n_layers: 3, d_model: 8, n_heads: 2, attn_only: true, mask: bottleneck" + more + "}";
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(closed);
            var leaks = LeakCheck.of(opened, Examples.all(opened), 2);
            assertThat(leaks.largest(new int[] {0, 1})).isZero();
            assertThat(leaks.through()[0][0]).as("through SEP").isPositive();
            assertThat(leaks.through()[0][4]).as("o1 does not see o2").isZero();
            assertThat(leaks.around()[1][3]).as("o2 sees o1").isPositive();
            // One entry opened in the second layer: o2 may look at d1.
            OpenedModel leaky = TinyLens.open(closed.replace(
                    "mask: bottleneck", "mask: {kind: table, rows: [x...., x...., xx..., ..x.., x.xx.]}"));
            var found = LeakCheck.of(leaky, Examples.all(leaky), 2);
            assertThat(found.around()[1][0]).isPositive();
            assertThat(found.around()[1][1]).as("d1 does not see d2").isZero();
            assertThat(found.around()[0][0]).as("o1 still sees nothing").isZero();
            var attention = MeanAttention.of(leaky, Examples.all(leaky), new int[] {3, 4}, new int[] {0, 1});
            assertThat(attention.heads())
                    .anySatisfy(head -> assertThat(head.leak()).isGreaterThan(0.01));
        }
    }

    @Test
    void effects_find_what_was_planted() {
        int[][] lists = new int[16][];
        double[][] orthogonal = new double[16][8];
        double[][] bySize = new double[16][4];
        for (int i = 0; i < 16; i++) {
            lists[i] = new int[] {i / 4, i % 4};
            orthogonal[i][lists[i][0]] = 1;
            orthogonal[i][4 + lists[i][1]] = 1;
            bySize[i][lists[i][0]] += 3;
            bySize[i][lists[i][1]] += 1;
        }
        Effects apart = Effects.of(orthogonal, lists, 4);
        assertThat(apart.shares()).containsExactly(new double[] {0.5, 0.5}, within(1e-12));
        assertThat(apart.alignment()).isZero();
        Effects sized = Effects.of(bySize, lists, 4);
        assertThat(sized.shares()).containsExactly(new double[] {0.9, 0.1}, within(1e-12));
        assertThat(sized.alignment()).isCloseTo(1, within(1e-12));
        assertThat(sized.sizes()[0] / sized.sizes()[1]).isCloseTo(3, within(1e-12));
        assertThat(sized.together()).isCloseTo(0, within(1e-12));
        double[][] product = new double[16][1];
        for (int i = 0; i < 16; i++) {
            product[i][0] = (lists[i][0] - 1.5) * (lists[i][1] - 1.5);
        }
        Effects both = Effects.of(product, lists, 4);
        assertThat(both.together()).isCloseTo(1, within(1e-12));
        assertThat(both.reversal()).isCloseTo(1, within(1e-12));
    }

    @Test
    void the_whole_study_runs_and_belongs_to_list_copy() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(TinyLens.TWO_HEADS);
            var study = ListCopyStudy.of(opened);
            assertThat(study.whole().n()).isEqualTo(10);
            assertThat(study.gradientLeak()).isZero();
            assertThat(study.attentionLeak()).isZero();
            assertThat(study.attention().heads()).hasSize(4);
            assertThat(study.separator().places()).singleElement().satisfies(place -> {
                double sum = place.shares()[0] + place.shares()[1] + place.together();
                assertThat(sum).isCloseTo(1, within(1e-9));
            });
        }
    }
}
