package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.OptimizerConfig.AdamW;
import hooke.config.TrainConfig.Batch;
import hooke.config.task.EquationFormat;
import hooke.config.task.TaskConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExperimentsTest {
    static final Path SHIPPED = Path.of("experiments");

    /** What every file must state, and nothing else; the lines are counted below. */
    static final String LEAST = """
            task:
              kind: modular-arithmetic
              operation: multiply
              modulus: 113
            model:
              n_layers: 1
              d_model: 128
              n_heads: 4
            train:
              steps: 10
            """;

    private static Experiment least(String... sets) {
        return Experiments.parse(LEAST, "x.yaml", List.of(sets));
    }

    @Test
    void defaultsFillWhatAFileLeavesOut() {
        assertThat(least())
                .isEqualTo(new Experiment(
                        "x",
                        "",
                        List.of(),
                        0,
                        Seeds.DERIVED,
                        new TaskConfig.ModularArithmetic(
                                TaskConfig.ModularArithmetic.Operation.MULTIPLY, 113, EquationFormat.PAIR, 0.3),
                        new ModelConfig(
                                1,
                                128,
                                List.of(),
                                4,
                                32,
                                false,
                                512,
                                ModelConfig.Activation.RELU,
                                false,
                                3,
                                114,
                                113,
                                false,
                                new Positions.Learned(),
                                new Norm.None(),
                                new Mask.Causal(),
                                new Weighting.Softmax(),
                                ModelConfig.Biases.TRAINED,
                                EnumSet.noneOf(ModelConfig.BiasGroup.class),
                                List.of(),
                                EnumSet.noneOf(ModelConfig.Identity.class),
                                new Init.Gpt2(Init.AttentionOrder.Q_O_K_V)),
                        new TrainConfig(
                                10,
                                new Batch.Full(),
                                1,
                                TrainConfig.Reduction.MEAN,
                                0,
                                0,
                                TrainConfig.Order.RESHUFFLE,
                                new AdamW(0.001, 0.01, List.of(0.9, 0.999), 1e-8),
                                0,
                                new GradientFilter.None(),
                                new Schedule.Constant(),
                                TrainConfig.LossDtype.FLOAT32,
                                TrainConfig.Precision.FLOAT32,
                                TrainConfig.Recompute.NONE,
                                100,
                                1000,
                                new TrainConfig.Milestones(0.99, 0, List.of()),
                                new TrainConfig.Stop.Never(),
                                TrainConfig.Engine.AUTO,
                                0,
                                TrainConfig.Device.CPU)));
    }

    @Test
    void unknownNameIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> Experiments.named("modmul-13", SHIPPED, List.of()))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "there is no experiment and no file called modmul-13 (did you mean 'modmul-113'?): the experiments"
                                + " are grokking-template, headlines, headlines-small, life-multigrid, life-small, list-copy, list-copy-d8, modmul-113, quick-grok, quick-s5");
        assertThatThrownBy(() -> Experiments.named("x/quick-gork.yaml", SHIPPED, List.of()))
                .hasMessage("x/quick-gork.yaml: does not exist (did you mean 'quick-grok'?)");
        assertThatThrownBy(() -> Experiments.named(" ", SHIPPED, List.of()))
                .hasMessageStartingWith("name an experiment, one of grokking-template, headlines, headlines-small");
    }

    /** An edit of the file above as {@code old=new}, and the sentence; the line is that of the key, counted in the edited file. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            n_layers = n_layer      | x.yaml:6: model.n_layer is not a key (did you mean 'model.n_layers'?)
            model: = modle:         | x.yaml:5: modle is not a key (did you mean 'model'?)
            steps: 10 = lr: 1       | x.yaml:10: train.lr is not a key (did you mean 'train.optimizer.lr'?)
            n_heads: 4 = heads: 4   | x.yaml:8: model.heads is not a key (did you mean 'model.n_heads'?)
            steps: 10 = foo: 1      | x.yaml:10: train.foo is not a key: the keys of train are steps, batch, accumulate, accumulate_by, forgetful_mask, dropout, order, optimizer, clip_norm, gradient_filter, schedule, loss_dtype, precision, recompute, evaluate_every, checkpoint_every, milestones, stop, engine, threads, device
            n_layers: 1 = n_layers: one    | x.yaml:6: model.n_layers (one) must be a whole number
            n_layers: 1 = n_layers: "1"    | x.yaml:6: model.n_layers ("1") must be a whole number, without quotes
            n_layers: 1 = n_layers: 1.5    | x.yaml:6: model.n_layers (1.5) must be a whole number
            n_layers: 1 = n_layers: 1e999  | x.yaml:6: model.n_layers (1e999) is out of range: at most 2147483647
            n_layers: 1 = n_layers: 0x10   | x.yaml:6: model.n_layers (0x10) must be a whole number
            n_layers: 1 = n_layers: [1]    | x.yaml:6: model.n_layers (a list) must be a whole number
            n_layers: 1 = n_layers: {a: 1} | x.yaml:6: model.n_layers (keys and values) must be a whole number
            n_layers: 1 = n_layers:        | x.yaml:6: model.n_layers has no value: give one, or leave the key out to get its default
            n_layers: 1 = n_layers: 0      | x.yaml:6: model.n_layers (0) must be from 1 to 1000
            n_layers: 1 = d_head: 32       | x.yaml:5: model.n_layers is missing: blocks
            steps: 10 = batch: full        | x.yaml:9: train.steps is missing: updates at most
            kind: modular-arithmetic = kind: modular | x.yaml:2: task.kind (modular) must be one of modular-arithmetic, permutation, list-copy, none, table, life, text, own
            kind: modular-arithmetic = kind: list_copy | x.yaml:2: task.kind (list_copy) must be one of modular-arithmetic, permutation, list-copy, none, table, life, text, own (did you mean 'list-copy'?)
            kind: modular-arithmetic = train_fraction: 0.3 | x.yaml:1: task.kind is missing: what is to be learned, one of modular-arithmetic, permutation, list-copy, none, table, life, text, own
            multiply = multipy      | x.yaml:3: task.operation (multipy) must be one of add, subtract, multiply, divide (did you mean 'multiply'?)
            multiply = power        | x.yaml:3: task.operation (power) must be one of add, subtract, multiply, divide
            modulus: 113 = modulus: 0  | x.yaml:4: task.modulus (0) must be from 2 to 4096
            modulus: 113 = modulus: -5 | x.yaml:4: task.modulus (-5) must be from 2 to 4096
            modulus: 113 = n_digits: 5 | x.yaml:4: task.n_digits is a key of kind list-copy, but task.kind is modular-arithmetic: give the kind, too, or leave the key out
            d_model: 128 = d_model: 130 | x.yaml:7: model.d_model (130) must be a multiple of model.n_heads (4), or give model.d_head
            n_heads: 4 = n_heads: 0     | x.yaml:8: model.n_heads (0) must be from 1 to 1024
            n_heads: 4 = n_heads: 4, 5  | x.yaml:8: model.n_heads (4, 5) must be a whole number
            n_layers: 1 = n_layers:1    | x.yaml:7: is not YAML: mapping values are not allowed here: YAML wants a space after a colon, as in 'n_layers: 1'
            n_heads: 4 = mask: kind:local | x.yaml:8: model.mask (kind:local) must be one of causal, full, local, bottleneck, table, strided, strided-half, fixed, heads, layers: YAML wants a space after a colon, as in 'kind: local'
            """)
    void whatIsWrongIsSaidWithItsPlace(String edit, String sentence) {
        String[] sides = edit.split(" = ", 2);
        String yaml = LEAST.replace(sides[0], sides[1].strip());
        assertThat(yaml).isNotEqualTo(LEAST);
        assertThatThrownBy(() -> Experiments.parse(yaml, "x.yaml", List.of()))
                .isInstanceOf(InputException.class)
                .satisfies(
                        e -> assertThat(String.valueOf(e.getMessage()).lines()).contains(sentence));
    }

    @Test
    void dottedKeyOfAFileIsExplained() {
        assertThatThrownBy(() -> Experiments.parse(LEAST + "model.d_head: 3\n", "x.yaml", List.of()))
                .hasMessage(
                        "x.yaml:11: model.d_head has dots, which are for --set: in a file its parts stand below each other,"
                                + " indented");
    }

    /** Settings, separated by {@code &}, and the sentence without its place, which is the setting itself. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            task.train_fraction=1.5   | task.train_fraction (1.5) must be more than 0 and less than 1
            task.train_fraction=.nan  | task.train_fraction (.nan) must be a number
            task.train_fraction=.inf  | task.train_fraction (.inf) must be a number
            train.optimizer.eps=1e999 | train.optimizer.eps (1e999) is out of range
            model.norm=layernorm      | model.norm (layernorm) must be one of none, layer-norm, rms-norm (did you mean 'layer-norm'?)
            model.norm.eps=1e-6       | model.norm.eps is a key of kind layer-norm, but model.norm.kind is none: give the kind, too, or leave the key out
            train.batch=5000          | train.batch (5000) must be at most the 3830 examples of the training set, or full; only train.order with-replacement can draw more
            train.batch=0             | train.batch (0) must be full or at least 1
            train.batch=ful           | train.batch (ful) must be full or a number (did you mean 'full'?)
            train.batch=1.5           | train.batch (1.5) must be a whole number
            train.order=replay        | train.order (replay) needs mini-batches, but train.batch is full
            seeds.order=3             | seeds.order (3) has no effect: with train.batch full there is no order
            seeds.split=-1            | seeds.split (-1) must be from 0 to 4294967295, the seeds of mt19937
            seeds={split: 1, notebook: 2} | seeds.notebook stands for split, weights and order; it cannot be given beside one of them
            model.mask=bottleneck     | model.mask.at is missing: the position of the bottleneck, which only list copy has by itself
            model.mask=local          | model.mask.window is missing: positions seen
            model.mask={kind: bottleneck, at: 3} | model.mask.at (3) must be less than model.n_ctx (3)
            model.mask={kind: table, rows: [x, xx]} | model.mask.rows must be 3 strings of 3 characters, one for each of model.n_ctx positions
            model.mask={kind: table, rows: [x.., xx., '...']} | model.mask leaves the query at position 2 without a key: open at least one
            model.mask={kind: table, rows: [x.., xx., 'xxX']} | model.mask.rows (xxX) must hold only x (open) and . (closed), one character a key
            model.mask={kind: table, rows: x} | model.mask.rows (x) must be a list, in brackets: [a, b]
            model.attn_only=true & model.d_mlp=5 | model.d_mlp (5) must be left out with model.attn_only: there is no MLP
            model.attn_only=yes       | model.attn_only (yes) must be true or false
            model.frozen=[W_Q, W_X]   | model.frozen (W_X) is not a weight of this model (did you mean 'W_E'?)
            model.identity=[w_v]      | model.identity (w_v) must be one of W_V, W_O (did you mean 'W_V'?)
            model.identity=[W_V, W_V] | model.identity (a list) names one of its members twice
            model.n_ctx=2             | model.n_ctx (2) must be at least the task's 3 positions
            model.d_vocab=4           | model.d_vocab (4) must be the task's 114
            model.d_vocab_out=4       | model.d_vocab_out (4) must be the task's 113
            model=5                   | model (5) must have keys below it, each on a line of its own, indented
            train.threads=0           | train.threads (0) must be auto or a whole number, at least 1
            train.threads=many        | train.threads (many) must be auto or a whole number, at least 1
            train.optimizer=adadelta  | train.optimizer (adadelta) must be one of adamw, adam, sgd, adagrad, rmsprop, lion, muon
            train.optimizer.betas=[0.9]    | train.optimizer.betas ([0.9]) must be two numbers, each at least 0 and less than 1
            train.optimizer.betas=0.9      | train.optimizer.betas (0.9) must be a list, in brackets: [0.9, 0.999]
            train.stop={kind: reached, metric: test_accuracy, at_least: 1} | train.stop.metric (test_accuracy) must be one of train-accuracy, test-accuracy (did you mean 'test-accuracy'?)
            train.lr=0.1              | train.lr is not a key (did you mean 'train.optimizer.lr'?)
            trian.steps=3             | trian is not a key (did you mean 'train'?)
            name=../x                 | name (../x) must be letters, digits and . _ + -, starting with a letter or digit, at most 100 characters
            seed=-1                   | seed (-1) must be at least 0
            train.steps               | must be KEY=VALUE, as in train.steps=100
            model.attn_only=true & model.act_fn=relu | model.act_fn changes nothing here: with model.attn_only there is no MLP
            train.order=reshuffle     | train.order changes nothing here: with train.batch full there is no order
            train={order: reshuffle}  | train.order changes nothing here: with train.batch full there is no order
            model.biases=frozen & model.frozen=[b_Q, blocks.0.mlp.b_in] | model.frozen changes nothing here: what it names does not train anyway, by model.biases or model.identity
            model.identity=[W_V] & model.frozen=[W_E, W_V] | model.frozen[W_V] changes nothing here: it does not train anyway, by model.biases, model.identity or another name in the list
            model.frozen=[W_Q, blocks.0.attn.W_Q] | model.frozen[blocks.0.attn.W_Q] changes nothing here: it does not train anyway, by model.biases, model.identity or another name in the list
            train.precision=float64 & train.loss_dtype=float64 | train.loss_dtype changes nothing here: with train.precision float64 the loss is computed in float64, too
            seeds={split: 1, weights: 2} & seed=0 | seed changes nothing here: seeds names every random stream
            model.mask={kind: local,window:2} | model.mask.window:2 is not a key: YAML wants a space after a colon, as in 'window: 2'
            model.mask={kind:local}   | model.mask.kind:local is not a key: YAML wants a space after a colon, as in 'kind: local'
            train=steps:3             | train (steps:3) must have keys below it, each on a line of its own, indented: YAML wants a space after a colon, as in 'steps: 3'
            train..steps=3            | must be KEY=VALUE, as in train.steps=100
            extends=x.yaml            | only a file can say what it extends
            """)
    void whatIsWrongWithASettingIsSaidWithTheSetting(String settings, String sentence) {
        List<String> sets = List.of(settings.split(" & "));
        assertThatThrownBy(() -> Experiments.parse(LEAST, "x.yaml", sets))
                .isInstanceOf(InputException.class)
                .hasMessage("--set " + sets.getLast() + ": " + sentence);
    }

    @Test
    void settingsAreLaidOverTheFileInTurn() {
        assertThat(least("train.steps=5", "train.steps=6").train().steps()).isEqualTo(6);
        assertThat(least("model.norm=layer-norm", "model.norm.eps=1e-6").model().norm())
                .isEqualTo(new Norm.LayerNorm(1e-6, Norm.Placement.PRE, true));
        assertThat(least("train={steps: 3, evaluate_every: 2}").train().evaluateEvery())
                .isEqualTo(2);
        assertThat(least("train.batch=64").train().batch()).isEqualTo(new Batch.Mini(64));
        assertThat(least("train.batch={kind: mini, size: 64}").train().batch()).isEqualTo(new Batch.Mini(64));
        assertThat(least("train.steps=1e5").train().steps()).isEqualTo(100_000);
        assertThat(least("train.threads=3").train().threads()).isEqualTo(3);
        assertThat(least("train.optimizer.lr=3e-4").train().optimizer())
                .isEqualTo(new AdamW(3e-4, 0.01, List.of(0.9, 0.999), 1e-8));
    }

    @Test
    void noSettingTakesAnotherAway() {
        assertThat(least("train.optimizer.lr=0.5", "train.optimizer.kind=sgd")
                        .train()
                        .optimizer()
                        .lr())
                .isEqualTo(0.5);
        assertThatThrownBy(() -> least("train.optimizer.lr=0.5", "train.optimizer=sgd"))
                .hasMessage(
                        "--set train.optimizer.lr=0.5: another --set replaces what train.optimizer.lr belongs to: leave one of them out");
    }

    @Test
    void nullTakesAKeyBackToItsDefault() {
        assertThat(least("train.evaluate_every=7", "train.evaluate_every=null")).isEqualTo(least());
        assertThat(least("model.norm=layer-norm", "model.norm=~")).isEqualTo(least());
        assertThatThrownBy(() -> least("train.stepps=null")).hasMessageContaining("did you mean 'train.steps'?");
    }

    @Test
    void whatAFileItselfSetsToNoEffectIsRemarkedOn(@TempDir Path folder) throws IOException {
        write(folder, "base.yaml", LEAST.replace("  n_heads: 4", "  n_heads: 4\n  act_fn: gelu"));
        write(folder, "ablated.yaml", "extends: base.yaml\nmodel: {attn_only: true}\n");
        write(folder, "own.yaml", "extends: base.yaml\nmodel:\n  attn_only: true\n  act_fn: gelu\n");

        assertThat(Experiments.draft(folder.resolve("ablated.yaml").toString(), folder)
                        .idle())
                .isEmpty();
        assertThat(Experiments.draft(folder.resolve("own.yaml").toString(), folder)
                        .idle())
                .containsExactly(folder.resolve("own.yaml")
                        + ":4: model.act_fn changes nothing here: with model.attn_only there is no MLP");
        assertThat(Experiments.names(SHIPPED)).allSatisfy(name -> {
            Draft draft = Experiments.draft(name, SHIPPED);
            assertThat(draft.idle()).isEmpty();
            assertThat(draft.vain()).isEmpty();
        });
    }

    @Test
    void whoeverSeesTheAnswersIsRefused() {
        Draft draft = Experiments.draft("life-small", SHIPPED);
        assertThat(draft.with(List.of("model.mask={kind: local, window: 20}")).vain())
                .isEmpty();
        assertThatThrownBy(() -> draft.with(List.of("model.mask=full")).experiment())
                .hasMessageContaining("model.mask (full) must not let a position see later ones");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            model.mask={kind: local, window: 3} | model.mask.window (3) is not less than model.n_ctx (3): the mask is the causal one
            model.mask={kind: local, window: 2} |
            model.mask={kind: bottleneck, at: 2} | model.mask.at (2) is the last position: nothing has to pass through it
            model.frozen=[W_E, W_pos, W_Q, W_K, W_V, W_O, W_in, W_out, W_U, b_Q, b_K, b_V, b_O, b_in, b_out, b_U] | model.frozen leaves no weight to train: the model stays as it was drawn
            train.steps=10 & train.schedule={kind: warmup, steps: 11} | train.schedule.steps (11) is more than train.steps (10): the learning rate never reaches train.optimizer.lr
            train.steps=10 & train.schedule={kind: warmup, steps: 10} |
            train.steps=10 & train.evaluate_every=2000 | train.evaluate_every (2,000) is more than train.steps (10): only the beginning and the end are evaluated
            train={steps: 10, evaluate_every: 5} & train.milestones.patience=3 | train.milestones.patience needs 4 evaluations in a row, but there are only 3: nothing can count as memorized or grokked
            train={steps: 10, evaluate_every: 5} & train.milestones.patience=2 |
            train={steps: 10, evaluate_every: 5} & train.milestones.named=["low: test_loss < 0.1 for 9"] | train.milestones.named[low] needs 10 evaluations in a row, but there are only 3: it cannot be reached
            train={steps: 10, evaluate_every: 5} & train.stop={kind: reached, metric: test-accuracy, at_least: 0.9, patience: 3} | train.stop.patience needs 4 evaluations in a row, but there are only 3: no run can stop early
            """)
    void whatCanNoLongerDoWhatItIsForIsRemarkedOn(String settings, String sentence) {
        List<String> sets = List.of(settings.split(" & "));
        Draft draft = Experiments.draft("quick-grok", SHIPPED)
                .with(List.of("train.stop=never"))
                .with(sets);
        assertThat(draft.vain())
                .isEqualTo(sentence == null ? List.of() : List.of("--set " + sets.getLast() + ": " + sentence));
    }

    @Test
    void sameKindKeepsItsKeysAndAnotherKindReplacesThem() {
        String yaml = LEAST + "  optimizer: {lr: 0.5}\n  stop: {kind: reached, metric: test-accuracy, at_least: 0.9}\n";
        Experiment same =
                Experiments.parse(yaml, "x.yaml", List.of("train.optimizer.kind=adamw", "train.stop=reached"));
        assertThat(same).isEqualTo(Experiments.parse(yaml, "x.yaml", List.of()));
        Experiment other = Experiments.parse(yaml, "x.yaml", List.of("train.stop=never"));
        assertThat(other.train().stop()).isEqualTo(new TrainConfig.Stop.Never());
    }

    @Test
    void orderAndRepetitionOfFrozenWeightsMeanNothing() {
        assertThat(least("model.frozen=[W_U, W_E, W_U]").hash())
                .isEqualTo(least("model.frozen=[W_E, W_U]").hash());
    }

    @Test
    void settingsOfManyKeysComeBackInTheOrderOfTheRecords() {
        Map<String, String> settings = least().settings();
        assertThat(settings)
                .containsEntry("task.kind", "modular-arithmetic")
                .containsEntry("model.d_head", "32")
                .containsEntry("train.batch", "full")
                .containsEntry("train.threads", "auto")
                .doesNotContainKey("seeds.split");
        assertThat(settings.keySet().iterator().next()).isEqualTo("name");
    }

    private static void write(Path folder, String name, String text) throws IOException {
        Files.writeString(folder.resolve(name), text);
    }
}
