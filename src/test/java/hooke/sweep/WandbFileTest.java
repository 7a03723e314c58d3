package hooke.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sweep files of Weights and Biases: mapped, remarked on, or refused by name. */
class WandbFileTest {
    @Test
    void aGridIsTakenAsItIs() {
        Sweep sweep = TinySweeps.of("""
                program: train.py
                project: grokking
                name: my-sweep
                description: two by two
                method: grid
                metric: {name: test_accuracy, goal: maximize}
                parameters:
                  lr: {values: [0.001, 0.01]}
                  model:
                    parameters:
                      n_heads: {min: 1, max: 2}
                      d_model: {value: 16}
                """);

        assertThat(sweep.name()).isEqualTo("my-sweep");
        assertThat(sweep.note()).isEqualTo("two by two");
        assertThat(sweep.cells())
                .extracting(Cell::label)
                .containsExactly("lr-0.001+n_heads-1", "lr-0.001+n_heads-2", "lr-0.01+n_heads-1", "lr-0.01+n_heads-2");
        assertThat(sweep.cells().getFirst().experiment().model().dModel()).isEqualTo(16);
        assertThat(sweep.remarks())
                .anyMatch(r -> r.endsWith("lr is train.optimizer.lr"))
                .anyMatch(r -> r.contains("program (train.py) is not used"))
                .anyMatch(r -> r.contains("project (grokking) is not used"))
                .anyMatch(r -> r.contains("metric orders nothing"));
    }

    @Test
    void aRandomSearchWithHyperbandBecomesDrawsAndHalving() {
        Sweep sweep = TinySweeps.of("""
                method: random
                run_cap: 12
                metric: {name: test_loss, goal: minimize}
                early_terminate: {type: hyperband, min_iter: 4, eta: 2}
                parameters:
                  train.optimizer.lr: {distribution: log_uniform_values, min: 0.0001, max: 0.01}
                  train.optimizer.weight_decay: {min: 0.0, max: 0.5}
                  n_layers: {min: 1, max: 3}
                  model.norm: {values: [none, layer-norm]}
                """);

        assertThat(sweep.cells()).hasSize(12);
        assertThat(sweep.halving()).hasValueSatisfying(h -> {
            assertThat(h.metric()).isEqualTo("test-loss");
            assertThat(h.rungs()).containsExactly(4L);
            assertThat(h.keep()).isEqualTo(0.5);
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            method: bayes                                                   | method (bayes) is not offered: its next cell depends
            method: sobol                                                   | must be grid or random
            {method: grid}                                                  | is not YAML
            """)
    void methods(String rest, String sentence) {
        assertThatThrownBy(() -> TinySweeps.of(rest + "\nparameters: {lr: {values: [1, 2]}}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            parameters: {learning_rte: {values: [1, 2]}}                    | parameters.learning_rte is no path of a setting
            parameters: {kind: {values: [1, 2]}}                            | parameters.kind is
            parameters: {lr: {min: 0.1, max: 0.2}}                          | has no end of values
            parameters: {lr: {valuse: [1]}}                                 | did you mean 'value'?
            parameters: {lr: {values: [1], probabilities: [1]}}             | parameters.lr.probabilities is not a key
            parameters: {lr: {distribution: q_normal, mu: 1, sigma: 2}}     | parameters.lr.distribution (q_normal) is not offered
            parameters: {n_layers: {min: 3, max: 1}}                        | must be at most
            parameters: {n_layers: {min: 1, max: 1000000000}}               | has 1,000,000,000 values
            parameters: {lr: {values: []}}                                  | is an empty list
            """)
    void parametersOfAGrid(String rest, String sentence) {
        assertThatThrownBy(() -> TinySweeps.of("method: grid\n" + rest + "\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            controller: {type: local}                                       | controller is not a key
            metric: {name: val_loss, goal: minimize}                        | metric.name (val_loss) is nothing that is measured of a run: train-loss
            metric: {name: test_accuracy}                                   | metric.goal (minimize) of test-accuracy must be maximize
            early_terminate: {type: hyperband, min_iter: 2}                 | early_terminate needs metric
            early_terminate: {type: envelope}                               | early_terminate.type (envelope) must be hyperband
            early_terminate: {type: hyperband, strict: true}                | early_terminate.strict is not a key
            """)
    void theRest(String rest, String sentence) {
        assertThatThrownBy(() -> TinySweeps.of("method: grid\nparameters: {lr: {values: [0.1, 0.2]}}\n" + rest + "\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aRandomSearchNeedsAnEnd() {
        assertThatThrownBy(() -> TinySweeps.of("method: random\nparameters: {lr: {min: 0.1, max: 0.2}}\n"))
                .hasMessageContaining("run_cap must say how many cells to draw");
    }
}
