package hooke.config;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.form.Entries;
import hooke.config.form.Keys;
import hooke.config.form.Since;
import hooke.config.form.Tree;
import hooke.config.form.Words;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs keep their names: a key that came later changes no identity while it has the value that every run had before it came. */
final class IdentityTest {
    private static final String YAML = """
            task: {kind: modular-arithmetic, operation: add, modulus: 7, train_fraction: 0.6}
            model: {n_layers: 1, d_model: 16, n_heads: 2}
            train: {steps: 20}
            """;

    private record Key(String path, String before) {}

    /** Every key that came later, whatever record or variant it belongs to. */
    private static List<Key> later(Class<?> type, String path) {
        List<Key> all = new ArrayList<>();
        for (Class<?> record : type.isSealed() ? Words.variants(type) : List.<Class<?>>of(type)) {
            String within = type.isSealed() && !path.isEmpty() ? path + "." + Words.kind(record) : path;
            for (RecordComponent component : record.getRecordComponents()) {
                String below = Keys.join(within, Words.key(component.getName()));
                Since since = component.getAnnotation(Since.class);
                if (since != null) {
                    all.add(new Key(below, since.before()));
                }
                if (component.getType().isRecord() || component.getType().isSealed()) {
                    all.addAll(later(component.getType(), below));
                }
            }
        }
        return all;
    }

    @Test
    void theDefaultOfALaterKeyIsTheValueOfAllRunsBefore() {
        List<Key> keys = later(Experiment.class, "");

        assertThat(keys).extracting(Key::path).contains("train.milestones.named");
        for (Key key : keys) {
            Tree entry = new Defaults().entries().root();
            for (String name : key.path().split("\\.")) {
                entry = Entries.entry((Tree.Mapping) entry, name);
            }
            String kind = entry instanceof Tree.Mapping variants ? Entries.kind(variants) : null;
            assertThat(kind == null ? entry.yaml() : kind).as(key.path()).isEqualTo(key.before());
        }
    }

    @Test
    void onlyAnotherValueChangesTheIdentity() {
        Experiment plain = Experiments.parse(YAML, "x", List.of());
        String named = "train.milestones.named=[\"half: train_accuracy > 0.5\"]";
        Experiment other = Experiments.parse(YAML, "x", List.of(named));

        assertThat(Experiments.parse(plain.toJson(), "x", List.of()).hash()).isEqualTo(plain.hash());
        assertThat(other.hash()).isNotEqualTo(plain.hash());
        assertThat(Experiments.parse(other.toJson(), "x", List.of())).isEqualTo(other);
    }
}
