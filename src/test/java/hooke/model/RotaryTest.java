package hooke.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.ModelConfig;
import hooke.tensor.DType;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RotaryTest {
    private static final double BASE = 100;
    private static final int DIMS = 4;
    private static final int D_HEAD = 6;

    private static ModelConfig model(String pairs) {
        return TinyModels.model(
                "{n_layers: 1, d_model: 12, n_heads: 2, n_ctx: 64, positions: {kind: rotary, dims: 4, base: 100,"
                        + " pairs: " + pairs + "}}");
    }

    private static Rotary rotary(String pairs) {
        return Objects.requireNonNull(Rotary.of(model(pairs), Tensor.zeros(DType.F64, 1)));
    }

    private static Tensor at(int... positions) {
        long[] values = new long[positions.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = positions[i];
        }
        return Plan.index(hooke.tensor.Device.CPU, values);
    }

    @ParameterizedTest
    @ValueSource(strings = {"interleaved", "halves"})
    void each_pair_is_a_complex_number_times_a_rotation(String pairs) {
        try (var _ = new Scope();
                var rng = Rng.seeded(1)) {
            Tensor x = Tensor.zeros(DType.F64, 1, 3, 2 * D_HEAD);
            rng.normal(x, 0, 1);
            int[] positions = {0, 5, 41};
            double[] before = x.toDoubles();
            double[] after = rotary(pairs).turn(x, at(positions)).toDoubles();
            for (int row = 0; row < 3; row++) {
                for (int head = 0; head < 2; head++) {
                    int start = (row * 2 + head) * D_HEAD;
                    for (int pair = 0; pair < DIMS / 2; pair++) {
                        boolean neighbours = pairs.equals("interleaved");
                        int a = start + (neighbours ? 2 * pair : pair);
                        int b = neighbours ? a + 1 : a + DIMS / 2;
                        double angle = positions[row] / Math.pow(BASE, 2.0 * pair / DIMS);
                        assertThat(after[a])
                                .isCloseTo(before[a] * Math.cos(angle) - before[b] * Math.sin(angle), within(1e-12));
                        assertThat(after[b])
                                .isCloseTo(before[a] * Math.sin(angle) + before[b] * Math.cos(angle), within(1e-12));
                    }
                    for (int rest = DIMS; rest < D_HEAD; rest++) {
                        assertThat(after[start + rest]).isEqualTo(before[start + rest]);
                    }
                }
            }
        }
    }

    @Test
    void scores_depend_on_the_distance_alone() {
        try (var _ = new Scope();
                var rng = Rng.seeded(2)) {
            Tensor q = Tensor.zeros(DType.F64, 1, 1, 2 * D_HEAD);
            Tensor k = Tensor.zeros(DType.F64, 1, 1, 2 * D_HEAD);
            rng.normal(q, 0, 1);
            rng.normal(k, 0, 1);
            Rotary rotary = rotary("interleaved");
            double near = score(rotary, q, 3, k, 1);
            assertThat(score(rotary, q, 43, k, 41)).isCloseTo(near, within(1e-12));
            assertThat(score(rotary, q, 4, k, 1)).isNotCloseTo(near, within(1e-3));
        }
    }

    private static double score(Rotary rotary, Tensor q, int query, Tensor k, int key) {
        return rotary.turn(q, at(query)).times(rotary.turn(k, at(key))).sum().item();
    }
}
