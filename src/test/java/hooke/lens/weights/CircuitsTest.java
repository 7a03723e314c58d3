package hooke.lens.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.hook.Hooks;
import hooke.lens.Examples;
import hooke.lens.OpenedModel;
import hooke.lens.TinyLens;
import hooke.lens.weights.Circuits.Input;
import hooke.lens.weights.ProcessedWeights.Step;
import hooke.tensor.DType;
import hooke.tensor.NoGrad;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class CircuitsTest {
    private static Tensor random(long seed, long... shape) {
        try (var rng = Rng.seeded(seed)) {
            Tensor tensor = Tensor.zeros(DType.F64, shape);
            rng.normal(tensor, 0, 1);
            return tensor;
        }
    }

    @Test
    void a_factored_matrix_has_the_norm_the_singular_and_the_eigenvalues_of_its_product() {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            var matrix = new FactoredMatrix(random(1, 9, 3), random(2, 3, 9));
            Tensor product = matrix.product();
            double squares = product.times(product).sum().item();
            assertThat(matrix.norm()).isCloseTo(Math.sqrt(squares), within(1e-9));
            double[] values = matrix.singularValues();
            assertThat(values).hasSize(3).isSortedAccordingTo((a, b) -> Double.compare(b, a));
            assertThat(Arrays.stream(values).map(v -> v * v).sum()).isCloseTo(squares, within(1e-9));
            var svd = matrix.svd();
            Tensor again = svd.U().times(svd.S()).matmul(svd.Vt());
            assertThat(again.toDoubles()).containsExactly(product.toDoubles(), within(1e-9));
            double trace = product.times(Tensor.eye(DType.F64, 9, 9)).sum().item();
            double sum = Arrays.stream(matrix.eigenvalues())
                    .mapToDouble(FactoredMatrix.Eigenvalue::re)
                    .sum();
            assertThat(sum).isCloseTo(trace, within(1e-9));
            var wide = new FactoredMatrix(random(3, 2, 5), random(4, 5, 2));
            assertThat(wide.eigenvalues()).hasSize(2);
            assertThat(wide.singularValues()).hasSize(2);
            var other = new FactoredMatrix(random(5, 9, 2), random(6, 2, 4));
            assertThat(matrix.times(other).product().toDoubles())
                    .containsExactly(product.matmul(other.product()).toDoubles(), within(1e-9));
            assertThat(matrix.transposed().product().toDoubles())
                    .containsExactly(product.transpose(0, 1).toDoubles(), within(1e-12));
        }
    }

    @Test
    void copying_tells_the_identity_from_its_opposite() {
        try (var _ = new Scope()) {
            Tensor some = random(1, 7, 3);
            assertThat(new FactoredMatrix(some, some.transpose(0, 1)).copying()).isCloseTo(1, within(1e-9));
            assertThat(new FactoredMatrix(some.times(-1), some.transpose(0, 1)).copying())
                    .isCloseTo(-1, within(1e-9));
            var rectangular = new FactoredMatrix(random(1, 4, 2), random(1, 2, 5));
            assertThatThrownBy(rectangular::eigenvalues).hasMessageContaining("it must be square");
        }
    }

    @Test
    void composition_is_largest_where_one_head_reads_just_what_the_other_writes() {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open("{n_layers: 2, d_model: 16, n_heads: 1, d_head: 2, attn_only: true}");
            var circuits = new Circuits(opened.model());
            double before = circuits.composition(0, 0, 1, 0, Input.V);
            assertThat(before).isBetween(0.0, 0.9);
            // Layer 1 now reads the very plane that layer 0 writes to.
            Tensor wrote = opened.model().weights().get("blocks.0.attn.W_O"); // [1, d_head, d_model]
            opened.model()
                    .weights()
                    .get("blocks.1.attn.W_V")
                    .copyInPlace(wrote.detach().transpose(1, 2));
            assertThat(circuits.composition(0, 0, 1, 0, Input.V)).isGreaterThan(Math.max(before, 0.7));
            assertThat(circuits.composition(0, 0, 1, 0, Input.Q)).isBetween(0.0, 0.9);
            assertThatThrownBy(() -> circuits.composition(1, 0, 1, 0, Input.K))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("from an earlier layer to a later one");
            assertThatThrownBy(() -> circuits.qk(2, 0)).hasMessageContaining("layers go from 0 to 1");
            assertThatThrownBy(() -> circuits.ov(0, 1)).hasMessageContaining("heads go from 0 to 0");
            assertThat(circuits.fullOv(0, 0).product().shape()).containsExactly(6, 6);
            assertThat(circuits.fullQk(0, 0).product().shape()).containsExactly(6, 6);
        }
    }

    @ParameterizedTest
    @MethodSource("hooke.lens.TinyLens#models")
    void processing_weights_leaves_the_logits(String model) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            OpenedModel opened = TinyLens.open(model);
            int[][] tokens = Examples.all(opened).tokens();
            Tensor logits = opened.model().forward(tokens, Hooks.NONE);
            if (opened.model().config().norm().isPre()) {
                var steps = EnumSet.of(Step.FOLD_NORM, Step.CENTRE_WRITING);
                var folded = ProcessedWeights.of(opened.model(), steps);
                assertThat(folded.forward(tokens, Hooks.NONE).toDoubles())
                        .containsExactly(logits.toDoubles(), within(1e-5));
                if (opened.model().config().norm().hasBias()) {
                    assertThat(folded.weights().get("ln_final.b").abs().max().item())
                            .isZero();
                }
                assertThat(folded.weights()
                                .get("embed.W_E")
                                .mean(false, -1)
                                .abs()
                                .max()
                                .item())
                        .isLessThan(1e-7);
            }
            var centred = ProcessedWeights.of(opened.model(), Set.of(Step.CENTRE_UNEMBEDDING));
            Tensor shifted = centred.forward(tokens, Hooks.NONE);
            assertThat(shifted.logSoftmax(-1).toDoubles())
                    .containsExactly(logits.logSoftmax(-1).toDoubles(), within(1e-5));
            assertThat(shifted.mean(false, -1).abs().max().item()).isLessThan(1e-5);
        }
    }

    @ParameterizedTest
    @MethodSource("hooke.lens.TinyLens#models")
    @ValueSource(
            strings = {
                TinyLens.POST,
                "{n_layers: 2, d_model: 8, n_heads: 2, attn_only: true, mask: bottleneck, biases: frozen, norm: layer-norm}"
            })
    void value_biases_go_into_the_output_and_leave_the_logits(String model) {
        try (var _ = new Scope();
                var _ = new NoGrad()) {
            OpenedModel opened = TinyLens.open(model);
            int[][] tokens = Examples.all(opened).tokens();
            double[] logits = opened.model().forward(tokens, Hooks.NONE).toDoubles();
            // after a norm is folded there are value biases also where the model itself has none
            Set<Step> steps = opened.model().config().norm().isPre()
                    ? EnumSet.of(Step.FOLD_NORM, Step.CENTRE_WRITING, Step.FOLD_VALUE_BIASES)
                    : EnumSet.of(Step.FOLD_VALUE_BIASES);
            var folded = ProcessedWeights.of(opened.model(), steps);
            assertThat(folded.forward(tokens, Hooks.NONE).toDoubles()).containsExactly(logits, within(1e-5));
            for (int layer = 0; layer < folded.config().nLayers(); layer++) {
                String attn = "blocks." + layer + ".attn.";
                assertThat(folded.weights().get(attn + "b_V").abs().max().item())
                        .isZero();
                boolean had = steps.contains(Step.FOLD_NORM)
                        || opened.model()
                                        .weights()
                                        .get(attn + "b_V")
                                        .abs()
                                        .max()
                                        .item()
                                > 0;
                Tensor before = opened.model().weights().get(attn + "b_O").to(DType.F64);
                Tensor after = folded.weights().get(attn + "b_O").to(DType.F64);
                assertThat(after.minus(before).abs().max().item() > 1e-3).isEqualTo(had);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {TinyLens.TWO_HEADS, TinyLens.POST})
    void folding_a_norm_that_is_not_there_is_refused_with_the_reason(String model) {
        try (var _ = new Scope()) {
            OpenedModel opened = TinyLens.open(model);
            assertThatThrownBy(() -> ProcessedWeights.of(opened.model(), Set.of(Step.FOLD_NORM)))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("does not apply here: the model has")
                    .hasMessageContaining(model.equals(TinyLens.POST) ? "post-norm" : "the model has no norm");
        }
    }
}
