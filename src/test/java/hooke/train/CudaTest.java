package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.tensor.Device;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where this build and this machine have an NVIDIA GPU: what it computes is what the processor computes. */
final class CudaTest {
    @BeforeAll
    static void needsGpu() {
        boolean there;
        try {
            there = Device.CUDA.checkAvailable() == Device.CUDA;
        } catch (InputException none) {
            there = false;
        }
        assumeTrue(there, "no NVIDIA GPU, or a build without CUDA");
    }

    private static Experiment experiment(String settings, String... more) {
        List<String> sets = new ArrayList<>(List.of(more));
        sets.add("train.engine=torch");
        return Experiments.parse("""
                task: {kind: list-copy, list_length: 3, n_digits: 5, train_fraction: 0.6}
                model: {n_layers: 2, d_model: 12, n_heads: 2, d_mlp: 16}
                train: {steps: 40, batch: 10, threads: 1, clip_norm: 0.5, schedule: {kind: cosine, warmup: 2}}
                """, "tiny", all(sets, settings)).resolved(1);
    }

    private static List<String> all(List<String> sets, String settings) {
        List<String> all = new ArrayList<>(sets);
        settings.lines().filter(line -> !line.isBlank()).forEach(all::add);
        return all;
    }

    private static Map<String, double[]> values(Map<String, RawTensor> weights) {
        Map<String, double[]> values = new LinkedHashMap<>();
        weights.forEach((name, raw) -> values.put(name, raw.data().toArray(ValueLayout.JAVA_DOUBLE_UNALIGNED)));
        return values;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "model.norm=layer-norm\nmodel.act_fn=gelu\ntrain.dropout=0.1",
                "model.positions=rotary\nmodel.norm=rms-norm\nmodel.gated_mlp=true\nmodel.act_fn=silu",
                "model.mask=full\nmodel.tied_embeddings=true",
                "model.mask={kind: local, window: 3}",
                "model.mask={kind: heads, masks: [{kind: strided, stride: 2}, causal]}",
                "model.attention={kind: top-k, k: 2}",
                "model.attention={kind: sparsek, k: 2}\ntrain.dropout=0.1",
                "train.accumulate=2",
                "train.optimizer={kind: muon, lr: 0.01}",
                "train.optimizer={kind: lion, lr: 0.001}\nmodel.without_biases=[attention]",
                "train.optimizer={kind: rmsprop, lr: 0.001, eps: 0.001, centered: true}",
                "train.optimizer={kind: adagrad, lr: 0.01, initial_accumulator: 0.1}",
                "train.gradient_filter={kind: ema, alpha: 0.9, lamb: 2}",
                "task={kind: modular-arithmetic, operation: multiply, modulus: 11, train_fraction: 0.6}\ntrain.batch=full",
                "task={kind: life, boards: {kind: drawn, widths: [3, 4], train: 30, test: 8}}\nmodel.norm=layer-norm\ntrain.forgetful_mask=0.2"
            })
    void trainsAsTheProcessorDoes(String settings) {
        Experiment cpu = experiment(settings, "train.precision=float64");
        Experiment cuda = experiment(settings, "train.precision=float64", "train.device=cuda");
        try (var ours = Training.begin(cpu);
                var theirs = Training.begin(cuda)) {
            for (int step = 0; step < 6; step++) {
                assertThat(theirs.advance().loss())
                        .as("loss at %s", step)
                        .isCloseTo(ours.advance().loss(), within(1e-8));
            }
            Map<String, double[]> expected = values(ours.weights());
            values(theirs.weights())
                    .forEach((name, actual) ->
                            assertThat(actual).as(name).containsExactly(expected.get(name), within(1e-6)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"float32", "float64"})
    void goesOnFromACheckpoint(String precision) {
        Experiment experiment = experiment("", "train.precision=" + precision, "train.device=cuda");
        try (var straight = Training.begin(experiment)) {
            for (int step = 0; step < 5; step++) {
                straight.advance();
            }
            var state =
                    new Training.State(straight.step(), copies(straight.weights()), copies(straight.optimizerState()));
            try (var resumed = Training.resume(experiment, state)) {
                for (int step = 0; step < 5; step++) {
                    assertThat(resumed.advance().loss())
                            .isCloseTo(straight.advance().loss(), within(1e-5));
                }
            }
        }
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
}
