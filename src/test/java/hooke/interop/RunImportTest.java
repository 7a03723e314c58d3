package hooke.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.interop.names.Located;
import hooke.interop.names.Names;
import hooke.interop.names.WeightsFile;
import hooke.interop.pickle.Value;
import hooke.lens.OpenedModel;
import hooke.store.Provenance;
import hooke.store.Run;
import hooke.store.RunReader;
import hooke.store.Store;
import hooke.task.EvaluationSet;
import hooke.task.Split;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.train.StoredTraining;
import hooke.train.Training;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The card's layout becomes a run and comes out again as it was. */
class RunImportTest {
    private static final Provenance HERE = new Provenance(
            "0.1.0",
            "",
            "25",
            "os",
            "cpu",
            2,
            "2.10",
            "0.3",
            "",
            "import",
            OffsetDateTime.parse("2026-03-01T12:00:00+01:00"));

    @TempDir
    Path folder;

    private final Arena arena = Arena.ofConfined();

    @SuppressWarnings("NullAway.Init") // opened before each test
    private Store store;

    @BeforeEach
    void open() {
        store = Store.open(folder.resolve("runs"));
    }

    @AfterEach
    void close() {
        store.close();
        arena.close();
    }

    private static Path golden(String name) {
        return Path.of("golden/pth/good/" + name);
    }

    private static ModmulCheckpoint read(Located file, String... settings) {
        Experiment like = Experiments.named(ModmulCheckpoint.LIKE, Path.of("experiments"), List.of());
        return ModmulCheckpoint.read(file, "mini", like, List.of(settings));
    }

    private RunImport.Imported store(ModmulCheckpoint checkpoint) {
        return new RunImport(store, HERE, "mini.pth", "abc").modmul(checkpoint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mod_mult_mini.pth",
                "mod_mult_mini.legacy.pth",
                "mod_mult_mini.cuda0.pth",
                "mod_mult_mini.numpy1.pth"
            })
    void everythingOfTheFileIsInTheRun(String name) {
        Located file = WeightsFile.open(golden(name), arena);
        Run run = store(read(file)).run();
        RunReader reader = store.read(run);

        assertThat(run.address()).isEqualTo("mini/0");
        assertThat(store.runs()).singleElement().extracting(Run::status).isEqualTo(Run.Status.DONE);
        assertThat(reader.experiment().seeds().split()).hasValue(598);
        assertThat(reader.experiment().seeds().weights()).hasValue(999);
        assertThat(reader.kept(Split.KEPT, Split::of)).isEmpty();
        assertThat(reader.checkpoints()).extracting(c -> c.step()).containsExactly(0L, 10L, 20L, 30L);
        for (String[] names : new String[][] {{"train_loss", "train_losses"}, {"test_accuracy", "test_accs"}}) {
            double[] ours = reader.series(names[0]).values();
            assertThat(ours).hasSize(31).startsWith(file.get(names[1]).numbers());
        }
        SequencedMap<String, RawTensor> weights =
                reader.checkpoint(10).weights().open(arena).tensors();
        file.get("checkpoints").list().get(1).tensors().forEach((key, tensor) -> {
            if (!key.endsWith("mask") && !key.endsWith("IGNORE")) {
                RawTensor ours = Objects.requireNonNull(weights.get(key), key);
                assertThat(ours.data().mismatch(tensor.raw().data())).as(key).isEqualTo(-1);
            }
        });
        try (var _ = new Scope()) {
            OpenedModel opened = OpenedModel.of(reader, reader.checkpoint(20));
            assertThat(opened.task().size()).isEqualTo(49);
        }
    }

    @Test
    void theWayBackGivesTheSameValue() {
        Located file = WeightsFile.open(golden("mod_mult_mini.pth"), arena);
        RunReader reader = store.read(store(read(file)).run());
        Path out = folder.resolve("out.pth");
        RunExport.modmul(reader, out);
        Located back = WeightsFile.open(out, arena);

        for (String key : List.of("checkpoint_epochs", "train_losses", "test_losses", "train_accs", "test_accs")) {
            assertThat(back.get(key).value()).as(key).isEqualTo(file.get(key).value());
        }
        for (String key : List.of("train_indices", "test_indices")) {
            assertThat(back.get(key)
                            .tensor()
                            .raw()
                            .data()
                            .mismatch(file.get(key).tensor().raw().data()))
                    .as(key)
                    .isEqualTo(-1);
        }
        assertSame(back.get("model"), file.get("model"));
        for (int i = 0; i < 3; i++) {
            assertSame(
                    back.get("checkpoints").list().get(i),
                    file.get("checkpoints").list().get(i));
        }
        assertThat(back.get("config").get("d_model").integer()).isEqualTo(8);
        assertThat(read(back).experiment().hash()).isEqualTo(reader.experiment().hash());
    }

    /** In the same order, too. */
    private static void assertSame(Located ours, Located theirs) {
        Map<String, Value.Tensor> a = ours.tensors();
        Map<String, Value.Tensor> b = theirs.tensors();
        assertThat(List.copyOf(a.keySet())).isEqualTo(List.copyOf(b.keySet()));
        a.forEach((name, tensor) -> assertThat(tensor.raw()
                        .data()
                        .mismatch(Objects.requireNonNull(b.get(name)).raw().data()))
                .as(name)
                .isEqualTo(-1));
    }

    private static Located with(Located file, String key, Value value) {
        Value.Dict changed = Value.Dict.empty(false);
        file.dict().entries().forEach(changed::put);
        return new Located(file.where(), changed.put(key, value));
    }

    private static Value.Tensor longs(long... numbers) {
        return Value.Tensor.of(
                new RawTensor(hooke.tensor.DType.I64, List.of((long) numbers.length), MemorySegment.ofArray(numbers)));
    }

    @Test
    void aSplitThatNoSeedDrawsIsKeptAndUsed() {
        Located file = WeightsFile.open(golden("mod_mult_mini.pth"), arena);
        // Swapping two training examples changes no loss, and no seed draws it.
        long[] train = file.get("train_indices")
                .tensor()
                .raw()
                .data()
                .toArray(java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED);
        long first = train[0];
        train[0] = train[1];
        train[1] = first;
        ModmulCheckpoint checkpoint = read(with(file, "train_indices", longs(train)));
        assertThat(checkpoint.isSplitDrawn()).isFalse();
        assertThat(checkpoint.experiment().seeds().split()).isEmpty();
        RunReader reader = store.read(store(checkpoint).run());

        int[] expected = Arrays.stream(train).mapToInt(n -> (int) n).toArray();
        assertThat(reader.kept(Split.KEPT, Split::of)).isPresent();
        assertThat(StoredTraining.split(reader).train()).isEqualTo(expected);
        try (Training training = StoredTraining.at(reader, reader.checkpoint(20))) {
            assertThat(training.split().train()).isEqualTo(expected);
            assertThat(training.evaluate(EvaluationSet.TEST).loss())
                    .isCloseTo(file.get("test_losses").numbers()[20], org.assertj.core.api.Assertions.within(1e-6));
        }
        try (var _ = new Scope()) {
            assertThat(OpenedModel.of(reader, reader.checkpoint(20)).split().train())
                    .isEqualTo(expected);
        }
        Path out = folder.resolve("out.pth");
        RunExport.modmul(reader, out);
        assertThat(read(WeightsFile.open(out, arena)).split().train()).isEqualTo(expected);
    }

    @Test
    void lossesThatAreNotThoseOfTheWeightsAreRefusedBeforeAnythingIsStored() {
        Located file = WeightsFile.open(golden("mod_mult_mini.pth"), arena);
        ModmulCheckpoint sums = read(file, "task.operation=add");

        assertThatThrownBy(() -> store(sums))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("train_losses: at epoch 0 it records 2.07574")
                .hasMessageContaining("the task is not add mod 7");
        assertThat(store.runs()).isEmpty();
    }

    @Test
    void aRunThatIsThereIsNotOverwritten() {
        ModmulCheckpoint checkpoint = read(WeightsFile.open(golden("mod_mult_mini.pth"), arena));
        store(checkpoint);

        assertThatThrownBy(() -> store(checkpoint))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("run mini/0 is there already");
        assertThat(store.runs()).hasSize(1);
    }

    @Test
    void anotherLayoutIsOneSentence() {
        Located file = WeightsFile.open(golden("mod_mult_mini.pth"), arena);

        assertFault(
                with(file, "test_accs", Value.Items.of(List.of(new Value.Real(1)))),
                "test_accs has 1 values, and train_losses 30");
        assertFault(
                with(file, "checkpoint_epochs", Value.Items.of(List.of(Value.Int.of(0)))),
                "3 checkpoints and 1 checkpoint_epochs");
        assertFault(
                with(
                        file,
                        "checkpoint_epochs",
                        Value.Items.of(List.of(Value.Int.of(0), Value.Int.of(30), Value.Int.of(20)))),
                "checkpoint_epochs, entry 1 (30) must be more than the one before");
        assertFault(with(file, "train_indices", longs(0, 1, 2)), "must hold each of the 49 examples once");
        assertFault(with(file, "train_indices", longs(-1)), "holds -1, which is not the number of an example");
        assertFault(config(file, "parallel_attn_mlp", new Value.Bool(true)), "parallel_attn_mlp differs from false");
        assertFault(
                config(file, "act_fn", new Value.Text("solu_ln")),
                "act_fn is solu_ln; Hooke's models can have relu or gelu or gelu_new or silu");
        assertFault(
                config(file, "attn_scale", new Value.Real(8)),
                "attn_scale (8.0) must be the square root of d_head (4)");
        assertFault(config(file, "normalization_type", new Value.Text("LNPre")), "can have LN or RMS");
        assertFault(config(file, "d_vocab", Value.Int.of(9)), "model.d_vocab (9) must be the task's 8");
        assertFault(WeightsFile.open(golden("state_dict.pth"), arena), "has no 'train_losses'");
    }

    /**
     * As TransformerLens' grokking notebook saves it: checkpoints after the update of the epoch that names them, and so the losses of the
     * test set; no accuracies.
     */
    @Test
    void aNotebooksFileIsReadAsItsLossesSay() {
        Located card = WeightsFile.open(golden("mod_mult_mini.pth"), arena);
        Experiment experiment = read(card).experiment();
        var last =
                Moments.measure(experiment, read(card).split(), 30, read(card).weights(30));
        double[] before = card.get("test_losses").numbers();
        List<Value> after = new java.util.ArrayList<>();
        for (int epoch = 1; epoch < 30; epoch++) {
            after.add(new Value.Real(before[epoch]));
        }
        after.add(new Value.Real(last.test().loss()));
        List<Located> saved = card.get("checkpoints").list();
        Value.Dict notebook = Value.Dict.empty(false);
        card.dict().entries().forEach(notebook::put);
        notebook.put(
                        "checkpoints",
                        Value.Items.of(List.of(
                                saved.get(1).value(),
                                saved.get(2).value(),
                                card.get("model").value())))
                .put("checkpoint_epochs", Value.Items.of(List.of(Value.Int.of(9), Value.Int.of(19), Value.Int.of(29))))
                .put("test_losses", Value.Items.of(after));
        Value.Dict bare = Value.Dict.empty(false);
        notebook.entries().forEach((key, value) -> {
            if (!key.equals(new Value.Text("train_accs")) && !key.equals(new Value.Text("test_accs"))) {
                bare.put(key, value);
            }
        });
        RunReader reader =
                store.read(store(read(new Located("notebook.pth", bare))).run());

        assertThat(reader.checkpoints()).extracting(c -> c.step()).containsExactly(10L, 20L, 30L);
        assertThat(reader.series("test_loss").steps()).hasSize(30).startsWith(1);
        assertThat(reader.series("test_loss").values()).startsWith(before[1], before[2]);
        assertThat(reader.series("train_loss").steps()).hasSize(31);
        assertThat(reader.series("test_accuracy").steps()).containsExactly(10, 20, 30);
        assertThat(reader.series("test_accuracy").values()[0])
                .isCloseTo(card.get("test_accs").numbers()[10], org.assertj.core.api.Assertions.within(1e-6));
    }

    @Test
    void oneCheckpointAloneSaysNothingOfTheTimeBefore() {
        Experiment experiment =
                read(WeightsFile.open(golden("mod_mult_mini.pth"), arena)).experiment();
        var weights = read(WeightsFile.open(golden("mod_mult_mini.pth"), arena)).weights(10);
        var imported = new RunImport(store, HERE, "mini.pth", "abc")
                .weights(experiment, weights, java.util.OptionalLong.of(10));

        assertThat(imported.result().grokked()).isEqualTo(new hooke.train.Outcome.Unobserved(10));
        assertThat(hooke.train.ResultJson.read(String.valueOf(imported.run().outcome())))
                .isEqualTo(imported.result());
        assertThat(store.read(imported.run()).checkpoints())
                .extracting(c -> c.step())
                .containsExactly(10L);
    }

    @Test
    void weightsThatAreNoNumbersHaveDiverged() {
        Experiment experiment =
                read(WeightsFile.open(golden("mod_mult_mini.pth"), arena)).experiment();
        var weights = read(WeightsFile.open(golden("mod_mult_mini.pth"), arena)).weights(10);
        float[] broken = Names.floats(Value.Tensor.of(Objects.requireNonNull(weights.get("unembed.W_U"))));
        broken[3] = Float.NaN;
        weights.put("unembed.W_U", Names.raw(broken, 8L, 7L));
        var imported = new RunImport(store, HERE, "mini.pth", "abc")
                .weights(experiment, weights, java.util.OptionalLong.empty());

        assertThat(imported.result().grokked())
                .isEqualTo(new hooke.train.Outcome.Diverged(30, "unembed.W_U holds NaN"));
        assertThat(store.read(imported.run()).events())
                .extracting(e -> e.kind())
                .containsExactly("imported", "diverged");
    }

    @Test
    void aFrozenWeightThatChangesIsNamed() {
        Located file = WeightsFile.open(golden("mod_mult_mini.pth"), arena);

        assertThatThrownBy(() -> store(read(file, "model.frozen=[W_pos]")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("its pos_embed.W_pos has changed by step 10, and model.frozen says");
        assertThat(store.runs()).isEmpty();
    }

    private static Located config(Located file, String field, Value value) {
        return with(file, "config", with(file.get("config"), field, value).value());
    }

    private static void assertFault(Located file, String sentence) {
        assertThatThrownBy(() -> read(file)).isInstanceOf(InputException.class).hasMessageContaining(sentence);
    }
}
