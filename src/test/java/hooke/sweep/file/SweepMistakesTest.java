package hooke.sweep.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import hooke.InputException;
import hooke.sweep.TinySweeps;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is wrong with a sweep file is a sentence with its place, and what is wrong with several keys is said together. */
class SweepMistakesTest {
    @Test
    void keysOfTheFileAndOfItsBlocksAreToldTogether() {
        Throwable fault = catchThrowable(() -> TinySweeps.of("""
                set: {train.stps: 3}
                seds: 3
                cap: many
                grid:
                  model.d_modl: [8, 16]
                  model.n_layers: 2
                  model.norm: [none, layer-norm]
                cells:
                  one: {model.n_hads: 2, train.order: {}}
                constraints: [model.d_model >]
                """));

        assertThat(fault).isInstanceOf(InputException.class);
        assertThat(String.valueOf(fault.getMessage()).lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("seds is not a key (did you mean 'seeds'?)"),
                        line -> assertThat(line).contains("train.stps is not a key (did you mean 'train.steps'?)"),
                        line -> assertThat(line).contains("model.n_hads is not the path of a setting"),
                        line -> assertThat(line).contains("model.d_modl is not the path of a setting"),
                        line -> assertThat(line).contains("grid.model.n_layers (2) must be a list"),
                        line -> assertThat(line).contains("model.d_model >"),
                        line -> assertThat(line).contains("cap (many) must be a whole number"));
    }

    /** Neither a key that is only misspelt, nor one that is missing, hides what is wrong beside it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            halving: {metrc: test-loss, rungs: [4, 2], keep: 2}       | halving.metrc is not a key; halving.rungs ([4, 2]) must; halving.keep (2.0) must
            halving: {metric: tst-loss, rungs: [4, 2], keep: 2}       | halving.metric (tst-loss) must; halving.rungs ([4, 2]) must; halving.keep (2.0) must
            halving: {rungs: [4, 2]}                                  | halving.metric is missing; halving.rungs ([4, 2]) must
            bayes: {metrc: test-loss, startup: 0, batch: 2000}        | bayes.metrc is not a key; bayes.startup (0) must; bayes.batch (2000) must
            """)
    void whatIsWrongInABlockIsToldTogether(String block, String sentences) {
        Throwable fault = catchThrowable(() -> TinySweeps.of("""
                random: {samples: 2, model.d_model: {distribution: int, min: 8, max: 9}}
                %s
                """.formatted(block)));

        assertThat(String.valueOf(fault.getMessage()).lines()).hasSize(sentences.split("; ").length);
        assertThat(fault).hasMessageContainingAll(sentences.split("; "));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            grid: {model.d_modle: [1]}                              | tiny.yaml:5: grid: model.d_modle is not the path of a setting (did you mean 'model.d_model'?)
            grid: {lr: [1]}                                         | did you mean 'train.optimizer.lr'?
            grid: {}                                                | grid is empty
            grid: {model.d_model: []}                               | grid.model.d_model is an empty list
            grid: {model.d_model: [8, 8]}                           | grid.model.d_model has 8 twice
            grid: {model.d_model: [8, eight]}                       | model.d_model (eight) must be a whole number
            grid: {seed: {values: [1, 2], when: model.attn_only}}   | grid.seed.when: cells cannot differ in seed; the seeds of every cell are given by seeds
            grid: {seed: {one: 1, two: 2}}                          | grid.seed (keys and values) must be a list, in brackets
            cells: {a: {seed: 1}, b: {seed: 2}}                     | cells.a: cells cannot differ in seed; the seeds of every cell are given by seeds
            random: {samples: 3, seed: {distribution: uniform, min: 1, max: 9}}                     | random.seed must be a whole number, from which the draws follow: cells cannot differ in seed
            random: {samples: 3, train.optimizer.lr: {distribution: uniform, min: -1e308, max: 1e308}} | random.train.optimizer.lr: the range from -1e308 to 1e308 is too wide
            random: {samples: 3, train.optimizer.lr: {min: 1e-4, max: 1e-2}}                           | random.train.optimizer.lr.distribution is missing: one of uniform, log-uniform, normal
            random: {samples: 3, train.optimizer.lr: {distribution: uniform, min: 0, max: 1, sd: 2}} | random.train.optimizer.lr.sd is not a key
            random: {samples: 3, train.optimizer.lr: {distribution: choice, values: [1, 2], probabilities: [1]}} | probabilities has 1, but values has 2
            gird: {model.d_model: [8]}                              | gird is not a key (did you mean 'grid'?)
            note: nothing                                           | has nothing that varies from run to run
            {grid: {model.d_model: [8]}, seeds: 0}                  | is not YAML
            random: {samples: 3, train.optimizer.lr: {distribution: uniform, min: 2, max: 1}}       | min (2) must be less than random.train.optimizer.lr.max (1)
            random: {samples: 3, train.optimizer.lr: {distribution: log-uniform, min: 0, max: 1}}   | only positive numbers have logarithms
            random: {samples: 3, train.optimizer.lr: {distribution: unifrom, min: 0, max: 1}}       | did you mean 'uniform'?
            random: {train.optimizer.lr: {distribution: uniform, min: 0, max: 1}}                   | random.samples is missing
            random: {samples: 0, train.optimizer.lr: {distribution: uniform, min: 0, max: 1}}       | random.samples (0) must be from 1
            random: {samples: 3}                                    | random draws nothing
            cells: {a: {model.d_model: 8}, b: {model.d_model: 8}}   | the cells a and b are the same experiment
            cells: {"a b": {model.d_model: 8}}                      | the name a b must be letters
            """)
    void badInputIsOneSentence(String rest, String sentence) {
        assertThatThrownBy(() -> TinySweeps.of(rest + "\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            seeds: 0                                                | seeds (0) must be how many (at least 1
            seeds: []                                               | seeds is an empty list
            seeds: [1, 1]                                           | seeds names one of them twice
            seeds: -3                                               | seeds (-3) must be how many
            constraints: model.d_model > 100                        | the constraints exclude all 2: model.d_model > 100
            constraints: model.d_modle > 100                        | names 'model.d_modle', which is not the path of a setting (did you mean 'model.d_model'?)
            constraints: d_model > 100                              | did you mean 'model.d_model'?
            constraints: model.d_model >                            | ends too soon
            constraints: model.d_model                              | must be true or false, but is '8.0'
            constraints: (model.d_model > 1                         | lacks a closing bracket
            constraints: model.d_model > 1 1                        | has an unexpected '1'
            constraints: model.norm > 1                             | counts with 'none', which is not a number
            constraints: model.d_model ; 3                          | cannot be read
            constraints: model == model                             | names 'model', which has no value of its own: name a setting in it, as in model.n_layers
            constraints: seed < 3                                   | names 'seed', in which cells do not differ
            label: "{model.d_model}-{seed}"                         | label: {seed} is not an axis and not a setting
            set: {model.d_model: 12}                                | tiny.yaml:6: model.d_model has no effect: every cell gets its own value from grid
            set: {model: {d_model: 12}}                             | model has no effect
            set: {name: other}                                      | name has no effect here
            set: {seed: x}                                          | (x) must be a whole number
            halving: {metric: test-accuracy, rungs: [6]}            | halving.rungs (6) must lie before the last step (6)
            cap: 1                                                  | has 2 combinations, more than cap (1)
            label: same                                             | two cells would be called same
            label: "{model.n_hedas}"                                | not an axis and not a setting (did you mean 'model.n_heads'?)
            random: {samples: 2, model.d_model: {distribution: int, min: 8, max: 9}} | set by random, and model.d_model by grid
            constraints: model.d_model % 0 == 1                     | tiny.yaml:6: the condition 'model.d_model % 0 == 1' divides by zero
            constraints: 8 / train.milestones.patience > 1          | divides by zero: train.milestones.patience is 0
            halving: {metric: test-accuracy, rungs: [3]}            | tiny.yaml:6: halving.rungs (3) must be multiples of train.evaluate_every (2)
            halving: {metric: test_acc, rungs: [2]}                 | tiny.yaml:6: halving.metric (test_acc) must be one of train-loss, train-accuracy
            halving: {metric: test-accuracy, rungs: [4, 2]}         | tiny.yaml:6: halving.rungs ([4, 2]) must be increasing steps
            halving: {metric: test-accuracy, rungs: [4], keep: 1}   | tiny.yaml:6: halving.keep (1.0) must be more than 0 and less than 1
            """)
    void badInputBesideAGoodGridIsOneSentence(String rest, String sentence) {
        assertThatThrownBy(() -> TinySweeps.of("grid: {model.d_model: [8, 16]}\n" + rest + "\n"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(sentence)
                .hasMessageNotContaining("\n");
    }

    @Test
    void aCellThatTheBaseDoesNotAllowIsToldWithTheSweepsLineAndItsSettings(@TempDir Path dir) throws Exception {
        TinySweeps.writeSmall(dir);
        Path file = Files.writeString(dir.resolve("mine.yaml"), """
                base: small
                grid:
                  train.optimizer.lr: [0.001]
                  model.n_heads: [2, 3]
                """);

        assertThatThrownBy(() -> Sweeps.read(file, dir, Sweeps.Options.NONE))
                .hasMessage(
                        "%s:4: model.d_model (8) must be a multiple of model.n_heads (3), or give model.d_head,"
                                + " in the cell train.optimizer.lr = 0.001, model.n_heads = 3",
                        file);
        assertThatThrownBy(() -> Sweeps.read(
                        file, dir, new Sweeps.Options(List.of("model.d_model=10"), Optional.empty(), Optional.empty())))
                .hasMessageStartingWith(file + ":4: model.d_model (10) must");
    }

    /** The base's file of examples lies beside the base, and not beside the sweep. */
    @Test
    void aCellThatIsNoExperimentIsNoFaultOfTheBasesFiles(@TempDir Path dir) throws Exception {
        Path bases = Files.createDirectory(dir.resolve("bases"));
        Files.writeString(bases.resolve("pairs.txt"), "a b\nb a\na a\nb b\n");
        Files.writeString(bases.resolve("text.yaml"), """
                task: {kind: text, file: pairs.txt, tokenizer: {kind: bytes}, context: 4, train_fraction: 0.5}
                model: {n_layers: 1, d_model: 8, n_heads: 2}
                train: {steps: 4, batch: 1}
                """);
        Path file = Files.writeString(dir.resolve("mine.yaml"), """
                base: text
                grid: {train.optimizer.kind: [adam, adafactor]}
                """);

        assertThatThrownBy(() -> Sweeps.read(file, bases, Sweeps.Options.NONE))
                .hasMessageStartingWith(file + ":2: train.optimizer.kind (adafactor) must be one of adamw,")
                .hasMessageNotContaining("pairs.txt");
    }

    @Test
    void aBadCellOverATextThatLiesElsewhereIsToldAlone(@TempDir Path dir) throws Exception {
        Path there = Files.createDirectories(dir.resolve("there"));
        Files.writeString(there.resolve("a.txt"), "one two\n".repeat(10));
        Files.writeString(there.resolve("text.yaml"), """
                task: {kind: text, file: a.txt, tokenizer: bytes, context: 4}
                model: {n_layers: 1, d_model: 8, n_heads: 2}
                train: {steps: 6, batch: 1}
                """);
        Path file = Files.writeString(dir.resolve("mine.yaml"), """
                base: there/text.yaml
                grid: {task.context: [4, 0]}
                """);

        assertThatThrownBy(() -> Sweeps.read(file, dir, Sweeps.Options.NONE))
                .hasMessage("%s:2: task.context (0) must be from 1 to 65536, in the cell task.context = 0", file);
    }

    @Test
    void aGridOfABillionIsRefusedWithItsCount() {
        String values = "[1, 2, 3, 4, 5, 6, 7, 8, 9, 10]";
        String grid = """
                grid:
                  model.n_layers: %1$s
                  model.d_model: %1$s
                  model.d_mlp: %1$s
                  model.d_head: %1$s
                  train.steps: %1$s
                  train.evaluate_every: %1$s
                  train.checkpoint_every: %1$s
                  train.milestones.patience: %1$s
                  model.n_heads: %1$s
                """.formatted(values);

        assertThatThrownBy(() -> TinySweeps.of(grid))
                .hasMessage(
                        "tiny.yaml: has 1,000,000,000 combinations, more than cap (10,000): leave values out, or draw some at random");
        assertThatThrownBy(() -> TinySweeps.of(grid + "constraints: model.d_model > 3\n"))
                .hasMessageContaining("1,000,000,000");
    }
}
