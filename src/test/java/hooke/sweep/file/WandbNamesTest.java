package hooke.sweep.file;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.sweep.Sweep;
import hooke.sweep.TinySweeps;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What other programs call settings and metrics, in sweep files of Weights and Biases. */
class WandbNamesTest {
    /** One name of each setting as each family of programs calls it. */
    @Test
    void namesOfOtherProgramsAreKnown() {
        Sweep sweep = TinySweeps.of("""
                method: grid
                parameters:
                  num_hidden_layers: {value: 2}
                  num_attention_heads: {value: 4}
                  hidden_size: {value: 16}
                  intermediate_size: {value: 24}
                  hidden_act: {values: [GELU, gelu_new]}
                  per_device_train_batch_size: {value: 2}
                  gradient_accumulation_steps: {value: 3}
                  optimizer: {value: AdamW}
                  adam_beta2: {value: 0.95}
                  adam_epsilon: {value: 1e-6}
                  lr_scheduler_type: {value: cosine}
                  warmup_steps: {value: 2}
                  gradient_clip_val: {value: 0.5}
                  dropout_rate: {value: 0.1}
                  num_training_steps: {value: 12}
                  eval_interval: {value: 4}
                  save_steps: {value: 6}
                  tie_word_embeddings: {value: false}
                """);

        assertThat(sweep.cells())
                .extracting(cell -> cell.experiment().settings().get("model.act_fn"))
                .containsExactly("gelu", "gelu-new");
        assertThat(sweep.cells().getFirst().experiment().settings())
                .containsEntry("model.n_layers", "2")
                .containsEntry("model.n_heads", "4")
                .containsEntry("model.d_model", "16")
                .containsEntry("model.d_mlp", "24")
                .containsEntry("train.batch", "2")
                .containsEntry("train.accumulate", "3")
                .containsEntry("train.optimizer.kind", "adamw")
                .containsEntry("train.optimizer.eps", "1.0e-6")
                .containsEntry("train.schedule.kind", "cosine")
                .containsEntry("train.schedule.warmup", "2")
                .containsEntry("train.clip_norm", "0.5")
                .containsEntry("train.dropout", "0.1")
                .containsEntry("train.steps", "12")
                .containsEntry("train.evaluate_every", "4")
                .containsEntry("train.checkpoint_every", "6");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            num_workers         | no number of a run depends on it
            wandb_project       | no number of a run depends on it
            use_wandb           | no number of a run depends on it
            logging_steps       | no number of a run depends on it
            output_dir          | no number of a run depends on it
            eval_batch_size     | every example of the test set is scored once
            """)
    void whatNoNumberDependsOnIsToldAndLeftOut(String name, String reason) {
        Sweep sweep =
                TinySweeps.of("method: grid\nparameters: {lr: {values: [0.1, 0.2]}, %s: {value: 4}}\n".formatted(name));

        assertThat(sweep.cells()).hasSize(2);
        assertThat(sweep.remarks()).anyMatch(r -> r.contains("parameters." + name + " is not used: " + reason));
    }

    @ParameterizedTest
    @CsvSource({"val_perplexity, test-loss", "dev/ppl, test-loss", "eval.loss, test-loss", "loss, test-loss"})
    void metricsOfOtherProgramsAreKnown(String name, String ours) {
        assertThat(TinySweeps.of("""
                        method: bayes
                        run_cap: 3
                        metric: {name: %s, goal: minimize, target: 1.5, impute: best}
                        parameters: {lr: {min: 0.1, max: 0.2}}
                        """.formatted(name)).remarks())
                .anyMatch(r -> r.contains("metric.name (" + name + ") is " + ours))
                .anyMatch(r -> r.contains("metric.target is not used: every cell is trained"))
                .anyMatch(r -> r.contains("metric.impute is not used: a run that diverged or failed"));
    }
}
