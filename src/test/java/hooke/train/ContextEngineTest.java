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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fused engine on sequences against libtorch, and against itself. */
final class ContextEngineTest {
    private static final String LIFE = """
            name: tiny-life
            task: {kind: life, boards: {kind: drawn, widths: [3, 4], train: 30, test: 8}}
            model:
              n_layers: 2
              d_model: 24
              n_heads: 2
              d_head: 16
              act_fn: gelu
              positions: {kind: rotary, dims: 8}
              norm: {kind: layer-norm, bias: false}
              without_biases: [attention, unembed]
              init: xtransformers
            train:
              steps: 12
              batch: 5
              accumulate: 2
              accumulate_by: sum
              forgetful_mask: 0.15
              clip_norm: 0.5
              evaluate_every: 4
              threads: 2
              optimizer: {kind: adam, lr: 1e-3}
            """;

    private static Experiment life(String... settings) {
        return Experiments.parse(LIFE, "life", List.of(settings)).resolved(2);
    }

    private static Map<String, float[]> copies(Map<String, RawTensor> named) {
        Map<String, float[]> copies = new LinkedHashMap<>();
        named.forEach((name, raw) -> copies.put(name, raw.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)));
        return copies;
    }

    private static Training.State state(Training training) {
        return new Training.State(training.step(), segments(training.weights()), segments(training.optimizerState()));
    }

    private static Map<String, RawTensor> segments(Map<String, RawTensor> named) {
        Map<String, RawTensor> copies = new LinkedHashMap<>();
        named.forEach((name, raw) -> copies.put(
                name,
                new RawTensor(
                        raw.dtype(),
                        raw.shape(),
                        MemorySegment.ofArray(raw.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)))));
        return copies;
    }

    private static void assertSame(Training a, Training b) {
        Map<String, float[]> theirs = copies(b.weights());
        copies(a.weights())
                .forEach((name, values) -> assertThat(Arrays.equals(values, theirs.get(name)))
                        .as(name)
                        .isTrue());
        Map<String, float[]> state = copies(b.optimizerState());
        copies(a.optimizerState())
                .forEach((name, values) -> assertThat(Arrays.equals(values, state.get(name)))
                        .as(name)
                        .isTrue());
    }

    @Test
    void autoTakesItForSequencesAndForPartsThatTinyModelsLack() {
        assertThat(life().train().engine().name()).isEqualTo("FUSED");
        assertThat(life().isTiny()).isFalse();
        Experiment gated = modular("model.gated_mlp=true");
        assertThat(gated.train().engine().name()).isEqualTo("FUSED");
        assertThat(gated.isTiny()).isFalse();
        assertThat(modular("train.batch=16").isTiny()).isTrue();
    }

    /** Losses, evaluations and weights of a training with all that Life asks for. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "train.loss_dtype=float32",
                "train.loss_dtype=float64",
                "train.accumulate_by=mean",
                "train.optimizer={kind: adamw, lr: 1e-3, weight_decay: 0.5, decay: matrices}"
            })
    void itTrainsAsTheReferenceDoes(String setting) {
        try (var fused = Training.begin(life(setting));
                var torch = Training.begin(life(setting, "train.engine=torch"))) {
            for (int step = 0; step < 6; step++) {
                Evaluation expected = torch.evaluate();
                Evaluation is = fused.evaluate();
                assertThat(is.values().keySet()).isEqualTo(expected.values().keySet());
                expected.values()
                        .forEach((series, value) ->
                                assertThat(is.values().get(series)).as(series).isCloseTo(value, within(2e-3)));
                assertThat(is.train().loss()).isCloseTo(expected.train().loss(), within(2e-5));
                assertThat(fused.advance().loss()).isCloseTo(torch.advance().loss(), within(2e-5));
            }
            Map<String, float[]> theirs = copies(torch.weights());
            copies(fused.weights()).forEach((name, values) -> {
                for (int i = 0; i < values.length; i++) {
                    assertThat(values[i]).as(name).isCloseTo(theirs.get(name)[i], within(2e-4f));
                }
            });
        }
    }

    @Test
    void theSameBytesOnRepeatOnResumeAndWithAnyThreads() {
        try (var straight = Training.begin(life());
                var again = Training.begin(life("train.threads=3"))) {
            for (int step = 0; step < 4; step++) {
                straight.advance();
                again.advance();
            }
            assertSame(straight, again);
            try (var resumed = Training.resume(life(), state(straight))) {
                for (int step = 0; step < 3; step++) {
                    assertThat(resumed.advance().loss())
                            .isEqualTo(straight.advance().loss());
                }
                assertSame(straight, resumed);
            }
        }
    }

    @Test
    void eachEngineGoesOnFromTheOther() {
        Experiment reference = life("train.engine=torch");
        try (var fused = Training.begin(life())) {
            fused.advance();
            fused.advance();
            try (var torch = Training.resume(reference, state(fused))) {
                assertThat(torch.advance().loss()).isCloseTo(fused.advance().loss(), within(2e-5));
                try (var back = Training.resume(life(), state(torch))) {
                    assertThat(back.advance().loss()).isCloseTo(torch.advance().loss(), within(2e-5));
                }
            }
        }
    }

    /** Byte for byte on the fused engine; libtorch adds the parts of a gradient in another order. */
    @ParameterizedTest
    @ValueSource(strings = {"fused", "torch"})
    void computingBlocksAgainChangesNoNumber(String engine) {
        String[] settings = {"train.engine=" + engine, "train.dropout=0.1", "model.n_layers=3"};
        try (var kept = Training.begin(life(settings));
                var again = Training.begin(life(with(settings, "train.recompute=blocks")))) {
            for (int step = 0; step < 3; step++) {
                assertThat(again.advance().loss())
                        .isCloseTo(kept.advance().loss(), within(engine.equals("fused") ? 0 : 1e-6));
            }
            Map<String, float[]> should = copies(kept.weights());
            copies(again.weights()).forEach((name, is) -> {
                if (engine.equals("fused")) {
                    assertThat(is).as(name).isEqualTo(should.get(name));
                } else {
                    assertThat(is).as(name).usingComparatorWithPrecision(1e-5f).containsExactly(should.get(name));
                }
            });
        }
    }

    /** Models whose embeddings are frozen, too: the first block's stream asks for no gradient then. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.frozen=[]",
                "model.frozen=[W_E, W_pos]",
                "model.norm={kind: layer-norm, placement: post}",
                "model={widths: [32, 16, 32], n_layers: 3}"
            })
    void libtorchComputesBlocksAgain(String setting) {
        try (var kept = Training.begin(modular("train.engine=torch", setting));
                var again = Training.begin(modular("train.engine=torch", setting, "train.recompute=blocks"))) {
            for (int step = 0; step < 3; step++) {
                assertThat(again.advance().loss()).isCloseTo(kept.advance().loss(), within(1e-6));
            }
        }
    }

    /** Where the processor has instructions for it; elsewhere it is refused before anything is begun. */
    @Test
    void bf16TrainsWhereTheProcessorHasIt() {
        Experiment bf16 = life("train.precision=bf16");
        assertThat(bf16.isTiny()).isFalse();
        if (Gemm.ofBf16().isPresent()) {
            try (var training = Training.begin(bf16);
                    var floats = Training.begin(life())) {
                assertThat(training.advance().loss()).isCloseTo(floats.advance().loss(), within(0.02));
            }
        } else {
            assertThatThrownBy(() -> Training.checkTrainable(bf16))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("train.precision (bf16) needs a processor that multiplies bfloat16");
            assertThatThrownBy(() -> Training.begin(bf16)).isInstanceOf(InputException.class);
        }
        assertThatThrownBy(() -> life("train.precision=bf16", "train.engine=torch"))
                .hasMessageContaining("train.precision (bf16) is the fused engine's alone, but train.engine is torch");
        assertThatThrownBy(() -> life("train.precision=bf16", "train.device=cuda"))
                .hasMessageContaining("it computes on CPUs only");
    }

    /** Of examples, too, only the answers count. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.gated_mlp=true",
                "model.norm=rms-norm",
                "model.positions={kind: rotary, dims: 4}",
                "model.d_model=520",
                "train.batch=16"
            })
    void examplesOfFiniteTasksAreTheReferences(String setting) {
        List<String> more = setting.equals("train.batch=16") ? List.of(setting, "model.act_fn=silu") : List.of(setting);
        String[] sets = more.toArray(String[]::new);
        try (var fused = Training.begin(modular(sets));
                var torch = Training.begin(modular(with(sets, "train.engine=torch")))) {
            assertThat(fused.experiment().train().engine().name()).isEqualTo("FUSED");
            for (int step = 0; step < 5; step++) {
                assertThat(fused.advance().loss()).isCloseTo(torch.advance().loss(), within(2e-5));
            }
            assertThat(fused.evaluate().train().loss())
                    .isCloseTo(torch.evaluate().train().loss(), within(2e-5));
            assertThat(fused.evaluate().train().accuracy())
                    .isCloseTo(torch.evaluate().train().accuracy(), within(0.02));
        }
    }

    private static String[] with(String[] settings, String one) {
        String[] all = Arrays.copyOf(settings, settings.length + 1);
        all[settings.length] = one;
        return all;
    }

    private static Experiment modular(String... settings) {
        return Experiments.parse("""
                name: modular
                task: {kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.6}
                model: {n_layers: 1, d_model: 32, n_heads: 2, d_mlp: 48}
                train: {steps: 100, batch: full, threads: 2, optimizer: {lr: 1e-3}}
                """, "modular", List.of(settings)).resolved(2);
    }
}
