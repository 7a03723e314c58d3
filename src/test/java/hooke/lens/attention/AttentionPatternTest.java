package hooke.lens.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.lens.OpenedModel;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.FiniteTask;
import hooke.task.Split;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttentionPatternTest {
    @Test
    void gives_every_head_a_pattern_that_the_mask_allows_and_whose_rows_sum_to_one() {
        Experiment experiment = Experiments.parse("""
                name: tiny
                task: {kind: list-copy, list_length: 2, n_digits: 5}
                model: {n_layers: 2, d_model: 8, n_heads: 2, attn_only: true, mask: bottleneck}
                train: {steps: 1, batch: 4}
                """, "test", List.of());
        try (var _ = new Scope();
                var rng = Rng.seeded(3)) {
            var model = new Transformer(Weights.draw(experiment.model(), DType.F32, Device.CPU, rng));
            FiniteTask task = FiniteTask.of(experiment.task());
            var opened = new OpenedModel(experiment, 0, task, Split.of(experiment), model);
            List<AttentionPattern> patterns = AttentionPattern.of(opened, task.tokens(7));
            assertThat(patterns).hasSize(4);
            for (AttentionPattern pattern : patterns) {
                for (int q = 0; q < 5; q++) {
                    double sum = 0;
                    for (int k = 0; k < 5; k++) {
                        double weight = pattern.weights()[q][k];
                        assertThat(weight > 0)
                                .isEqualTo(experiment
                                        .model()
                                        .mask(pattern.layer(), pattern.head())
                                        .open(q, k, 5));
                        sum += weight;
                    }
                    assertThat(sum).isCloseTo(1, within(1e-6));
                }
            }
        }
    }
}
