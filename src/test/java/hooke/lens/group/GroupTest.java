package hooke.lens.group;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GroupTest {
    static Stream<Group> groups() {
        return Stream.concat(
                IntStream.of(2, 3, 6, 7, 22, 23).mapToObj(Group::cyclic),
                IntStream.rangeClosed(2, 5).mapToObj(Group::symmetric));
    }

    @ParameterizedTest
    @MethodSource("groups")
    void the_functions_of_all_parts_are_an_orthonormal_basis(Group group) {
        List<double[]> functions = group.irreps().stream()
                .flatMap(irrep -> Stream.of(irrep.functions()))
                .toList();
        assertThat(functions).hasSize(group.order());
        for (double[] f : functions) {
            for (double[] g : functions) {
                double product = IntStream.range(0, f.length)
                        .mapToDouble(i -> f[i] * g[i])
                        .sum();
                assertThat(product).isCloseTo(f == g ? 1 : 0, within(1e-11));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void the_table_is_a_group(Group group) {
        var random = new Random(1);
        int n = group.order();
        for (int trial = 0; trial < 500; trial++) {
            int x = random.nextInt(n);
            int y = random.nextInt(n);
            int z = random.nextInt(n);
            assertThat(group.times(group.times(x, y), z)).isEqualTo(group.times(x, group.times(y, z)));
            assertThat(group.times(x, group.inverse()[x])).isZero();
            assertThat(group.times(0, x)).isEqualTo(x);
        }
    }

    /** Orthonormal functions f_ij = sqrt(d/n) rho_ij, so rho(x) rho(y) = rho(x y) is a law of the functions. */
    @Test
    void representations_are_homomorphisms_and_orthogonal() {
        Group group = Group.symmetric(5);
        var random = new Random(2);
        for (Irrep irrep : group.irreps()) {
            int d = irrep.dimension();
            for (int trial = 0; trial < 50; trial++) {
                int x = random.nextInt(120);
                int y = random.nextInt(120);
                double[][] both = Matrices.times(matrix(irrep, x), matrix(irrep, y));
                double[][] product = matrix(irrep, group.times(x, y));
                double[][] inverse = matrix(irrep, group.inverse()[x]);
                for (int i = 0; i < d; i++) {
                    for (int j = 0; j < d; j++) {
                        assertThat(both[i][j]).isCloseTo(product[i][j], within(1e-11));
                        assertThat(inverse[i][j]).isCloseTo(matrix(irrep, x)[j][i], within(1e-11));
                    }
                }
            }
        }
    }

    private static double[][] matrix(Irrep irrep, int g) {
        int d = irrep.dimension();
        double scale = Math.sqrt((double) irrep.functions()[0].length / d);
        double[][] matrix = new double[d][d];
        for (int i = 0; i < d * d; i++) {
            matrix[i / d][i % d] = scale * irrep.functions()[i][g];
        }
        return matrix;
    }

    @Test
    void the_squares_of_the_dimensions_sum_to_the_order_up_to_six_things() {
        for (int n = 2; n <= 6; n++) {
            Group group = Group.symmetric(n);
            assertThat(group.irreps().stream().mapToInt(r -> r.dimension() * r.dimension()))
                    .satisfies(squares ->
                            assertThat(squares.stream().mapToInt(s -> s).sum()).isEqualTo(group.order()));
        }
    }

    @Test
    void five_things_have_the_seven_representations_of_the_literature() {
        assertThat(Group.symmetric(5).irreps().stream().map(r -> r.name() + ": " + r.dimension()))
                .containsExactly(
                        "trivial: 1",
                        "standard: 4",
                        "(3, 2): 5",
                        "(3, 1, 1): 6",
                        "(2, 2, 1): 5",
                        "standard x sign: 4",
                        "sign: 1");
    }

    @Test
    void a_discrete_logarithm_undoes_its_power_and_has_the_smallest_root() {
        assertThat(DiscreteLog.of(113).root()).isEqualTo(3);
        for (int p : new int[] {3, 5, 7, 23, 97, 113}) {
            DiscreteLog logs = DiscreteLog.of(p);
            for (int r = 1; r < p; r++) {
                assertThat(logs.power()[logs.log()[r]]).isEqualTo(r);
            }
        }
        assertThatThrownBy(() -> DiscreteLog.of(12))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("12 is not prime");
    }
}
