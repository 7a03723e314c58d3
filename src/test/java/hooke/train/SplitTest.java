package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.task.Split;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SplitTest {
    @ParameterizedTest
    @ValueSource(strings = {"{}", "{split: 5}", "{notebook: 8}"})
    void the_split_of_an_experiment_is_the_one_that_is_trained_with(String seeds) {
        Experiment experiment = Experiments.parse("""
                name: tiny
                seeds: %s
                task: {kind: modular-arithmetic, operation: add, modulus: 9, train_fraction: 0.4}
                model: {n_layers: 1, d_model: 8, n_heads: 1}
                train: {steps: 1, batch: full, engine: torch, threads: 1}
                """.formatted(seeds), "test", List.of());
        try (Training training = Training.begin(experiment)) {
            assertThat(Split.of(experiment).train()).isEqualTo(training.split().train());
            assertThat(Split.of(experiment).test()).isEqualTo(training.split().test());
        }
    }
}
