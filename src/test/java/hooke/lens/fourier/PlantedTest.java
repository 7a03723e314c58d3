package hooke.lens.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.config.task.EquationFormat;
import hooke.config.task.TaskConfig;
import hooke.config.task.TaskConfig.ModularArithmetic;
import hooke.config.task.TaskConfig.ModularArithmetic.Operation;
import hooke.lens.group.Group;
import hooke.lens.group.Matrices;
import hooke.lens.group.TaskGroup;
import hooke.task.FiniteTask;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Models whose answer is known, because we made their logits and neurons of known parts. */
class PlantedTest {
    /** Logits of all examples of the task as sums of kernels of (answer, class), placed by the task itself. */
    private static PairOutputs planted(TaskGroup task, int classes, double[] amplitudes) {
        Group group = task.group();
        int n = group.order();
        double[] logits = new double[n * n * classes];
        for (int pair = 0; pair < n * n; pair++) {
            for (int z = 0; z < n; z++) {
                int quotient = group.times(group.product()[pair], group.inverse()[z]);
                for (int k = 1; k < amplitudes.length; k++) {
                    logits[pair * classes + task.result()[z]] +=
                            amplitudes[k] * group.irreps().get(k).kernel()[quotient];
                }
            }
        }
        return new PairOutputs(classes, logits, 0, new double[0]);
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void planted_cosines_are_found_at_their_frequencies_for_every_operation(Operation operation) {
        var config = new ModularArithmetic(operation, 13, EquationFormat.EQUATION, 0.3);
        TaskGroup task = TaskGroup.of(config);
        double[] amplitudes = new double[task.group().irreps().size()];
        amplitudes[2] = 3;
        amplitudes[5] = 4;
        LogitFit fit = LogitFit.of(task, planted(task, 13, amplitudes), false);
        for (int k = 1; k < amplitudes.length; k++) {
            assertThat(fit.cosine()[k]).isCloseTo(amplitudes[k] / 5, within(1e-12));
        }
        assertThat(fit.residual()).isLessThan(1e-12);
        assertThat(fit.explained()).isCloseTo(1, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void a_pair_of_the_group_is_the_example_with_its_answer(Operation operation) {
        for (EquationFormat format : EquationFormat.values()) {
            var config = new ModularArithmetic(operation, 11, format, 0.3);
            checkPairs(TaskGroup.of(config), FiniteTask.of(config));
        }
    }

    @Test
    void a_pair_of_permutations_is_the_example_with_its_answer() {
        var config = new TaskConfig.Permutation(4, EquationFormat.EQUATION, 0.3);
        checkPairs(TaskGroup.of(config), FiniteTask.of(config));
    }

    private static void checkPairs(TaskGroup group, FiniteTask task) {
        int n = group.group().order();
        boolean[] seen = new boolean[task.size()];
        for (int pair = 0; pair < n * n; pair++) {
            int example = group.example()[pair];
            assertThat(seen[example]).isFalse();
            seen[example] = true;
            assertThat(task.answers(example)[0])
                    .isEqualTo(group.result()[group.group().product()[pair]]);
            assertThat(task.tokens(example)[0]).isEqualTo(group.token()[pair / n]);
        }
        assertThat(group.leftOut()).isEqualTo(task.size() - n * n);
    }

    @Test
    void a_planted_model_of_permutations_is_taken_apart() {
        var config = new TaskConfig.Permutation(5, EquationFormat.PAIR, 0.4);
        TaskGroup task = TaskGroup.of(config);
        double[] amplitudes = new double[7];
        amplitudes[1] = 0.6; // standard
        amplitudes[6] = 0.8; // sign
        PairOutputs outputs = planted(task, 120, amplitudes);
        LogitFit fit = LogitFit.of(task, outputs, true);
        assertThat(fit.cosine()[1]).isCloseTo(0.6, within(1e-12)); // characters have one norm: no factor
        assertThat(fit.cosine()[6]).isCloseTo(0.8, within(1e-12));
        assertThat(fit.explained()).isCloseTo(1, within(1e-12));

        boolean[] train = new boolean[14_400];
        var random = new Random(1);
        for (int i = 0; i < train.length; i++) {
            train[i] = random.nextInt(5) < 2;
        }
        double full = ProgressLosses.full(task, outputs, train).all();
        ProgressLosses losses = ProgressLosses.ofLogits(task, outputs, train, new int[] {1, 6}, true);
        assertThat(losses.restricted()).isCloseTo(full, within(1e-11));
        assertThat(losses.excluded()).isCloseTo(Math.log(120), within(1e-11));
        ProgressLosses one = ProgressLosses.ofLogits(task, outputs, train, new int[] {1}, false);
        assertThat(losses.excludedPerKey()[0]).isCloseTo(one.excluded(), within(1e-12));
        assertThat(one.restricted()).isGreaterThan(full);
    }

    @Test
    void shares_of_planted_neurons_lie_where_they_were_put() {
        TaskGroup task = TaskGroup.of(new TaskConfig.Permutation(4, EquationFormat.PAIR, 0.4));
        Group group = task.group();
        double[] neurons = new double[576 * 3];
        for (int pair = 0; pair < 576; pair++) {
            neurons[pair * 3] = 5 + group.irreps().get(1).functions()[2][pair / 24];
            neurons[pair * 3 + 1] = group.irreps().get(2).functions()[1][pair % 24];
            neurons[pair * 3 + 2] = Math.sqrt(2) * group.irreps().get(4).functions()[0][group.product()[pair]];
        }
        GroupShares shares = GroupShares.of(group, Means.of(group, neurons, 3));
        assertThat(shares.ofX()[1]).isCloseTo(0.25, within(1e-12));
        assertThat(shares.ofY()[2]).isCloseTo(0.25, within(1e-12));
        assertThat(shares.ofProduct()[4]).isCloseTo(0.5, within(1e-12));
        assertThat(Arrays.stream(shares.ofX()).sum()).isCloseTo(0.25, within(1e-12));
    }

    /** The definition itself: both sides transformed by F, the entries {0, 2k - 1, 2k} squared and summed. */
    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(ints = {7, 8})
    void the_share_of_a_neuron_is_that_of_the_two_dimensional_transform(int n) {
        Group group = Group.cyclic(n);
        var random = new Random(n);
        double[] neuron = random.doubles(n * n).toArray();
        NeuronClusters clusters = NeuronClusters.of(group, Means.of(group, neuron, 1));
        double mean = Arrays.stream(neuron).average().orElseThrow();
        double[][] centred =
                Matrices.rows(Arrays.stream(neuron).map(v -> v - mean).toArray(), n);
        double best = 0;
        for (int k = 1; k < group.irreps().size(); k++) {
            double energy = 0;
            for (double[] f : withConstant(group, k)) {
                for (double[] g : withConstant(group, k)) {
                    double coefficient = 0;
                    for (int a = 0; a < n; a++) {
                        for (int b = 0; b < n; b++) {
                            coefficient += f[a] * g[b] * centred[a][b];
                        }
                    }
                    energy += coefficient * coefficient;
                }
            }
            best = Math.max(best, energy / Matrices.sumOfSquares(centred));
        }
        assertThat(clusters.share()[0]).isCloseTo(best, within(1e-12));
    }

    private static double[][] withConstant(Group group, int k) {
        double[][] own = group.irreps().get(k).functions();
        double[][] all = Arrays.copyOf(own, own.length + 1);
        all[own.length] = group.irreps().getFirst().functions()[0];
        return all;
    }

    @Test
    void a_spectrum_keeps_the_sum_of_squares() {
        var random = new Random(5);
        for (Group group : new Group[] {Group.cyclic(9), Group.cyclic(10), Group.symmetric(4)}) {
            double[][] matrix = Matrices.rows(random.doubles(group.order() * 3L).toArray(), 3);
            Spectrum spectrum = Spectrum.of(group, matrix);
            assertThat(Matrices.sumOfSquares(spectrum.norms())).isCloseTo(Matrices.sumOfSquares(matrix), within(1e-11));
            assertThat(Arrays.stream(spectrum.shares()).sum()).isCloseTo(1, within(1e-12));
        }
    }

    @Test
    void gini_is_none_for_equals_and_large_for_one() {
        assertThat(Spectrum.gini(new double[] {1, 1, 1, 1})).isZero();
        assertThat(Spectrum.gini(new double[] {0, 0, 0, 1})).isEqualTo(0.75);
    }

    @Test
    void what_is_no_group_is_refused_with_the_reason() {
        assertThatThrownBy(() -> TaskGroup.of(new TaskConfig.ListCopy(2, 10, 0.5)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("do not apply to list copy");
        assertThatThrownBy(() -> TaskGroup.of(new ModularArithmetic(Operation.MULTIPLY, 12, EquationFormat.PAIR, 0.5)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("a x b mod 12 has no Fourier basis");
    }
}
