package hooke.fused.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.ModelConfig;
import hooke.model.Plan;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.task.Batch;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model that predicts the next token must not see it, whatever its mask and its way of choosing keys. */
final class CausalityTest {
    private static final int N_CTX = 90;
    private static final int SEEN = 61; // In the middle of a tile, of a window, of a stride and of a group.

    static List<String> settings() {
        List<String> masks = List.of(
                "causal",
                "{kind: local, window: 7}",
                "{kind: strided, stride: 5}",
                "{kind: strided-half, stride: 5}",
                "{kind: fixed, local_context: 6, verts: 2, num_verts: 1}",
                "{kind: layers, masks: [{kind: local, window: 4}, causal]}");
        return List.of("softmax", "{kind: top-k, k: 4}", "{kind: sparsek, k: 4}").stream()
                .flatMap(attention -> masks.stream().map(mask -> "mask: " + mask + ", attention: " + attention))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("settings")
    void whatIsPredictedDoesNotDependOnLaterTokens(String setting) {
        var random = new Random(5);
        ModelConfig config = Drawn.model(
                "{n_layers: 2, d_model: 24, n_heads: 2, d_mlp: 40, norm: layer-norm, " + setting + "}", N_CTX);
        Map<String, RawTensor> weights = Drawn.weights(config, random);
        Batch.Sequences batch = early(Drawn.batch(config, random, 2, N_CTX));
        Batch.Sequences later = changedFrom(SEEN, batch, config);
        Batch.Sequences earlier = changedFrom(SEEN - 1, batch, config);

        try (var model = new ContextModel(config, Drawn.options(2), weights)) {
            double loss = model.evaluate(batch).loss();
            assertThat(model.evaluate(later).loss()).isCloseTo(loss, within(1e-6 * loss));
            assertThat(Math.abs(model.evaluate(earlier).loss() - loss)).isGreaterThan(1e-4 * loss);
        }
        assertThat(firstLogits(config, weights, later))
                .containsExactly(firstLogits(config, weights, batch), within(1e-9));
        assertThat(firstLogits(config, weights, earlier)).isNotEqualTo(firstLogits(config, weights, batch));
    }

    /** Only the first SEEN positions ask for something. */
    private static Batch.Sequences early(Batch.Sequences batch) {
        int[][] targets = Arrays.stream(batch.targets()).map(int[]::clone).toArray(int[][]::new);
        for (int[] row : targets) {
            row[SEEN - 1] = 0;
            Arrays.fill(row, SEEN, row.length, Batch.Sequences.NONE);
        }
        return new Batch.Sequences(batch.tokens(), targets);
    }

    private static Batch.Sequences changedFrom(int position, Batch.Sequences batch, ModelConfig config) {
        int[][] tokens = Arrays.stream(batch.tokens()).map(int[]::clone).toArray(int[][]::new);
        for (int[] row : tokens) {
            for (int p = position; p < row.length; p++) {
                row[p] = (row[p] + 1) % config.dVocab();
            }
        }
        return new Batch.Sequences(tokens, batch.targets());
    }

    /** The reference's logits at the first SEEN positions of the first sequence. */
    private static double[] firstLogits(ModelConfig config, Map<String, RawTensor> weights, Batch.Sequences batch) {
        try (var _ = new Scope()) {
            var model = new Transformer(Weights.of(config, DType.F64, Device.CPU, weights));
            Plan plan = Plan.whole(config, Device.CPU, N_CTX);
            double[] all = model.forward(plan.input(batch.tokens(), batch.hidden()))
                    .contiguous()
                    .toDoubles();
            return Arrays.copyOf(all, SEEN * config.dVocabOut());
        }
    }
}
