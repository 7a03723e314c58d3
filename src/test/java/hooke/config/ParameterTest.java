package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ParameterTest {
    private static List<Parameter> of(String experiment, String... sets) {
        return Parameter.of(Experiments.named(experiment, Path.of("experiments"), List.of(sets))
                .model());
    }

    /** Names in order, shapes and what trains, as recorded from TransformerLens. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            modmul113                            | modmul-113   |
            listcopy/d8_3L_noLN_noBias_fWV_fWO   | list-copy-d8 |
            listcopy/d128_3L_LN_Bias_uWV_uWO     | list-copy    | model.norm=layer-norm
            listcopy/d128_2L_noLN_Bias_uWV_uWO   | list-copy    | model.n_layers=2
            """)
    void listIsTransformerLens(String set, String experiment, String change) throws IOException {
        JsonNode recorded = JsonMapper.shared()
                .readTree(Files.readString(Path.of("golden/" + set + "/run.json")))
                .path("parameters");
        Map<String, Parameter> ours = new LinkedHashMap<>();
        for (Parameter p : change == null ? of(experiment) : of(experiment, change)) {
            ours.put(p.name(), p);
        }
        assertThat(ours.keySet()).containsExactlyElementsOf(recorded.propertyNames());
        for (Parameter p : ours.values()) {
            List<Integer> shape = new ArrayList<>();
            recorded.path(p.name()).path("shape").forEach(n -> shape.add(n.asInt()));
            assertThat(p.shape()).as(p.name()).isEqualTo(shape);
            assertThat(p.trainable())
                    .as(p.name())
                    .isEqualTo(recorded.path(p.name()).path("trainable").asBoolean());
        }
    }

    @Test
    void frozenNamesOneLayersWeightOrAllOfThem() {
        assertThat(of("list-copy", "model.frozen=[W_K, blocks.1.attn.W_Q, embed.W_E]").stream()
                        .filter(p -> !p.trainable())
                        .map(Parameter::name))
                .containsExactly(
                        "embed.W_E",
                        "blocks.0.attn.W_K",
                        "blocks.1.attn.W_Q",
                        "blocks.1.attn.W_K",
                        "blocks.2.attn.W_K");
    }

    @Test
    void frozenTakesBiasesSoThatThoseOfTheMlpAloneTrain() {
        assertThat(of("quick-grok", "model.frozen=[b_Q, b_K, blocks.0.attn.b_V, b_O, unembed.b_U]").stream()
                        .filter(p -> p.trainable() && p.shortName().startsWith("b"))
                        .map(Parameter::name))
                .containsExactly("blocks.0.mlp.b_in", "blocks.0.mlp.b_out");
        assertThat(of("quick-grok", "model.norm=layer-norm", "model.frozen=[b, ln_final.w]").stream()
                        .filter(p -> !p.trainable())
                        .map(Parameter::name))
                .containsExactly("blocks.0.ln1.b", "blocks.0.ln2.b", "ln_final.w", "ln_final.b");
    }
}
