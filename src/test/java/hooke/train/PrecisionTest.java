package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.store.Provenance;
import hooke.store.RunReader;
import hooke.store.RunWriter;
import hooke.store.Store;
import hooke.tensor.DType;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Training in float64: the same run as in float32 but for rounding, all of it kept in float64, and resumed so. */
final class PrecisionTest {
    @TempDir
    private Path folder;

    private static Experiment experiment(String precision, String model) {
        return Experiments.parse("""
                task: {kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.6}
                model: {n_layers: 2, d_model: 16, n_heads: 2, norm: %s}
                train: {steps: 30, batch: 20, evaluate_every: 10, checkpoint_every: 10, precision: %s, engine: torch, threads: 1}
                """.formatted(model, precision), "tiny", List.of());
    }

    private static double loss(Experiment experiment) {
        try (Training training = Training.begin(experiment)) {
            return Trainer.train(training, new Recording()).last().train().loss();
        }
    }

    @Test
    void itIsTheSameTrainingButForRounding() {
        for (String norm : List.of("none", "layer-norm")) {
            double single = loss(experiment("float32", norm));
            double twice = loss(experiment("float64", norm));

            assertThat(twice).isCloseTo(single, within(1e-4)).isNotEqualTo(single);
        }
    }

    @Test
    void aRunInterruptedInItGoesOnInIt() {
        Experiment experiment = experiment("float64", "none");
        var here = Provenance.here("0.1.0", "", "", "", "a test", Clock.systemUTC());
        try (Store store = Store.open(folder)) {
            try (RunWriter writer = store.claim(experiment, here)) {
                int[] asked = {0};
                new StoredTraining(store, writer).train(r -> r, _ -> {}, () -> ++asked[0] == 15);
            }
            RunReader reader = store.read(store.find("tiny").run());
            try (Training training = StoredTraining.at(reader, reader.checkpoint(10))) {
                assertThat(training.weights().values()).allMatch(raw -> raw.dtype() == DType.F64);
                assertThat(training.optimizerState().values()).allMatch(raw -> raw.dtype() == DType.F64);
            }
            try (RunWriter writer = store.claim(experiment, here)) {
                Trainer.Result result = new StoredTraining(store, writer)
                        .train(r -> r, _ -> {}, () -> false)
                        .orElseThrow();
                assertThat(result.last().train().loss()).isEqualTo(loss(experiment));
            }
        }
    }

    @Test
    void theFusedEngineSaysThatItHasNone() {
        assertThat(experiment("float64", "none").beyondFused())
                .hasValueSatisfying(lack -> assertThat(lack).contains("train.precision is float64"));
        assertThatThrownBy(() ->
                        Experiments.parse(experiment("float64", "none").toYaml(), "x", List.of("train.engine=fused")))
                .hasMessageContaining("it computes in float32");
    }
}
