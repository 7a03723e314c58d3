package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Training with dropout: a stream of its own, and nothing of it where a model is measured. */
final class DropoutTrainingTest {
    private static Experiment experiment(String... settings) {
        return Experiments.parse("""
                task: {kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.6}
                model: {n_layers: 2, d_model: 24, n_heads: 2, d_mlp: 32, norm: layer-norm}
                train: {steps: 40, batch: 20, accumulate: 2, dropout: 0.2, engine: torch, threads: 1}
                """, "tiny", List.of(settings)).resolved(2);
    }

    private static Map<String, RawTensor> copies(Map<String, RawTensor> named) {
        Map<String, RawTensor> copies = new LinkedHashMap<>();
        named.forEach((name, raw) -> copies.put(
                name,
                new RawTensor(
                        raw.dtype(),
                        raw.shape(),
                        MemorySegment.ofArray(raw.data().toArray(ValueLayout.JAVA_BYTE)))));
        return copies;
    }

    @Test
    void itChangesTheLossOfTrainingAndOfNothingElse() {
        try (var plain = Training.begin(experiment("train.dropout=none"));
                var dropped = Training.begin(experiment())) {
            assertThat(dropped.evaluate()).isEqualTo(plain.evaluate());
            assertThat(dropped.evaluate(dropped.batch())).isEqualTo(plain.evaluate(plain.batch()));
            double with = dropped.advance().loss();
            assertThat(with).isNotEqualTo(plain.advance().loss());
            assertThat(dropped.evaluate()).isNotEqualTo(plain.evaluate());
        }
    }

    @Test
    void everyBatchHasDrawsOfItsOwnAndTheSeedNamesThem() {
        try (var training = Training.begin(experiment("train.optimizer.lr=1e-30"));
                var again = Training.begin(experiment("train.optimizer.lr=1e-30"));
                var other = Training.begin(
                        experiment("train.optimizer.lr=1e-30", "seeds={split: 0, weights: 0, order: 0}"));
                var seeded = Training.begin(
                        experiment("train.optimizer.lr=1e-30", "seeds={split: 0, weights: 0, order: 0}", "seed=1"))) {
            var batch = training.batch();
            double first = training.advance(batch).loss();
            assertThat(again.advance(batch).loss()).isEqualTo(first);
            assertThat(training.advance(batch).loss()).isNotEqualTo(first);
            assertThat(seeded.advance().loss()).isNotEqualTo(other.advance().loss());
        }
    }

    @Test
    void aResumedTrainingDrawsTheSame() {
        try (var straight = Training.begin(experiment())) {
            for (int step = 0; step < 4; step++) {
                straight.advance();
            }
            var state = new Training.State(4, copies(straight.weights()), copies(straight.optimizerState()));
            try (var resumed = Training.resume(experiment(), state)) {
                for (int step = 0; step < 3; step++) {
                    assertThat(resumed.advance().loss())
                            .isEqualTo(straight.advance().loss());
                }
            }
        }
    }

    /** Batches of one update, and pieces of a batch, among them. */
    @Test
    void bothEnginesTakeTheSameAway() {
        try (var torch = Training.begin(experiment());
                var fused = Training.begin(experiment("train.engine=fused"))) {
            for (int step = 0; step < 5; step++) {
                assertThat(fused.advance().loss()).isCloseTo(torch.advance().loss(), within(1e-5));
            }
        }
    }
}
