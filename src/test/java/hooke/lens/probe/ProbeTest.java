package hooke.lens.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.config.Experiments;
import hooke.hook.Point;
import hooke.lens.OpenedModel;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.FiniteTask;
import hooke.task.Split;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProbeTest {
    private static final int N = 600;

    private final Random random = new Random(7);

    private Activation noise(int width) {
        return new Activation(
                "noise", width, random.doubles((long) N * width, -1, 1).toArray());
    }

    @Test
    void a_planted_class_is_read_off_and_noise_is_not() {
        Activation activation = noise(6);
        int[] planted = new int[N];
        int[] unrelated = new int[N];
        for (int i = 0; i < N; i++) {
            double[] row = Arrays.copyOfRange(activation.values(), 6 * i, 6 * i + 6);
            planted[i] = row[0] > 0.2 ? 2 : row[1] + row[2] > 0 ? 1 : 0;
            unrelated[i] = random.nextInt(3);
        }
        Probe.Result found = Probe.classes(activation, planted, 3, 1);
        assertThat(found.test().value()).isGreaterThan(0.9);
        assertThat(found.test().low()).isGreaterThan(found.baseline().high());
        assertThat(found.test().n()).isEqualTo(120);
        Probe.Result nothing = Probe.classes(activation, unrelated, 3, 1);
        assertThat(nothing.test().value()).isLessThan(0.5);
    }

    @Test
    void a_planted_number_is_read_off_and_noise_is_not() {
        Activation activation = noise(5);
        double[][] planted = new double[N][2];
        double[][] unrelated = new double[N][1];
        for (int i = 0; i < N; i++) {
            planted[i][0] = 3 * activation.values()[5 * i] - activation.values()[5 * i + 4] + 7;
            planted[i][1] = activation.values()[5 * i + 2];
            unrelated[i][0] = random.nextGaussian();
        }
        Probe.Result found = Probe.numbers(activation, planted, 1);
        assertThat(found.test().value()).isCloseTo(1, within(1e-6));
        assertThat(found.penalty()).isEqualTo(1e-4);
        assertThat(found.baseline().value()).isCloseTo(0, within(0.05));
        Probe.Result nothing = Probe.numbers(activation, unrelated, 1);
        assertThat(nothing.test().low()).isLessThan(0.05);
        assertThat(nothing.penalty()).as("noise is held small").isEqualTo(10);
    }

    @Test
    void the_gradient_is_that_of_finite_differences_and_vanishes_at_the_minimum() {
        try (var _ = new Scope()) {
            Tensor rows = Tensor.of(random.doubles(60, -1, 1).toArray(), 20, 3);
            int[] labels = random.ints(20, 0, 4).toArray();
            var objective = new Logistic(rows, labels, 4, 0.05);
            double[] at = random.doubles(12, -1, 1).toArray();
            double[] gradient = new double[12];
            objective.at(at, gradient);
            for (int j = 0; j < 12; j++) {
                double[] more = at.clone();
                double[] less = at.clone();
                more[j] += 1e-5;
                less[j] -= 1e-5;
                double slope = (objective.at(more, new double[12]) - objective.at(less, new double[12])) / 2e-5;
                assertThat(gradient[j]).isCloseTo(slope, within(1e-8));
            }
            double[] least = Lbfgs.minimise(objective, at, 1e-9, 500);
            objective.at(least, gradient);
            assertThat(Arrays.stream(gradient).map(Math::abs).max().orElseThrow())
                    .isLessThan(1e-7);
        }
    }

    @Test
    void ridge_solves_its_normal_equations() {
        try (var _ = new Scope()) {
            Activation activation = noise(4);
            int[] all = IntStream.range(0, N).toArray();
            double[][] targets =
                    random.doubles(N).mapToObj(v -> new double[] {v}).toArray(double[][]::new);
            var design = new Design(activation, all);
            double[] x = design.rows(all).toDoubles();
            double[] weights = new Ridge(design.rows(all), targets).weights(0.3).toDoubles();
            double mean =
                    Arrays.stream(targets).mapToDouble(t -> t[0]).average().orElseThrow();
            for (int j = 0; j < 4; j++) {
                double slope = 0.3 * weights[j];
                for (int i = 0; i < N; i++) {
                    double said = 0;
                    for (int k = 0; k < 4; k++) {
                        said += x[5 * i + k] * weights[k];
                    }
                    slope += x[5 * i + j] * (said - targets[i][0] + mean) / N;
                }
                assertThat(slope).isCloseTo(0, within(1e-12));
            }
        }
    }

    @Test
    void the_three_sets_share_no_example() {
        Thirds sets = Thirds.of(101, 5);
        int[] all = IntStream.concat(
                        IntStream.of(sets.train()),
                        IntStream.concat(IntStream.of(sets.validation()), IntStream.of(sets.test())))
                .sorted()
                .toArray();
        assertThat(all).isEqualTo(IntStream.range(0, 101).toArray());
        assertThat(Thirds.of(101, 5).test()).isEqualTo(sets.test());
        assertThat(Thirds.of(101, 6).test()).isNotEqualTo(sets.test());
    }

    @Test
    void groups_are_kept_back_whole() {
        int[] groups = IntStream.range(0, 100).map(i -> i % 20).toArray();
        Thirds sets = Thirds.ofGroups(groups, 5);
        assertThat(sets.train()).hasSize(60);
        assertThat(sets.validation()).hasSize(20);
        assertThat(sets.test()).hasSize(20);
        for (int[] others : List.of(sets.train(), sets.validation())) {
            assertThat(IntStream.of(others).map(i -> groups[i]).toArray())
                    .doesNotContain(
                            IntStream.of(sets.test()).map(i -> groups[i]).toArray());
        }
        assertThatThrownBy(() -> Thirds.ofGroups(new int[] {1, 2, 3, 4, 4, 4}, 5))
                .hasMessageContaining("at least five");
    }

    @Test
    void a_token_is_read_off_its_own_embedding_and_not_off_another_position() {
        var experiment = Experiments.parse("""
                name: tiny
                task: {kind: modular-arithmetic, operation: add, modulus: 7, train_fraction: 0.5}
                model: {n_layers: 1, d_model: 16, n_heads: 2, attn_only: true}
                train: {steps: 1, batch: full}
                """, "test", List.of());
        try (var _ = new Scope();
                var rng = Rng.seeded(3)) {
            var model = new Transformer(Weights.draw(experiment.model(), DType.F32, Device.CPU, rng));
            FiniteTask task = FiniteTask.of(experiment.task());
            var opened = new OpenedModel(experiment, 0, task, Split.of(experiment), model);
            int[] examples = IntStream.range(0, 49).toArray();
            int[] a = Arrays.stream(examples).map(e -> e / 7).toArray();
            var point = Point.RESID_PRE.at(0);
            assertThat(Probe.classes(Activation.of(opened, point, 0, examples), a, 8, 1)
                            .test()
                            .value())
                    .isEqualTo(1);
            assertThat(Probe.classes(Activation.of(opened, point, 1, examples), a, 8, 1)
                            .test()
                            .value())
                    .isLessThan(0.7);
            assertThat(Activation.of(opened, Point.PATTERN.at(0), 2, examples).width())
                    .isEqualTo(6);
            assertThat(Activation.of(opened, Point.Z.at(0), 2, examples).width())
                    .isEqualTo(16);
            assertThatThrownBy(() -> Activation.of(opened, Point.MLP_POST.at(0), 2, examples))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("this model has no blocks.0.mlp.hook_post: it has no MLP");
        }
    }
}
