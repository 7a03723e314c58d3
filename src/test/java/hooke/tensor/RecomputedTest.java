package hooke.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecomputedTest {
    private static Tensor function(List<Tensor> in) {
        return in.get(0).matmul(in.get(1)).softmax(-1).times(in.get(2));
    }

    private static Tensor drawn(Rng rng, long... shape) {
        Tensor drawn = Tensor.zeros(DType.F64, shape);
        rng.normal(drawn, 0, 1);
        return drawn;
    }

    @Test
    void valueAndGradientsAreThoseOfTheFunction() {
        try (var _ = new Scope()) {
            var rng = Rng.seeded(3);
            List<Tensor> in = List.of(drawn(rng, 4, 5), drawn(rng, 5, 3), drawn(rng, 4, 3));
            Tensor weights = drawn(rng, 4, 3);
            double[][] expected = gradients(in, weights, false);
            double[][] actual = gradients(in, weights, true);
            assertThat(actual).isDeepEqualTo(expected);
        }
    }

    private static double[][] gradients(List<Tensor> in, Tensor weights, boolean again) {
        List<Tensor> leaves =
                in.stream().map(t -> t.copy().detach().requireGrad()).toList();
        // The inputs are no leaves themselves, and one of them is used twice.
        List<Tensor> used = leaves.stream().map(t -> t.times(2)).toList();
        Tensor value = again ? new Recomputed().of(RecomputedTest::function, used) : function(used);
        value.times(weights).sum().plus(used.get(2).sum()).backward();
        double[][] all = new double[4][];
        all[3] = value.detach().toDoubles();
        for (int i = 0; i < 3; i++) {
            all[i] = leaves.get(i).grad().toDoubles();
        }
        return all;
    }

    /** Whatever libtorch hands over for a gradient is freed with the scope, not when Java's collector comes by. */
    @Test
    void backwardPassesLeaveNothingBehind() {
        pass(20);
        long before = NativeMemory.now().allocated();
        pass(200);
        // Java's compiler allocates, too; a tensor left behind by each pass would be twenty times as much.
        assertThat(NativeMemory.now().allocated() - before).isLessThan(10 * 100 * 1000 * 8L);
    }

    private static void pass(int times) {
        for (int i = 0; i < times; i++) {
            try (var _ = new Scope()) {
                var rng = Rng.seeded(3);
                Tensor x = drawn(rng, 100, 1000).requireGrad();
                var recomputed = new Recomputed();
                Tensor sum = x.times(0).sum();
                for (int block = 0; block < 3; block++) {
                    sum = sum.plus(recomputed
                            .of(in -> in.get(0).times(in.get(0)), List.of(x.times(2)))
                            .sum());
                }
                sum.backward();
                rng.close();
            }
        }
    }
}
