package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import hooke.InputException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All that is wrong with a file is said together, a line each, and nothing that is not. */
class SeveralMistakesTest {
    private static List<String> said(String yaml, String... sets) {
        Throwable fault = catchThrowable(() -> Experiments.parse(yaml, "x.yaml", List.of(sets)));
        assertThat(fault).isInstanceOf(InputException.class);
        return String.valueOf(fault.getMessage()).lines().toList();
    }

    @Test
    void keysTypesAndRulesAreToldTogether() {
        assertThat(said("""
                task: {kind: modular-arithmetic, operation: add, modulus: 5000}
                model:
                  n_layers: 1
                  d_model: wide
                  n_heads: 4
                  window: 3
                train:
                  steps: 0
                  evaluate_evry: 10
                  evaluate_every: 0
                  batch: {kind: full, size: 3}
                  optimizer:
                    lr: -1
                    eps: 2
                """, "train.milestones.threshold=9"))
                .containsExactly(
                        "x.yaml:1: task.modulus (5000) must be from 2 to 4096",
                        "x.yaml:6: model.window is not a key (did you mean 'model.mask.window'?)",
                        "x.yaml:4: model.d_model (wide) must be a whole number",
                        "x.yaml:9: train.evaluate_evry is not a key (did you mean 'train.evaluate_every'?)",
                        "x.yaml:11: train.batch.size is a key of kind mini, but train.batch.kind is full: give the kind, too, or leave "
                                + "the key out",
                        "x.yaml:13: train.optimizer.lr (-1.0) must be more than 0 and at most 100",
                        "x.yaml:14: train.optimizer.eps (2.0) must be at least 1.18e-38 and less than 1: float32 takes what is smaller "
                                + "for 0",
                        "--set train.milestones.threshold=9: train.milestones.threshold (9.0) must be more than 0 and less than 1",
                        "x.yaml:8: train.steps (0) must be from 1 to 1,000,000,000",
                        "x.yaml:10: train.evaluate_every (0) must be at least 1");
    }

    @Test
    void whatFollowsFromAMistakeIsNoMistake() {
        // The width of a head follows from d_model, a fraction's sense from the modulus, and an order needs batches
        // that are not known.
        assertThat(said("""
                task: {kind: modular-arithmetic, operation: add, modulus: 1, train_fraction: 0.1}
                model: {n_layers: 1, d_model: x, n_heads: 3}
                train: {steps: 10, batch: many, order: replay}
                """))
                .hasSize(3)
                .allMatch(line -> line.matches("x.yaml:[123]: (task.modulus|model.d_model|train.batch) \\(.*"));
    }

    @Test
    void aFloodOfMistakesIsCutShort() {
        String flood = IntStream.range(0, 500).mapToObj(i -> "k" + i + ": 1\n").collect(Collectors.joining());
        assertThat(said(flood)).hasSize(21).last().asString().matches("and [0-9]+ more of this kind");
    }

    /** What float32, in which everything is trained, takes for 0 or 1 gave one engine NaN and the other a training. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train.optimizer.eps=1e-40 | train.optimizer.eps (1.0e-40) must be at least 1.18e-38 and less than 1",
                "train.optimizer.lr=1e-40 | train.optimizer.lr (1.0e-40) must be at least 1.18e-38: float32",
                "train={schedule: {kind: warmup, steps: 100}, optimizer: {lr: 1e-37}} | at least 1.18e-38 times train.schedule.steps",
                "train.optimizer.betas=[0.9, 0.99999999] | train.optimizer.betas ([0.9, 0.99999999]) must each be 0 or from",
                "train.optimizer.betas=[1e-39, 0.9] | train.optimizer.betas ([1.0e-39, 0.9]) must each be 0 or from",
                "model.norm={kind: layer-norm, eps: 1e-39} | model.norm.eps (1.0e-39) must be at least 1.18e-38"
            })
    void numbersThatFloat32DoesNotKeepAreRefused(String set, String sentence) {
        assertThatThrownBy(() -> Experiments.named("quick-grok", ExperimentsTest.SHIPPED, List.of(set)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void theSmallestNumbersThatItKeepsAreTaken() {
        assertThat(Experiments.named(
                                "quick-grok",
                                ExperimentsTest.SHIPPED,
                                List.of("train.optimizer.eps=1.2e-38", "train.optimizer.betas=[0, 0.9999999]"))
                        .train()
                        .optimizer())
                .isInstanceOf(OptimizerConfig.AdamW.class);
    }
}
