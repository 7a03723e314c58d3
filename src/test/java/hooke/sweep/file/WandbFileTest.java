package hooke.sweep.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.sweep.Cell;
import hooke.sweep.Sweep;
import hooke.sweep.TinySweeps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
    void nothingOfASettingIsTheNumberZeroAsOthersWriteIt() {
        Sweep sweep = TinySweeps.of("""
                method: grid
                parameters:
                  dropout: {values: [0.0, 0.1]}
                  max_grad_norm: {value: 0}
                """);
        Sweep word = TinySweeps.of("""
                method: grid
                parameters:
                  dropout: {values: [none, 0.1]}
                  grad_clip: {value: none}
                """);

        assertThat(sweep.cells())
                .extracting(cell -> cell.experiment().train())
                .isEqualTo(word.cells().stream()
                        .map(cell -> cell.experiment().train())
                        .toList());
        assertThat(sweep.cells().getFirst().experiment().train().dropout()).isZero();
    }

    @Test
    void aRandomSearchWithHyperbandBecomesDrawsAndHalving() {
        Sweep sweep = TinySweeps.of("""
                method: random
                run_cap: 12
                metric: {name: test_loss, goal: minimize}
                early_terminate: {type: hyperband, min_iter: 2, eta: 2}
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
            method: bayes                                                   | method (bayes) needs metric: what its proposals are to make better
            method: sobol                                                   | must be one of grid, random, bayes
            {method: grid}                                                  | is not YAML
            """)
    void methods(String rest, String sentence) {
        assertThatThrownBy(() -> TinySweeps.of(rest + "\nparameters: {lr: {values: [1, 2]}}\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            parameters: {learning_rte: {values: [1, 2]}}                    | parameters.learning_rte is not the path of a setting
            parameters: {d_modl: {values: [1, 2]}}                          | parameters.d_modl is not the path of a setting (did you mean 'model.d_model'?)
            parameters: {kind: {values: [1, 2]}}                            | parameters.kind is
            parameters: {eps: {value: 1}}                                   | parameters.eps is ambiguous: write one of model.norm.eps, train.optimizer.eps
            parameters: {num_train_epochs: {value: 1}}                      | parameters.num_train_epochs is not the path of a setting: train.steps counts updates
            parameters: {warmup_ratio: {value: 0.1}}                        | parameters.warmup_ratio is not the path of a setting: train.schedule.warmup counts updates
            parameters: {min_lr: {value: 0.1}}                              | parameters.min_lr is not the path of a setting: train.schedule.to says
            parameters: {lr: {min: 0.1, max: 0.2}}                          | is continuous
            parameters: {lr: {valuse: [1]}}                                 | did you mean 'parameters.lr.value'?
            parameters: {lr: {values: [1], probabilities: [1]}}             | parameters.lr.probabilities: method grid takes every value once
            parameters: {lr: {distribution: q_normal, mu: 1, sigma: 2}}     | parameters.lr (q_normal) is continuous
            parameters: {lr: {distribution: log_unifrom, min: 1, max: 2}}   | did you mean 'log_uniform'?
            parameters: {lr: {distribution: uniform, min: 1, max: 2, q: 1}} | parameters.lr.q is not a key
            parameters: {lr: {value: 1, values: [1]}}                       | parameters.lr.values is not a key (did you mean 'parameters.lr.value'?)
            parameters: {lr: null}                                          | parameters.lr (null) must have value, values, or a distribution
            parameters: {lr: 0.1}                                           | parameters.lr (0.1) must have value, values, or a distribution
            parameters: {lr: {}}                                            | parameters.lr must have value, values, or a distribution
            parameters: {lr: {value: 1}, learning_rate: {value: 2}}         | parameters.learning_rate and parameters.lr are one setting, train.optimizer.lr: keep one
            parameters: {seed: {distribution: uniform, min: 1, max: 9.5}}   | is continuous
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
            sweep_controller: {type: local}                                 | sweep_controller is not a key
            {metric: {name: f1_score}, early_terminate: {type: hyperband, min_iter: 2}} | metric.name (f1_score) is not measured of a run: train-loss
            {metric: {name: test_acc}, early_terminate: {type: hyperband, min_iter: 2}}   | metric.goal (minimize) of test-accuracy must be maximize
            {metric: {name: val_bpb, goal: maximize}, early_terminate: {type: hyperband, min_iter: 2}}   | metric.goal (maximize) of test-bits-per-byte must be minimize
            {metric: {name: eval/bits_per_byte}, early_terminate: {type: hyperband, min_iter: 2}}   | metric (test-bits-per-byte) is measured of texts alone
            {metric: {name: test_loss}, early_terminate: {type: hyperband, max_iter: 9}}  | early_terminate.s is missing
            {metric: {name: test_loss}, early_terminate: {type: hyperband, eta: 2}}       | early_terminate.min_iter is missing, or max_iter with s
            early_terminate: {type: hyperband, min_iter: 2}                 | early_terminate needs metric
            early_terminate: {type: envelope}                               | early_terminate.type (envelope) must be hyperband
            """)
    void theRest(String rest, String sentence) {
        String lines =
                rest.startsWith("{") ? rest.substring(1, rest.length() - 1).replace("}, ", "}\n") : rest;
        assertThatThrownBy(() -> TinySweeps.of("method: grid\nparameters: {lr: {values: [0.1, 0.2]}}\n" + lines + "\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aDrawThatCannotBeIsToldByTheNameThatTheFileGivesIt() {
        assertThatThrownBy(() -> TinySweeps.of("""
                        method: random
                        run_cap: 3
                        parameters: {lr: {min: 0.2, max: 0.1}}
                        """))
                .isInstanceOf(InputException.class)
                .hasMessage("tiny.yaml:7: parameters.lr.min (0.2) must be less than parameters.lr.max (0.1)");
    }

    @Test
    void mistakesInSeveralPlacesAreToldTogether() {
        assertThatThrownBy(() -> TinySweeps.of("""
                        method: bayesian
                        run_cap: 0
                        parameters:
                          lr: {distrbution: uniform, min: 0.1, max: 0.2}
                          model: {parameters: {d_modle: {value: 8}, n_heads: {vales: [2, 4]}}}
                          epochs: {value: 3}
                        """))
                .satisfies(fault -> assertThat(
                                String.valueOf(fault.getMessage()).lines())
                        .satisfiesExactlyInAnyOrder(
                                line -> assertThat(line).contains("(did you mean 'bayes'?)"),
                                line -> assertThat(line).contains("run_cap (0) must be from 1 to 1000000"),
                                line -> assertThat(line).contains("(did you mean 'parameters.lr.distribution'?)"),
                                line -> assertThat(line).contains("model.d_modle is not the path of a setting"),
                                line -> assertThat(line).contains("(did you mean 'parameters.model.n_heads.values'?)"),
                                line -> assertThat(line).contains("epochs", "train.steps counts updates")));
        assertThatThrownBy(() -> TinySweeps.of("method: grid\nparametrs: {lr: {values: [1]}}\n"))
                .satisfies(
                        fault -> assertThat(String.valueOf(fault.getMessage()).lines())
                                .singleElement()
                                .asString()
                                .contains("(did you mean 'parameters'?)"));
        assertThatThrownBy(() -> TinySweeps.of("method: grid\nparameters: {}\n"))
                .hasMessageContaining("parameters is empty");
    }

    @Test
    void aRandomSearchWithoutAnEndHasThirtyCells() {
        Sweep sweep = TinySweeps.of("method: random\nparameters: {lr: {min: 0.1, max: 0.2}}\n");

        assertThat(sweep.cells()).hasSize(30);
        assertThat(sweep.remarks()).anyMatch(r -> r.contains("(random) does not end by itself: run_cap says how many"));
    }

    @Test
    void wholeEndsNextToEachOtherAreRemarkedOn() {
        String search = "method: random\nrun_cap: 4\nparameters: {weight_decay: {min: 0, max: %s}}\n";

        assertThat(TinySweeps.of(search.formatted("1")).remarks())
                .anyMatch(r -> r.contains("parameters.weight_decay is drawn from its two ends, since"));
        assertThat(TinySweeps.of(search.formatted("1.0")).remarks()).noneMatch(r -> r.contains("its two ends"));
    }

    @Test
    void aSeedAmongTheParametersIsTheSeedsOfTheSweep() {
        String lr = "  lr: {values: [0.001, 0.01]}\n";

        assertThat(TinySweeps.of("method: grid\nparameters:\n  seed: {value: 42}\n" + lr)
                        .seeds())
                .containsExactly(42L);
        assertThat(TinySweeps.of("method: grid\nparameters:\n  seed: {values: [0, 5]}\n" + lr)
                        .seeds())
                .containsExactly(0L, 5L);
        assertThat(TinySweeps.of("method: grid\nparameters:\n  seed: {min: 3, max: 5}\n" + lr)
                        .seeds())
                .containsExactly(3L, 4L, 5L);
        Sweep alone = TinySweeps.of("method: grid\nparameters:\n  seed: {values: [1, 2]}\n  lr: {value: 0.1}\n");
        assertThat(alone.seeds()).containsExactly(1L, 2L);
        assertThat(alone.cells()).hasSize(1);
        assertThatThrownBy(
                        () -> TinySweeps.of("method: random\nrun_cap: 3\nparameters:\n  seed: {min: 1, max: 9}\n" + lr))
                .hasMessageContaining(
                        "parameters.seed: cells cannot differ in seed; the seeds of every cell are given by seeds");
        assertThatThrownBy(() -> TinySweeps.of("method: grid\nseeds: 2\nparameters:\n  seed: {value: 4}\n" + lr))
                .hasMessageContaining("contradicts seeds");
    }

    @Test
    void valuesAreReadAsYaml11ReadsThem() {
        Sweep sweep = TinySweeps.of("""
                method: grid
                early_terminate:
                metric: null
                parameters:
                  attn_only: {values: [True, off]}
                  lr: {values: [!!float 1e-3, 1e-2]}
                  n_heads: {value: 0x4}
                  train.steps: {value: 1_000}
                """);

        assertThat(sweep.cells()).hasSize(4);
        assertThat(sweep.cells().getFirst().experiment().model().attnOnly()).isTrue();
        assertThat(sweep.cells().getLast().experiment().model().nHeads()).isEqualTo(4);
        assertThat(sweep.cells().getLast().experiment().train().steps()).isEqualTo(1000);
    }

    @Test
    void exponentsAreRemarkedOn() {
        Sweep sweep = TinySweeps.of("""
                method: random
                run_cap: 3
                parameters:
                  lr: {distribution: log_uniform, min: 0.0001, max: 0.001}
                """);

        assertThat(sweep.remarks())
                .anyMatch(r -> r.contains(
                        "min and max of log_uniform are exponents of e, so it is drawn from 1.000 to 1.001"));
    }

    /** As their documentation and public repositories write them; expected: cells, seeds, and the rungs of halving. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            01-quickstart-random      | 5  | 1 |
            02-grid-of-three          | 12 | 1 |
            03-hyperband-min-iter     | 8  | 1 | 100 300
            04-hyperband-max-iter     | 4  | 3 | 30 90 270
            05-command-and-args       | 4  | 1 |
            06-nested-parameters      | 4  | 1 |
            07-seeds-as-values        | 2  | 5 |
            08-seeds-alone            | 1  | 3 |
            09-log-uniform-values     | 6  | 1 |
            10-log-uniform-exponents  | 4  | 1 |
            11-quantized              | 6  | 1 |
            12-normal-and-beta        | 6  | 1 |
            13-probabilities          | 4  | 1 |
            14-yaml-11                | 4  | 1 |
            15-null-blocks            | 2  | 1 |
            16-own-metric             | 2  | 1 |
            17-betas-by-number        | 4  | 1 |
            18-run-cap-of-a-grid      | 3  | 1 |
            19-anchors-and-merges     | 4  | 1 |
            20-launch-job             | 2  | 1 |
            21-names-of-nanogpt       | 4  | 1 |
            """)
    void publicShapesAreTakenAsTheyAre(String name, int cells, int seeds, @Nullable String rungs, @TempDir Path dir)
            throws Exception {
        Files.writeString(dir.resolve("small.yaml"), """
                task: {kind: modular-arithmetic, operation: add, modulus: 5, train_fraction: 0.6}
                model: {n_layers: 1, d_model: 8, n_heads: 2}
                train: {steps: 600, evaluate_every: 10}
                """);
        Path file = Path.of(Objects.requireNonNull(WandbFileTest.class.getResource("wandb/" + name + ".yaml"))
                .toURI());
        Sweep sweep = Sweeps.read(file, dir, new Sweeps.Options(List.of(), Optional.empty(), Optional.of("small")));

        assertThat(sweep.cells()).hasSize(cells);
        assertThat(sweep.seeds()).hasSize(seeds);
        assertThat(sweep.halving().map(h -> h.rungs().toString()))
                .isEqualTo(Optional.ofNullable(rungs)
                        .map(r -> List.of(r.split(" ")).toString()));
        Sweep kept = Sweeps.parse(sweep.text(), "the store", Sweeps.Options.NONE);
        assertThat(kept.cells()).isEqualTo(sweep.cells());
        assertThat(kept.seeds()).isEqualTo(sweep.seeds());
        assertThat(kept.halving()).isEqualTo(sweep.halving());
    }

    @Test
    void bitsPerByteAreMinimized() throws Exception {
        Sweep sweep = read("""
                base: headlines-small
                method: bayes
                run_cap: 3
                metric: {name: val_bpb}
                parameters: {lr: {min: 0.001, max: 0.002}}
                """);

        assertThat(sweep.bayes()).hasValueSatisfying(b -> assertThat(b.metric()).isEqualTo("test-bits-per-byte"));
    }

    @Test
    void theHeadlinesStudysOwnNamesAreUnderstood() {
        Sweep sweep = Sweeps.read(
                Path.of("src/test/resources/hooke/sweep/headlines-random.yaml"),
                Path.of("experiments"),
                new Sweeps.Options(List.of(), Optional.empty(), Optional.of("headlines-small")));

        assertThat(sweep.cells()).hasSize(6);
        assertThat(sweep.seeds()).containsExactly(1337L);
        assertThat(sweep.cells())
                .extracting(cell -> cell.experiment().model().nHeads()
                        * cell.experiment().model().dHead())
                .as("the bottleneck")
                .containsOnly(64, 128);
        assertThat(sweep.cells().getFirst().experiment().settings())
                .containsEntry("model.mask.kind", "fixed")
                .containsEntry("model.mask.local_context", "16")
                .containsEntry("train.dropout", "0.1");
        assertThat(sweep.cells())
                .allSatisfy(cell -> assertThat(cell.experiment().settings())
                        .containsEntry("train.optimizer.kind", cell.settings().get("train.optimizer.kind"))
                        .containsEntry("train.optimizer.lr", cell.settings().get("train.optimizer.lr")));
        assertThat(sweep.cells())
                .extracting(cell -> cell.experiment().settings().get("train.optimizer.kind"))
                .contains("adamw", "sgd");
        assertThat(sweep.remarks())
                .anyMatch(r -> r.contains("attn_configs.sparse.vertsize is model.mask.verts"))
                .anyMatch(r -> r.contains("attn_configs.sparse.n_bctx is not used: a context has"));
    }

    /** Of its three logs: blocks of 64 and the local context of 32, summaries of 64, and so on. */
    @ParameterizedTest
    @CsvSource({"32, 64, 16", "32, 256, 16", "64, 64, 8"})
    void theHeadlinesStudysImpossibleSettingsAreRefusedWithTheRule(int block, int verts, int several) {
        assertThatThrownBy(() -> read("""
                base: headlines-small
                method: grid
                parameters:
                  attn_configs:
                    parameters:
                      sparse:
                        parameters:
                          attn_type: {value: fixed}
                          local_attn_ctx: {value: 32}
                          sparseblocksize: {value: %s}
                          vertsize: {value: %s}
                          num_verts: {value: %s}
                """.formatted(block, verts, several)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model.mask.");
    }

    private static Sweep read(String yaml) throws java.io.IOException {
        Path file = java.nio.file.Files.createTempFile("wandb", ".yaml");
        try {
            return Sweeps.read(
                    java.nio.file.Files.writeString(file, yaml), Path.of("experiments"), Sweeps.Options.NONE);
        } finally {
            java.nio.file.Files.delete(file);
        }
    }
}
