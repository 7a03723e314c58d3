package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.task.Batch;
import hooke.task.EvaluationSet;
import hooke.tensor.RawTensor;
import hooke.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fused engine against libtorch's autograd, from the same weights on the same batches, and against itself. */
final class FusedEngineTest {
    private static final String MODULAR = """
            name: tiny
            task: {kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.6}
            model: {n_layers: 1, d_model: 32, n_heads: 2, d_mlp: 48}
            train: {steps: 1000, batch: full, threads: 1, loss_dtype: float64, optimizer: {lr: 1e-3}}
            """;

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void gradientsOfAnyCoveredSettingsAreTheReferences(int draw) {
        assertReferencesGradients(settings(new Random(draw)));
    }

    /** Models that are computed with examples side by side. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15})
    void gradientsOfNarrowModelsAreTheReferences(int draw) {
        var random = new Random(100 + draw);
        List<String> settings = settings(random);
        int heads = 1 + random.nextInt(2);
        settings.add("model.n_heads=" + heads);
        settings.add("model.d_model=" + heads * (2 + random.nextInt(7)));
        settings.add("train.loss_dtype=float32");
        assertReferencesGradients(settings);
    }

    /** Wide ones row by row, narrow ones with examples side by side; LayerNorm's gain and bias alone each. */
    @ParameterizedTest
    @CsvSource({"32, pre", "32, post", "8, pre", "8, post"})
    void frozenBiasesStayZero(int width, String placement) {
        List<String> settings = List.of(
                "model.d_model=" + width,
                "model.norm={kind: layer-norm, placement: " + placement + "}",
                "model.init=pytorch",
                "model.frozen=[b_Q, b_V, blocks.0.mlp.b_in, b_U, blocks.0.ln1.b, blocks.0.ln2.w, ln_final.b]",
                "train.loss_dtype=float32");
        assertReferencesGradients(settings);
        try (var fused = Training.begin(experiment(settings, "fused"))) {
            for (int step = 0; step < 5; step++) {
                fused.advance();
            }
            for (String name : List.of("blocks.0.attn.b_Q", "blocks.0.mlp.b_in", "unembed.b_U", "blocks.0.ln1.b")) {
                assertThat(fused.model().weights().get(name).toFloats())
                        .as(name)
                        .containsOnly(0);
            }
            assertThat(fused.model().weights().get("blocks.0.ln2.w").toFloats()).containsOnly(1);
            assertThat(fused.model().weights().get("blocks.0.ln2.b").toFloats()).doesNotContain(0);
        }
    }

    private static void assertReferencesGradients(List<String> settings) {
        Experiment reference = experiment(settings, "torch");
        try (var fused = Training.begin(experiment(settings, "fused"))) {
            for (int checkpoint = 0; checkpoint <= 10; checkpoint++) {
                Batch batch = fused.batch();
                Map<String, RawTensor> weights = copies(fused.weights());
                try (var torch = Training.of(reference, fused.split(), weights)) {
                    assertThat(fused.evaluate(EvaluationSet.TEST).loss())
                            .as("test loss, %s", settings)
                            .isCloseTo(torch.evaluate(EvaluationSet.TEST).loss(), within(2e-6));
                    double loss = torch.advance(batch).loss();
                    assertThat(fused.advance(batch).loss())
                            .as("loss, %s", settings)
                            .isCloseTo(loss, within(2e-6));
                    assertGradientsAgree(fused, torch, settings + " at " + fused.step());
                }
                fused.advance();
                fused.advance();
            }
        }
    }

    /** One of all settings that are covered. */
    private static List<String> settings(Random random) {
        List<String> sets = new ArrayList<>();
        boolean lists = random.nextInt(3) == 0;
        if (lists) {
            sets.add("task={kind: list-copy, list_length: 2, n_digits: 9, train_fraction: 0.7}");
        } else if (random.nextBoolean()) {
            sets.add(
                    "task={kind: modular-arithmetic, operation: divide, modulus: 7, format: equation, train_fraction: 0.6}");
        }
        int heads = 1 + random.nextInt(3);
        int layers = 1 + random.nextInt(3);
        sets.add("model.n_layers=" + layers);
        sets.add("model.n_heads=" + heads);
        sets.add("model.d_model=" + heads * (3 + random.nextInt(12)));
        boolean attnOnly = random.nextInt(3) == 0;
        if (attnOnly) {
            sets.add("model.d_mlp=0");
            sets.add("model.attn_only=true");
        } else {
            sets.add("model.d_mlp=" + (5 + random.nextInt(60)));
            sets.add("model.act_fn=" + (random.nextBoolean() ? "gelu" : "relu"));
        }
        switch (random.nextInt(4)) {
            case 0 -> sets.add("model.norm={kind: layer-norm, placement: pre, bias: " + (layers != 2) + "}");
            case 1 -> sets.add("model.norm={kind: layer-norm, placement: post, bias: " + (layers != 2) + "}");
            default -> sets.add("model.norm=none");
        }
        sets.add("model.mask="
                + List.of("causal", "full", lists ? "bottleneck" : "{kind: local, window: 2}")
                        .get(random.nextInt(3)));
        boolean biases = random.nextBoolean();
        sets.add("model.biases=" + (biases ? "trained" : "frozen"));
        sets.add("model.init=" + (random.nextBoolean() ? "pytorch" : "gpt2"));
        if (random.nextInt(3) == 0) {
            sets.add("model.identity=" + List.of("[W_V]", "[W_O]", "[W_V, W_O]").get(random.nextInt(3)));
        }
        if (random.nextInt(3) == 0) {
            sets.add("model.frozen="
                    + List.of("[W_E]", "[W_pos, W_U]", "[blocks.0.attn.W_Q]", "[b_Q, b_K, b_V, b_O, b_U]")
                            .get(random.nextInt(biases ? 4 : 3)));
        } else if (lists && random.nextBoolean()) {
            sets.add("model.tied_embeddings=true");
        }
        if (random.nextBoolean()) {
            sets.add("train.batch=16");
            sets.add("train.order=" + (random.nextBoolean() ? "with-replacement" : "reshuffle"));
            sets.add("train.loss_dtype=float32");
        }
        if (random.nextInt(3) == 0) {
            sets.add("train.schedule={kind: warmup, steps: 5}");
        }
        return sets;
    }

    @Test
    void adamClippingAndAccumulationAreThoseOfTheReference() {
        for (String by : List.of("mean", "sum")) {
            List<String> settings = List.of(
                    "train.batch=16",
                    "train.loss_dtype=float32",
                    "train.optimizer={kind: adam, lr: 0.01}",
                    "train.accumulate=3",
                    "train.accumulate_by=" + by,
                    "train.clip_norm=0.05");
            try (var fused = Training.begin(experiment(settings, "fused"));
                    var torch = Training.begin(experiment(settings, "torch"))) {
                for (int step = 0; step < 12; step++) {
                    double loss = torch.advance().loss();
                    assertThat(fused.advance().loss()).as(by + " at " + step).isCloseTo(loss, within(2e-5));
                }
                assertGradientsAgree(fused, torch, by);
                double norm = torch.model().weights().gradients().norm().item();
                assertThat(norm).isCloseTo(0.05, within(1e-5));
            }
        }
    }

    private static void assertGradientsAgree(Training fused, Training torch, String where) {
        double difference = 0;
        double norm = 0;
        for (var weight : torch.model().weights().all().entrySet()) {
            Tensor theirs = weight.getValue().grad();
            if (theirs != null) {
                Tensor ours = Objects.requireNonNull(
                        fused.model().weights().get(weight.getKey()).grad());
                float[] a = ours.toFloats();
                float[] b = theirs.toFloats();
                for (int i = 0; i < a.length; i++) {
                    difference += Math.pow(a[i] - b[i], 2);
                    norm += Math.pow(b[i], 2);
                }
            }
        }
        assertThat(norm).isPositive();
        assertThat(Math.sqrt(difference / norm)).as(where).isLessThan(1e-5);
    }

    @Test
    void theSameBytesOnRepeatOnResumeAndWithTwoThreads() {
        for (String threads : List.of("train.threads=1", "train.threads=2")) {
            for (List<String> more : List.of(
                    List.of("train.batch=full"),
                    List.of("train.batch=16"),
                    List.of("train.batch=full", "model.d_model=8", "train.loss_dtype=float32"),
                    List.of("train.batch=16", "model.d_model=8", "train.loss_dtype=float32"))) {
                List<String> settings = new ArrayList<>(more);
                settings.addAll(List.of(threads, "model.act_fn=gelu"));
                Experiment experiment = experiment(settings, "fused");
                Map<String, byte[]> straight = bytes(experiment, 20);
                assertThat(bytes(experiment, 20)).containsExactlyEntriesOf(straight);
                try (var first = Training.begin(experiment)) {
                    for (int step = 0; step < 12; step++) {
                        first.advance();
                    }
                    var state = new Training.State(12, copies(first.weights()), copies(first.optimizerState()));
                    try (var second = Training.resume(experiment, state)) {
                        for (int step = 12; step < 20; step++) {
                            second.advance();
                        }
                        assertThat(bytes(second)).containsExactlyEntriesOf(straight);
                    }
                }
            }
        }
    }

    @Test
    void aCheckpointGoesOnWithTheOtherEngine() {
        List<String> settings = List.of("model.n_layers=2", "train.schedule={kind: warmup, steps: 30}");
        try (var fused = Training.begin(experiment(settings, "fused"))) {
            for (int step = 0; step < 10; step++) {
                fused.advance();
            }
            var state = new Training.State(10, copies(fused.weights()), copies(fused.optimizerState()));
            try (var torch = Training.resume(experiment(settings, "torch"), state)) {
                for (int step = 0; step < 5; step++) {
                    assertThat(torch.advance().loss()).isCloseTo(fused.advance().loss(), within(1e-6));
                }
            }
        }
    }

    private static Map<String, byte[]> bytes(Experiment experiment, int steps) {
        try (var training = Training.begin(experiment)) {
            for (int step = 0; step < steps; step++) {
                training.advance();
            }
            return bytes(training);
        }
    }

    private static Map<String, byte[]> bytes(Training training) {
        Map<String, byte[]> bytes = new LinkedHashMap<>();
        training.weights().forEach((name, raw) -> bytes.put(name, raw.data().toArray(ValueLayout.JAVA_BYTE)));
        training.optimizerState()
                .forEach((name, raw) -> bytes.put(name, raw.data().toArray(ValueLayout.JAVA_BYTE)));
        return bytes;
    }

    private static Map<String, RawTensor> copies(Map<String, RawTensor> tensors) {
        Map<String, RawTensor> copies = new LinkedHashMap<>();
        tensors.forEach((name, raw) -> copies.put(
                name,
                new RawTensor(
                        raw.dtype(),
                        raw.shape(),
                        MemorySegment.ofArray(raw.data().toArray(ValueLayout.JAVA_BYTE)))));
        return copies;
    }

    private static Experiment experiment(List<String> settings, String engine) {
        List<String> all = new ArrayList<>(settings);
        all.add("train.engine=" + engine);
        return Experiments.parse(MODULAR, "tiny.yaml", all).resolved(1);
    }
}
