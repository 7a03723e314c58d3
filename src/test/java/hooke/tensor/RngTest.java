package hooke.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RngTest {
    @Test
    void draws_what_pytorch_draws() {
        // torch.manual_seed(0); torch.randn(4); torch.randperm(6), as every PyTorch since 1.0 prints them
        try (var _ = new Scope();
                var rng = Rng.seeded(0)) {
            Tensor four = Tensor.zeros(DType.F32, 4);
            rng.normal(four, 0, 1);
            assertThat(four.toFloats())
                    .usingComparatorWithPrecision(5e-5f)
                    .containsExactly(1.5410f, -0.2934f, -2.1788f, 0.5684f);
        }
    }

    @Test
    void streams_differ_by_name_and_counter_and_repeat() {
        assertThat(draw("order", 0)).isEqualTo(draw("order", 0));
        assertThat(draw("order", 0)).isNotEqualTo(draw("order", 1)).isNotEqualTo(draw("split", 0));
        assertThat(Arrays.stream(draw("order", 0)).sorted()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    }

    private static int[] draw(String name, long epoch) {
        try (var rng = Rng.stream(42, name, epoch)) {
            return rng.permutation(10);
        }
    }
}
