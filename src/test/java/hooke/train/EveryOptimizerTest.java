package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.fused.kernels.Gemm;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each optimizer and gradient filter on each engine: the same training, the same bytes on resume, and no other's state. */
final class EveryOptimizerTest {
    /** What trains, in all its kinds. */
    private enum Recipe {
        ADAMW("optimizer={kind: adamw, lr: 1e-3, weight_decay: 0.5, decay: matrices}"),
        ADAM("optimizer={kind: adam, lr: 1e-3, weight_decay: 0.1, decay: matrices}"),
        SGD("optimizer={kind: sgd, lr: 0.05, weight_decay: 0.01}"),
        MOMENTUM("optimizer={kind: sgd, lr: 0.02, momentum: 0.9, nesterov: true, weight_decay: 0.01, decay: matrices}"),
        ADAGRAD("optimizer={kind: adagrad, lr: 0.003, initial_accumulator: 0.01, weight_decay: 0.01}"),
        RMSPROP("optimizer={kind: rmsprop, lr: 1e-3, eps: 1e-3, centered: true, momentum: 0.5, weight_decay: 0.01}"),
        LION("optimizer={kind: lion, lr: 1e-4, weight_decay: 0.5}"),
        MUON("optimizer={kind: muon, lr: 0.01, adam_lr: 1e-3, weight_decay: 0.1, decay: matrices}"),
        EMA("gradient_filter={kind: ema, alpha: 0.9, lamb: 2}"),
        MA("gradient_filter={kind: ma, window: 3, lamb: 2}");

        private final String setting;

        Recipe(String setting) {
            this.setting = "train." + setting;
        }
    }

    private static Experiment tiny(Recipe recipe, String... more) {
        return experiment("""
                task: {kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.6}
                model: {n_layers: 1, d_model: 30, n_heads: 2, d_mlp: 44, norm: layer-norm}
                train: {steps: 40, batch: 20, threads: 2, clip_norm: 0.5, schedule: cosine}
                """, recipe, more);
    }

    private static Experiment life(Recipe recipe, String... more) {
        return experiment("""
                task: {kind: life, boards: {kind: drawn, widths: [3, 4], train: 30, test: 8}}
                model: {n_layers: 2, d_model: 20, n_heads: 2, d_head: 12, norm: rms-norm, positions: rotary}
                train: {steps: 40, batch: 5, threads: 2, clip_norm: 0.5, schedule: {kind: linear, warmup: 2}}
                """, recipe, more);
    }

    private static Experiment experiment(String yaml, Recipe recipe, String... more) {
        List<String> sets = new ArrayList<>(List.of(recipe.setting));
        sets.addAll(List.of(more));
        return Experiments.parse(yaml, "tiny", sets).resolved(2);
    }

    private static Training.State state(Training training) {
        return new Training.State(training.step(), copies(training.weights()), copies(training.optimizerState()));
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

    private static void assertSame(Training.State a, Training.State b) {
        for (var pair : List.of(Map.entry(a.weights(), b.weights()), Map.entry(a.moments(), b.moments()))) {
            assertThat(pair.getKey().keySet()).isEqualTo(pair.getValue().keySet());
            pair.getKey()
                    .forEach((name, raw) -> assertThat(raw.data()
                                    .mismatch(pair.getValue().get(name).data()))
                            .as(name)
                            .isEqualTo(-1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void bothEnginesTrainAlike(Recipe recipe) {
        for (Experiment fused : List.of(tiny(recipe), life(recipe))) {
            assertThat(fused.train().engine().name()).isEqualTo("FUSED");
            Experiment torch = fused.isTiny() ? tiny(recipe, "train.engine=torch") : life(recipe, "train.engine=torch");
            try (var ours = Training.begin(fused);
                    var theirs = Training.begin(torch)) {
                for (int step = 0; step < 8; step++) {
                    assertThat(ours.advance().loss())
                            .as("%s at %s", recipe, step)
                            .isCloseTo(theirs.advance().loss(), within(5e-5));
                }
                try (var torchGoesOn = Training.resume(torch, state(ours));
                        var fusedGoesOn = Training.resume(fused, state(theirs))) {
                    double loss = ours.advance().loss();
                    assertThat(torchGoesOn.advance().loss()).isCloseTo(loss, within(5e-5));
                    assertThat(fusedGoesOn.advance().loss()).isCloseTo(loss, within(1e-4));
                    double next = ours.advance().loss();
                    assertThat(torchGoesOn.advance().loss()).isCloseTo(next, within(5e-5));
                    assertThat(fusedGoesOn.advance().loss()).isCloseTo(next, within(1e-4));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aResumedTrainingHasTheSameBytesWithAnyThreads(Recipe recipe) {
        List<List<Experiment>> all = List.of(
                List.of(tiny(recipe), tiny(recipe)),
                List.of(tiny(recipe, "train.engine=torch"), tiny(recipe, "train.engine=torch")),
                List.of(life(recipe), life(recipe, "train.threads=3")),
                List.of(life(recipe, "train.engine=torch"), life(recipe, "train.engine=torch")));
        for (List<Experiment> pair : all) {
            try (var straight = Training.begin(pair.getFirst())) {
                for (int step = 0; step < 5; step++) {
                    straight.advance();
                }
                try (var resumed = Training.resume(pair.getLast(), state(straight))) {
                    for (int step = 0; step < 3; step++) {
                        assertThat(resumed.advance().loss())
                                .isEqualTo(straight.advance().loss());
                    }
                    assertSame(state(resumed), state(straight));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void eachTrainsInFloat64AndInBf16WhereThereIsSuchAProcessor(Recipe recipe) {
        try (var single = Training.begin(tiny(recipe, "train.engine=torch"));
                var twice = Training.begin(tiny(recipe, "train.engine=torch", "train.precision=float64"))) {
            for (int step = 0; step < 5; step++) {
                assertThat(twice.advance().loss()).isCloseTo(single.advance().loss(), within(1e-4));
            }
        }
        if (Gemm.ofBf16().isPresent()) {
            try (var floats = Training.begin(life(recipe));
                    var bf16 = Training.begin(life(recipe, "train.precision=bf16"))) {
                for (int step = 0; step < 5; step++) {
                    assertThat(bf16.advance().loss()).isCloseTo(floats.advance().loss(), within(0.05));
                }
            }
        }
    }

    @Test
    void anothersStateIsRefused() {
        for (String engine : List.of("fused", "torch")) {
            try (var sgd = Training.begin(tiny(Recipe.MOMENTUM, "train.engine=" + engine))) {
                sgd.advance();
                Training.State state = state(sgd);
                assertThatThrownBy(() -> Training.resume(tiny(Recipe.LION, "train.engine=" + engine), state))
                        .isInstanceOf(InputException.class)
                        .hasMessageMatching(
                                "the checkpoint is of another optimizer, model or gradient filter: it remembers"
                                        + " sgd\\.momentum \\[\\d+], and this training lion\\.momentum \\[\\d+]");
            }
        }
    }
}
