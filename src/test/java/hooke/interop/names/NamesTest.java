package hooke.interop.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.hook.Hooks;
import hooke.interop.pickle.Value;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.RawTensor;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
    /** nanogpt.pth: weights under nanoGPT's names, tokens, and the logits that torch 2.15 computes; nanogpt.py made it. */
    private static Path fixture() throws URISyntaxException {
        URL url = Objects.requireNonNull(NamesTest.class.getResource("nanogpt.pth"));
        return Path.of(url.toURI());
    }

    private static ModelConfig model(String... settings) {
        String yaml = """
                name: nano
                task: {kind: list-copy, list_length: 2, n_digits: 11}
                model:
                  n_layers: 2
                  d_model: 8
                  n_heads: 2
                  act_fn: gelu
                  tied_embeddings: true
                  norm: {kind: layer-norm, eps: 1.0e-5}
                train: {steps: 10, batch: full, optimizer: {kind: adamw, lr: 0.001}}
                """;
        Experiment experiment = Experiments.parse(yaml, "nano", List.of(settings));
        return experiment.model();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void nanoGptsWeightsGiveTheLogitsOfPyTorch(boolean tied) throws URISyntaxException {
        ModelConfig model = model("model.tied_embeddings=" + tied);
        try (Arena arena = Arena.ofConfined();
                var _ = new Scope()) {
            Located file = WeightsFile.open(fixture(), arena);
            var weights = Weights.of(model, DType.F32, Device.CPU, WeightsFile.read(fixture(), model, arena));
            long[] flat = Tensor.of(file.get("tokens").tensor().raw()).toLongs();
            int[][] tokens = new int[3][5];
            for (int i = 0; i < flat.length; i++) {
                tokens[i / 5][i % 5] = (int) flat[i];
            }
            float[] logits =
                    new Transformer(weights).forward(tokens, Hooks.NONE).toFloats();
            float[] recorded = Tensor.of(file.get("logits").tensor().raw()).toFloats();

            assertThat(logits).hasSameSizeAs(recorded);
            for (int i = 0; i < logits.length; i++) {
                assertThat(logits[i]).isCloseTo(recorded[i], org.assertj.core.api.Assertions.within(2e-5f));
            }
        }
    }

    @Test
    void nanoGptsStateDictComesBackBitForBit() throws URISyntaxException {
        ModelConfig model = model();
        try (Arena arena = Arena.ofConfined()) {
            Located recorded = WeightsFile.open(fixture(), arena).get("model");
            Value.Dict written = new NanoGptNames().stateDict(model, new NanoGptNames().weights(model, recorded));

            assertSame(new Located("written", written).tensors(), recorded.tensors());
        }
    }

    private static void assertSame(Map<String, Value.Tensor> ours, Map<String, Value.Tensor> theirs) {
        assertThat(ours.keySet()).containsExactlyInAnyOrderElementsOf(theirs.keySet());
        ours.forEach((name, tensor) -> {
            RawTensor other = Objects.requireNonNull(theirs.get(name)).raw();
            assertThat(tensor.shape()).as(name).isEqualTo(other.shape());
            assertThat(tensor.raw().data().mismatch(other.data())).as(name).isEqualTo(-1);
        });
    }

    @Test
    void nanoGptWithoutBiasesHasZeros() throws URISyntaxException {
        try (Arena arena = Arena.ofConfined()) {
            Value.Dict plain = Value.Dict.empty(true);
            Value.Dict some = Value.Dict.empty(true);
            WeightsFile.open(fixture(), arena).get("model").tensors().forEach((name, tensor) -> {
                if (name.endsWith(".weight")) {
                    plain.put("_orig_mod." + name, tensor);
                }
                if (!name.equals("transformer.h.1.mlp.c_fc.bias")) {
                    some.put(name, tensor);
                }
            });
            var weights = new NanoGptNames().weights(model(), new Located("compiled.pth", plain));

            assertThat(Objects.requireNonNull(weights.get("blocks.1.mlp.b_in"))
                            .data()
                            .toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED))
                    .containsOnly(0);
            assertThatThrownBy(() -> new NanoGptNames().weights(model(), new Located("some.pth", some)))
                    .hasMessage("some.pth is not of this model: it lacks transformer.h.1.mlp.c_fc.bias");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.norm.eps=1e-6 | eps 1.0e-5",
                "model.norm.placement=post | placement pre",
                "model.norm.bias=false | placement pre and a bias",
                "model.norm=none | LayerNorm",
                "model.act_fn=relu | GELU",
                "model.mask=full | causal mask",
                "model.d_head=2 | model.d_head (2) times model.n_heads (2) must be 8",
                "model.attn_only=true | an MLP in every block"
            })
    void whatNanoGptCannotExpressIsRefusedByName(String line) {
        String[] parts = line.split(" \\| ");
        ModelConfig other = model(parts[0]);

        assertThatThrownBy(() -> new NanoGptNames().stateDict(other, drawn(other)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(parts[1]);
    }

    @Test
    void nanoGptHasTheEmbeddingForItsHead() {
        ModelConfig untied = model("model.tied_embeddings=false");

        assertThatThrownBy(() -> new NanoGptNames().stateDict(untied, drawn(untied)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("ties lm_head to the embedding");
        assertThat(new NanoGptNames().stateDict(model(), drawn(model())).get("lm_head.weight"))
                .isNotNull();
    }

    /** On the heap, as drawn. */
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.mask=causal",
                "model.mask=full",
                "model.mask={kind: local, window: 2}",
                "model.mask=bottleneck",
                "model.norm=none",
                "model.tied_embeddings=false",
                "model.attn_only=true",
                "model.positions=rotary",
                "model.norm=rms-norm",
                "model.gated_mlp=true",
                "model.without_biases=[attention, unembed]"
            })
    void transformerLensNamesComeBackBitForBit(String setting) {
        ModelConfig model = model(setting);
        var weights = drawn(model);
        Value.Dict dict = new TransformerLensNames().stateDict(model, weights);
        var read = new TransformerLensNames().weights(model, new Located("tl.pth", dict));

        assertThat(read.sequencedKeySet()).containsExactlyElementsOf(weights.keySet());
        weights.forEach((name, raw) -> assertThat(
                        Objects.requireNonNull(read.get(name)).data().mismatch(raw.data()))
                .as(name)
                .isEqualTo(-1));
        assertThat(dict.get("blocks.1.attn.mask")).isNotNull();
        assertThat(dict.get("blocks.0.attn.IGNORE")).isNotNull();
        assertThat(dict.get("unembed.W_U")).isNotNull();
    }

    @Test
    void xTransformersNamesComeBackBitForBit() {
        ModelConfig model = model(
                "model.tied_embeddings=false",
                "model.positions={kind: rotary, dims: 2}",
                "model.norm={kind: layer-norm, bias: false}",
                "model.without_biases=[attention, unembed]");
        var weights = drawn(model);
        Value.Dict dict = new XTransformersNames().stateDict(model, weights);
        StateDict found = StateDict.find(new Located("x.pth", dict), null);

        assertThat(dict.get("net.attn_layers.layers.3.1.ff.0.0.bias")).isNotNull();
        var read = found.weights(model);
        assertThat(read.sequencedKeySet()).containsExactlyElementsOf(weights.keySet());
        weights.forEach((name, raw) -> assertThat(
                        Objects.requireNonNull(read.get(name)).data().mismatch(raw.data()))
                .as(name)
                .isEqualTo(-1));
        ModelConfig slower = model(
                "model.tied_embeddings=false",
                "model.positions={kind: rotary, dims: 2, base: 500}",
                "model.norm={kind: layer-norm, bias: false}",
                "model.without_biases=[attention, unembed]");
        assertThat(found.weights(slower)).isNotNull(); // The first pair turns at 1 whatever the base.
        assertThatThrownBy(() -> found.weights(model("model.tied_embeddings=false")))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model.positions must be rotary");
    }

    @Test
    void everyTensorThatDoesNotFitIsNamed() {
        ModelConfig model = model();
        Value.Dict dict = new TransformerLensNames().stateDict(model, drawn(model));
        Value.Dict wrong = Value.Dict.empty(true);
        dict.entries().forEach((key, value) -> {
            if (!key.equals(new Value.Text("blocks.1.attn.W_V"))) {
                wrong.put(key, value);
            }
        });
        wrong.put("blocks.2.attn.mask", Objects.requireNonNull(dict.get("blocks.0.attn.mask")));
        wrong.put("embed.W_E", Objects.requireNonNull(dict.get("pos_embed.W_pos")));
        wrong.put(
                "ln_final.w",
                Value.Tensor.of(new RawTensor(DType.I64, List.of(8L), MemorySegment.ofArray(new long[8]))));

        assertThatThrownBy(() -> new TransformerLensNames().weights(model, new Located("tl.pth", wrong)))
                .isInstanceOf(InputException.class)
                .hasMessage("tl.pth is not of this model: embed.W_E has shape [5, 8] where [12, 8] is needed; "
                        + "ln_final.w has type I64, which weights cannot have; it lacks blocks.1.attn.W_V; "
                        + "the model has no place for its blocks.2.attn.mask");
    }

    @Test
    void aMaskOtherThanTheModelsIsRefused() {
        ModelConfig model = model();
        Value.Dict dict = new TransformerLensNames().stateDict(model("model.mask=bottleneck"), drawn(model));

        assertThatThrownBy(() -> new TransformerLensNames().weights(model, new Located("tl.pth", dict)))
                .hasMessageContaining("tl.pth, blocks.0.attn.mask is not the mask of this model");
    }

    @Test
    void postNormIsNotTransformerLens() {
        ModelConfig post = model("model.norm.placement=post");

        assertThatThrownBy(() -> new TransformerLensNames().stateDict(post, drawn(post)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model.norm.placement must be pre");
    }
}
