package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import hooke.config.form.Components;
import hooke.config.form.Entries;
import hooke.config.form.Tree;
import hooke.config.form.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    private static final Path FILE = Path.of("docs/experiment.schema.json");

    private static List<String> complaints(String text, InputFormat format) {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Experiments.schema(), InputFormat.JSON)
                .validate(text, format)
                .stream()
                .map(error -> error.getInstanceLocation() + " " + error.getMessage())
                .toList();
    }

    @Test
    void schemaInDocsIsCurrent() throws IOException {
        if (Boolean.getBoolean("schema.write")) {
            Files.writeString(FILE, Experiments.schema());
        }
        assertThat(Files.exists(FILE) ? Files.readString(FILE) : "")
                .as("%s is not what the records say; run ./mvnw -q test -Dtest=SchemaTest -Dschema.write=true", FILE)
                .isEqualTo(Experiments.schema());
    }

    @Test
    void everyKeyAndEveryKindHasAnEntryInTheDefaults() {
        assertEntries(Experiment.class, new Defaults().entries().root());
    }

    private static void assertEntries(Class<?> type, Tree.Mapping entry) {
        if (type.isSealed()) {
            Entries.entry(entry, "kind");
            Words.variants(type)
                    .forEach(variant -> assertEntries(variant, Entries.variant(entry, Words.kind(variant))));
        } else if (type.isRecord()) {
            Components components = Components.of(type);
            for (int i = 0; i < components.keys().size(); i++) {
                Tree below = Entries.entry(entry, components.keys().get(i));
                if (below instanceof Tree.Mapping keys) {
                    assertEntries(components.all().get(i).getType(), keys);
                }
            }
        }
    }

    @Test
    void schemaIsASchema() {
        assertThat(SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(
                                com.networknt.schema.SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"))
                        .validate(Experiments.schema(), InputFormat.JSON))
                .isEmpty();
    }

    @Test
    void shippedExperimentsFollowIt() throws IOException {
        Path folder = Path.of("experiments");
        for (Path file : Experiments.names(folder).stream()
                .map(name -> folder.resolve(name + ".yaml"))
                .toList()) {
            assertThat(complaints(Files.readString(file), InputFormat.YAML))
                    .as("%s", file)
                    .isEmpty();
        }
    }

    @Test
    void whateverReadsFollowsIt() {
        var random = new Random(11);
        for (int i = 0; i < 200; i++) {
            Experiment experiment = AnyExperiment.of(random);
            assertThat(complaints(experiment.toJson(), InputFormat.JSON))
                    .as(experiment.toYaml())
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "modle: {}",
                "train: {}",
                "train: {steps: many}",
                "train: {steps: 1, batch: ful}",
                "train: {steps: 1, threads: 0}",
                "train: {steps: 1, stop: reached}",
                "train: {steps: 1, stop: {kind: reached, metric: test-accuracy}}",
                "train: {steps: 1, optimizer: {kind: sgdm}}",
                "task: {kind: modular-arithmetic, operation: add}",
                "task: {operation: add, modulus: 5}",
                "task: {kind: list-copy, list_length: 2, n_digits: 5, modulus: 5}",
                "model: {n_layers: 1, d_model: 8}",
                "model: {n_layers: 1, d_model: 8, n_heads: 1, identity: [W_Q]}",
            })
    void whatIsWrongIsSeenByEditors(String part) {
        String whole = """
                task: {kind: modular-arithmetic, operation: add, modulus: 5}
                model: {n_layers: 1, d_model: 8, n_heads: 1}
                train: {steps: 1, stop: never, batch: 3}
                """;
        assertThat(complaints(whole, InputFormat.YAML)).isEmpty();
        String key = part.substring(0, part.indexOf(':'));
        String damaged = whole.replaceFirst("(?m)^" + key + ":.*\n", "") + part + "\n";
        assertThat(complaints(damaged, InputFormat.YAML)).isNotEmpty();
    }

    @Test
    void fileThatExtendsAnotherMayLeaveOutAnything() {
        assertThat(complaints("extends: a.yaml\ntask: {modulus: 97}\ntrain: {stop: {patience: 3}}", InputFormat.YAML))
                .isEmpty();
        assertThat(complaints("extends: a.yaml\ntask: {modulos: 97}", InputFormat.YAML))
                .isNotEmpty();
    }
}
