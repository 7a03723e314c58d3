package hooke.interop.names;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.config.ModelConfig;
import hooke.interop.pickle.Value;
import hooke.model.Weights;
import hooke.task.FiniteTask;
import hooke.task.Question;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.RawTensor;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.train.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Weights of which nobody knows the experiment become a model of the sizes that they have. */
class UnknownModelTest {
    private static ModelConfig model(String settings) {
        String yaml = """
                name: copies
                task: {kind: list-copy, list_length: 2, n_digits: 5}
                model: {n_layers: 2, d_model: 8, n_heads: 2, d_mlp: 12, %s}
                train: {steps: 10}
                """.formatted(settings);
        return Experiments.parse(yaml, "copies", List.of()).model();
    }

    private static Value.Dict dict(Names names, ModelConfig model) {
        SequencedMap<String, RawTensor> weights = new LinkedHashMap<>();
        try (var _ = new Scope();
                Rng rng = Rng.seeded(3)) {
            Weights.draw(model, DType.F32, Device.CPU, rng)
                    .all()
                    .forEach((name, tensor) -> weights.put(
                            name,
                            Names.raw(tensor.toFloats(), tensor.raw().shape().toArray(Long[]::new))));
        }
        return names.stateDict(model, weights);
    }

    private static Experiment experiment(StateDict found) {
        List<String> sets = new ArrayList<>(UnknownModel.settings(found));
        sets.add("train.steps=1");
        return Experiments.parse("task: {kind: none}", "looked", sets).resolved(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "act_fn: relu, mask: causal",
                "act_fn: gelu, norm: layer-norm, mask: full",
                "d_head: 3, mask: causal"
            })
    void sizesFollowFromTransformerLensNames(String settings) {
        ModelConfig model = model(settings);
        Value.Dict file = Value.Dict.empty(false)
                .put("state_dict", dict(new TransformerLensNames(), model))
                .put("cfg", TransformerLensConfig.of(model));
        StateDict found = StateDict.find(new Located("f.pt", file), null);
        Experiment experiment = experiment(found);

        assertThat(experiment.model()).isEqualTo(model);
        assertThat(found.weights(experiment.model())).isNotEmpty();
        assertThatThrownBy(() -> Training.begin(experiment))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("task none has no examples");
    }

    @Test
    void headsOfNanoGptFollowFromItsArguments() {
        ModelConfig model = model("act_fn: gelu, norm: layer-norm, mask: causal, tied_embeddings: true");
        Value.Dict file = Value.Dict.empty(false)
                .put("model", dict(new NanoGptNames(), model))
                .put("model_args", Value.Dict.empty(false).put("n_head", Value.Int.of(2)));
        StateDict found = StateDict.find(new Located("f.pt", file), null);

        assertThat(experiment(found).model()).isEqualTo(model);
        StateDict alone = StateDict.find(new Located("f.pt", dict(new NanoGptNames(), model)), null);
        assertThatThrownBy(() -> experiment(alone)).hasMessageContaining("model.n_heads is missing");
        Value.Dict other =
                Value.Dict.empty(false).put("layers.0.weight", Value.Tensor.of(Names.raw(new float[4], 2L, 2L)));
        assertThatThrownBy(() -> UnknownModel.settings(StateDict.find(new Located("f.pt", other), null)))
                .hasMessageContaining("names of no known layout");
    }

    /** What other programs have no form for, as Hooke's own files have it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "n_layers: 3, d_model: 8, widths: [8, 4, 8], n_heads: 2",
                "n_layers: 1, d_model: 8, n_heads: 2, norm: {kind: layer-norm, placement: post}",
                "n_layers: 1, d_model: 8, n_heads: 2, attention: {kind: top-k, k: 2}"
            })
    void aFileThatHookeWroteIsReadWhateverItsForm(String settings) {
        Experiment experiment = Experiments.parse(
                "task: {kind: list-copy, list_length: 2, n_digits: 5}\nmodel: {" + settings + "}\ntrain: {steps: 1}",
                "own",
                List.of());
        Value.Dict own = Value.Dict.empty(true);
        try (var _ = new Scope();
                Rng rng = Rng.seeded(3)) {
            Weights.draw(experiment.model(), DType.F32, Device.CPU, rng)
                    .all()
                    .forEach((name, tensor) -> own.put(
                            name,
                            Value.Tensor.of(Names.raw(
                                    tensor.toFloats(), tensor.raw().shape().toArray(Long[]::new)))));
        }
        assertThatThrownBy(() ->
                        StateDict.find(new Located("x.safetensors", own), null).weights(experiment.model()))
                .hasMessageContaining("TransformerLens");

        own.put("experiment", new Value.Text(experiment.toJson()));
        assertThat(StateDict.find(new Located("x.safetensors", own), null).weights(experiment.model()))
                .containsKey("blocks.0.attn.W_Q");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "config.json|{\"n_head\": 2, \"n_inner\": null, \"activation_function\": \"relu\"}|",
                "config.json|{\"num_attention_heads\": 4}|num_attention_heads is 4, and model.n_heads of the experiment is 2",
                "config.json|{\"hidden_act\": \"gelu\"}|hidden_act is gelu, and model.act_fn of the experiment is relu",
                "config.yaml|{n_head: {desc: null, value: 1}}|n_head is 1, and model.n_heads of the experiment is 2",
                "config.yaml|{model: {value: {n_layer: 3}}}|model, n_layer is 3, and model.n_layers of the experiment is 2",
                "config.json|not a configuration|"
            })
    void whatAConfigurationBesideTheFileSaysMustNotContradictTheModel(
            String name, String text, @Nullable String refused, @TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve(name), text);
        ModelConfig model = model("act_fn: relu");
        var file = new Located("model.pth", dict(new TransformerLensNames(), model));
        StateDict found = StateDict.find(file, null).beside(folder.resolve("model.pth"));

        if (refused == null) {
            assertThat(found.weights(model)).isNotEmpty();
        } else {
            assertThatThrownBy(() -> found.weights(model))
                    .hasMessageContaining(name + " beside the weights, " + refused);
        }
    }

    @Test
    void aQuestionIsTokensByTheirNumbers() {
        FiniteTask task = FiniteTask.of(Experiments.parse(
                        "task: {kind: none, d_vocab: 5, d_vocab_out: 4, n_ctx: 3}\n"
                                + "model: {n_layers: 1, d_model: 4, n_heads: 1}\ntrain: {steps: 1}",
                        "looked",
                        List.of())
                .task());

        assertThat(task.parseQuestion(List.of("4", "0", "2")).tokens()).containsExactly(4, 0, 2);
        assertThat(task.sentence(new int[] {4, 0, 2}, new int[] {3})).isEqualTo("4 0 2 -> 3");
        assertThat(task.parseQuestion(List.of("4", "0")))
                .as("shorter than the context")
                .isInstanceOfSatisfying(
                        Question.AtOnce.class, q -> assertThat(q.positions()).containsExactly(1));
        assertThatThrownBy(() -> task.parseQuestion(List.of("4", "0", "1", "1")))
                .hasMessageContaining("must be 1 to 3 tokens");
        assertThatThrownBy(() -> task.parseQuestion(List.of("4", "0", "5")))
                .hasMessageContaining("tokens go from 0 to 4");
    }
}
