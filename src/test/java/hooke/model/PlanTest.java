package hooke.model;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.ModelConfig;
import hooke.tensor.Device;
import hooke.tensor.Scope;
import org.junit.jupiter.api.Test;

class PlanTest {
    @Test
    void walks_back_from_what_is_read_through_the_mask() {
        ModelConfig config =
                TinyModels.model("{n_layers: 2, d_model: 4, n_heads: 1, attn_only: true, mask: bottleneck}");
        try (var _ = new Scope()) {
            Plan plan = Plan.reading(config, Device.CPU, new int[] {3, 4}, 5);
            // o1 and o2 see only SEP and o1; those saw d1, d2 and SEP.
            assertThat(plan.reach().layers().get(1).queries()).containsExactly(3, 4);
            assertThat(plan.reach().layers().get(1).keys()).containsExactly(2, 3);
            assertThat(plan.reach().layers().get(0).queries()).containsExactly(2, 3, 4);
            assertThat(plan.reach().layers().get(0).keys()).containsExactly(0, 1, 2, 3);
        }
    }
}
