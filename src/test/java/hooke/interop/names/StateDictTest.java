package hooke.interop.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.interop.pickle.Value;
import hooke.model.Weights;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.RawTensor;
import hooke.tensor.Rng;
import hooke.tensor.Safetensors;
import hooke.tensor.Scope;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights as people save them: wherever they lie, under whatever wrapper, beside whatever else, in the layouts that are known. */
class StateDictTest {
    @TempDir
    Path folder;

    private static ModelConfig model(String... settings) {
        String yaml = """
                name: sums
                task: {kind: modular-arithmetic, operation: add, modulus: 5}
                model: {n_layers: 2, d_model: 8, n_heads: 2, d_mlp: 12}
                train: {steps: 10}
                """;
        return Experiments.parse(yaml, "sums", List.of(settings)).model();
    }

    private static SequencedMap<String, RawTensor> drawn(ModelConfig model) {
        SequencedMap<String, RawTensor> weights = new LinkedHashMap<>();
        try (var _ = new Scope();
                Rng rng = Rng.seeded(3)) {
            Weights.draw(model, DType.F32, Device.CPU, rng)
                    .all()
                    .forEach((name, tensor) -> weights.put(
                            name,
                            new RawTensor(DType.F32, tensor.raw().shape(), MemorySegment.ofArray(tensor.toFloats()))));
        }
        return weights;
    }

    private static Value.Dict dict(ModelConfig model) {
        return new TransformerLensNames().stateDict(model, drawn(model));
    }

    private static Value.Dict prefixed(String prefix, Value.Dict dict) {
        Value.Dict prefixed = Value.Dict.empty(true);
        new Located("", dict).tensors().forEach((name, tensor) -> prefixed.put(prefix + name, tensor));
        return prefixed;
    }

    private static StateDict find(Value value, @Nullable String key) {
        return StateDict.find(new Located("f.pt", value), key);
    }

    private static void assertSame(Map<String, RawTensor> ours, Map<String, RawTensor> theirs) {
        assertThat(ours.keySet()).containsExactlyInAnyOrderElementsOf(theirs.keySet());
        ours.forEach((name, raw) -> {
            RawTensor other = Objects.requireNonNull(theirs.get(name));
            assertThat(raw.shape()).as(name).isEqualTo(other.shape());
            assertThat(raw.data().mismatch(other.data())).as(name).isEqualTo(-1);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "module.", "model.", "_orig_mod.", "module._orig_mod.", "_orig_mod.module.model."})
    void wordsOfWrappersAreTakenOffTransformerLensNames(String prefix) {
        Value.Dict wrapped = prefixed(prefix, dict(model()));

        assertSame(find(wrapped, null).weights(model()), drawn(model()));
    }

    @Test
    void theOneDictOfTensorsIsFoundWithTheNumberOfUpdates() {
        Value.Dict moments = Value.Dict.empty(false)
                .put(
                        Value.Int.of(0),
                        Value.Dict.empty(false)
                                .put(
                                        "exp_avg",
                                        Objects.requireNonNull(dict(model()).get("embed.W_E"))));
        Value.Dict file = Value.Dict.empty(false)
                .put("epoch", Value.Int.of(3))
                .put("optimizer_state_dict", Value.Dict.empty(false).put("state", moments))
                .put("loss", new Value.Real(0.1));
        for (String key : List.of("model_state_dict", "state_dict", "net", "model", "anything")) {
            Value.Dict whole = Value.Dict.empty(false);
            file.entries().forEach(whole::put);
            StateDict found = find(whole.put(key, dict(model())), null);

            assertThat(found.key()).isEqualTo(key);
            assertThat(found.step(4)).hasValue(12);
            assertSame(found.weights(model()), drawn(model()));
        }
        Value.Dict nested = Value.Dict.empty(false)
                .put("trainer", file.put("global_step", Value.Int.of(77)).put("net", dict(model())));
        assertThat(find(nested, null).key()).isEqualTo("trainer/net");
        assertThat(find(nested, null).step(4)).hasValue(77);
        assertThat(find(dict(model()), null).step(4)).isEmpty();
        assertThat(find(dict(model()).put("step", Value.Int.of(5)), null).step(4))
                .hasValue(5);
    }

    @Test
    void whichOfSeveralIsAsked() {
        Value.Dict file =
                Value.Dict.empty(false).put("model", dict(model())).put("ema", prefixed("module.", dict(model())));

        assertThatThrownBy(() -> find(file, null))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "f.pt holds weights in more than one place: say with --key which are meant, 'model' or 'ema'");
        assertSame(find(file, "ema").weights(model()), drawn(model()));
        assertThatThrownBy(() -> find(file, "emma")).hasMessageContaining("has no 'emma' (did you mean 'ema'?)");
        assertThatThrownBy(() -> find(Value.Dict.empty(false).put("epoch", Value.Int.of(3)), null))
                .hasMessage("f.pt holds no dict of weights");
    }

    private static Path resource(String name) throws URISyntaxException {
        return Path.of(
                Objects.requireNonNull(StateDictTest.class.getResource(name)).toURI());
    }

    @Test
    void valuesBesideTheWeightsAreKeptAsTheyLieUntilAskedFor() throws URISyntaxException {
        try (Arena arena = Arena.ofConfined()) {
            Located file = WeightsFile.open(resource("beside.pth"), arena);
            StateDict found = StateDict.find(file, null);

            assertThat(found.key()).isEqualTo("model");
            assertThat(found.step(2)).hasValue(14);
            assertThat(found.found().get("embed.W_E").tensor().shape()).containsExactly(2L, 3L);
            assertThat(file.get("args").get("lr").number()).isEqualTo(0.1);
            assertThat(file.get("history").get("loss").numbers()).containsExactly(1);
            assertThatThrownBy(() -> file.get("losses").numbers())
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("losses must be a list, but is numpy")
                    .hasMessageContaining("which is not read");
            assertThatThrownBy(() -> file.get("tokens").tensor())
                    .hasMessageContaining("tokens must be a tensor, but is");
        }
    }

    @Test
    void aModuleThatWasPickledWholeIsRefusedWithAdvice() throws URISyntaxException {
        Path module = resource("module.pth");
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> WeightsFile.open(module, arena))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("torch.nn.modules.linear.Linear is not on the list")
                    .hasMessageEndingWith("save its state_dict() instead");
        }
        assertThatThrownBy(() -> find(new Value.Obj("__main__.Net", Value.Dict.empty(false)), null))
                .hasMessage("f.pt is a pickled __main__.Net: " + Value.WHOLE);
    }

    @Test
    void whatSaveModelLeavesOutIsFoundUnderItsOtherName() {
        ModelConfig tied = Experiments.parse("""
                name: copies
                task: {kind: list-copy, list_length: 2, n_digits: 5}
                model: {n_layers: 1, d_model: 8, n_heads: 2, act_fn: gelu, norm: layer-norm, mask: causal,
                        tied_embeddings: true}
                train: {steps: 10}
                """, "copies", List.of()).model();
        Value.Dict whole = new NanoGptNames().stateDict(tied, drawn(tied));
        for (String left : List.of("transformer.wte.weight", "lm_head.weight")) {
            String kept = left.startsWith("lm") ? "transformer.wte.weight" : "lm_head.weight";
            for (Map<String, String> metadata : List.of(Map.of(left, kept), Map.of("format", "pt"))) {
                SequencedMap<String, RawTensor> tensors = new LinkedHashMap<>();
                new Located("", whole).tensors().forEach((name, tensor) -> tensors.put(name, tensor.raw()));
                tensors.remove(left);
                Path file = folder.resolve("tied.safetensors");
                Safetensors.write(file, tensors, new LinkedHashMap<>(metadata));
                try (Arena arena = Arena.ofConfined()) {
                    assertSame(WeightsFile.read(file, tied, arena), drawn(tied));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "act_fn: gelu | f.pt, config, act_fn is gelu, and model.act_fn of the experiment is relu",
                "n_heads: 4 | n_heads is 4, and model.n_heads of the experiment is 2",
                "attn_only: true | attn_only is true, and model.attn_only of the experiment is false",
                "normalization_type: LN | normalization_type is LN, and model.norm of the experiment is None",
                "attention_dir: bidirectional | attention_dir is bidirectional, and model.mask of the experiment is causal",
                "gated_mlp: true | gated_mlp is true, and model.gated_mlp of the experiment is false",
                "positional_embedding_type: rotary | positional_embedding_type is rotary, and model.positions of the experiment is standard",
                "n_head: 1 | n_head is 1, and model.n_heads of the experiment is 2"
            })
    void aConfigThatContradictsTheExperimentIsNamed(String line) {
        String[] parts = line.split(" \\| ");
        String[] field = parts[0].split(": ");
        Value value = switch (field[1]) {
            case "true" -> new Value.Bool(true);
            case "1", "4" -> Value.Int.of(Long.parseLong(field[1]));
            default -> new Value.Text(field[1]);
        };
        Value.Dict config = TransformerLensConfig.of(model());
        Value.Dict file =
                Value.Dict.empty(false).put("state_dict", dict(model())).put("config", config);
        assertSame(find(file, null).weights(model()), drawn(model()));
        config.put(field[0], value);

        assertThatThrownBy(() -> find(file, null).weights(model()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(parts[1]);
        Value object = new Value.Obj("transformer_lens.HookedTransformerConfig.HookedTransformerConfig", config);
        assertThatThrownBy(() -> find(file.put("config", object), null).weights(model()))
                .hasMessageContaining(parts[1]);
    }

    @Test
    void anExperimentInSafetensorsIsHeldAgainstTheOther() {
        Path file = folder.resolve("own.safetensors");
        var experiment = Experiments.parse(
                "name: sums\ntask: {kind: modular-arithmetic, operation: add, modulus: 5}\n"
                        + "model: {n_layers: 2, d_model: 8, n_heads: 2, d_mlp: 12, act_fn: gelu}\ntrain: {steps: 10}\n",
                "sums",
                List.of());
        var metadata = new LinkedHashMap<>(Map.of("experiment", experiment.toJson(), "step", "8"));
        Safetensors.write(file, drawn(model()), metadata);
        try (Arena arena = Arena.ofConfined()) {
            StateDict found = StateDict.find(WeightsFile.open(file, arena), null);

            assertThat(found.step(1)).hasValue(8);
            assertThatThrownBy(() -> found.weights(model()))
                    .hasMessageContaining("model.act_fn is gelu, and model.act_fn of the experiment is relu");
            assertThatThrownBy(() -> found.weights(model("model.act_fn=gelu", "model.norm=layer-norm")))
                    .hasMessageContaining(
                            "model.norm.kind is none, and model.norm.kind of the experiment is layer-norm");
            assertSame(found.weights(model("model.act_fn=gelu")), drawn(model()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.identity=[W_V] | blocks.0.attn.W_V is not the identity, as model.identity says",
                "model.biases=frozen | blocks.0.mlp.b_in is not zero everywhere, as model.biases: frozen says",
                "model.frozen=[blocks.1.mlp.b_in] | blocks.1.mlp.b_in is not zero everywhere, as model.frozen says"
            })
    void weightsThatAreNotWhatTheModelFixesAreNamed(String line) {
        String[] parts = line.split(" \\| ");
        Value.Dict file = dict(model("model.init=pytorch"));

        assertThatThrownBy(() -> find(file, null).weights(model(parts[0])))
                .isInstanceOf(InputException.class)
                .hasMessage("f.pt, " + parts[1]);
        ModelConfig fixed = model(parts[0], "model.init=pytorch");
        assertSame(find(dict(fixed), null).weights(fixed), drawn(fixed));
    }

    /** Conv1D has nanoGPT's matrices the other way; GPT2Model has its names without the first word, and no head. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void huggingFacesGpt2IsToldByItsMatrices(boolean withHead) {
        ModelConfig gpt = Experiments.parse("""
                name: copies
                task: {kind: list-copy, list_length: 2, n_digits: 5}
                model: {n_layers: 2, d_model: 8, n_heads: 2, act_fn: gelu, norm: layer-norm, mask: causal,
                        tied_embeddings: true}
                train: {steps: 10}
                """, "copies", List.of()).model();
        Value.Dict theirs = Value.Dict.empty(true);
        new Located("", new NanoGptNames().stateDict(gpt, drawn(gpt))).tensors().forEach((name, tensor) -> {
            String own = withHead ? name : name.replaceFirst("^transformer\\.", "");
            boolean conv = name.matches(".*\\.(c_attn|c_proj|c_fc)\\.weight");
            if (withHead || !name.equals("lm_head.weight")) {
                theirs.put(own, conv ? turned(tensor) : tensor);
            }
        });
        String mask = (withHead ? "transformer." : "") + "h.0.attn.";
        theirs.put(mask + "bias", Value.Tensor.of(new RawTensor(DType.U8, List.of(1L, 1L, 1L, 1L), one())));
        theirs.put(mask + "masked_bias", Value.Tensor.of(Names.raw(new float[] {-1e4f})));

        assertSame(find(theirs, null).weights(gpt), drawn(gpt));
        List<String> unknown = new ArrayList<>(UnknownModel.settings(find(theirs, null)));
        unknown.addAll(List.of("model.n_heads=" + gpt.nHeads(), "train.steps=1"));
        assertThat(Experiments.parse("task: {kind: none}", "looked", unknown)
                        .model()
                        .actFn())
                .isEqualTo(ModelConfig.Activation.GELU_NEW);
        Value.Dict said = Value.Dict.empty(false)
                .put("model", theirs)
                .put("config", Value.Dict.empty(false).put("activation_function", new Value.Text("gelu_pytorch_tanh")));
        assertThat(UnknownModel.settings(find(said, null))).contains("model.act_fn=gelu-new");
        assertThatThrownBy(() -> find(said, null).weights(gpt)).hasMessageContaining("gelu-new");
    }

    private static MemorySegment one() {
        return MemorySegment.ofArray(new byte[] {1});
    }

    /** Written out the other way, as PyTorch stores it. */
    private static Value.Tensor turned(Value.Tensor tensor) {
        int rows = tensor.shape().getFirst().intValue();
        float[] values = tensor.raw().data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
        return Value.Tensor.of(Names.raw(
                Names.transposed(values, rows),
                tensor.shape().get(1),
                tensor.shape().get(0)));
    }

    /** W_E [d_model, d_vocab], W_K [head, d_head, d_model], W_O [d_model, head d_head], a logit for "=" too, biases of the MLP alone. */
    @Test
    void theLayoutOfTheProgressMeasuresPaperIsRead() {
        ModelConfig model = model("model.frozen=[b_Q, b_K, b_V, b_O, b_U]", "model.init=pytorch");
        SequencedMap<String, RawTensor> ours = drawn(model);
        Value.Dict theirs = Value.Dict.empty(true);
        ours.forEach((name, raw) -> {
            String weight = name.substring(name.lastIndexOf('.') + 1);
            float[] values = raw.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
            Value.Tensor tensor = Value.Tensor.of(raw);
            switch (weight) {
                case "W_E", "W_in", "W_out" -> theirs.put(name, turned(tensor));
                case "W_O" ->
                    theirs.put(name, Value.Tensor.of(Names.raw(Names.transposed(values, 8), 8L, 8L))); // [8, 2 x 4]
                case "W_Q", "W_K", "W_V" -> {
                    float[] heads = new float[values.length];
                    for (int h = 0; h < 2; h++) {
                        float[] head = java.util.Arrays.copyOfRange(values, h * 32, (h + 1) * 32);
                        System.arraycopy(Names.transposed(head, 8), 0, heads, h * 32, 32);
                    }
                    theirs.put(name, Value.Tensor.of(Names.raw(heads, 2L, 4L, 8L)));
                }
                case "W_U" -> {
                    float[] wide = new float[8 * 6];
                    for (int i = 0; i < values.length; i++) {
                        wide[i / 5 * 6 + i % 5] = values[i];
                    }
                    theirs.put(name, Value.Tensor.of(Names.raw(wide, 8L, 6L)));
                }
                case "W_pos", "b_in", "b_out" -> theirs.put(name, tensor);
                default -> {}
            }
        });
        theirs.put("blocks.0.attn.mask", Value.Tensor.of(Names.raw(new float[9], 3L, 3L)));

        assertSame(
                find(Value.Dict.empty(false).put("model", theirs).put("epoch", Value.Int.of(0)), null)
                        .weights(model),
                ours);
    }
}
