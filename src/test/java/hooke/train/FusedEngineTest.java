package hooke.train;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.Experiments;
import hooke.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The fused engine against libtorch's autograd, from the same weights and batches. */
final class FusedEngineTest {
    private static final String MODULAR = """
            name: tiny
            task: {kind: modular-arithmetic, operation: add, modulus: 11, train_fraction: 0.6}
            model: {n_layers: 1, d_model: 32, n_heads: 2, d_mlp: 48}
            train: {steps: 100, batch: full, threads: 1, loss_dtype: float64}
            """;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model.n_layers=1",
                "model.n_layers=1 model.biases=frozen",
                "model.n_layers=2",
                "model.n_layers=2 model.act_fn=gelu",
                "model.n_layers=1 model.act_fn=gelu model.biases=frozen",
                "model.n_layers=2 model.norm=layer-norm",
                "model.n_layers=2 model.norm=layer-norm model.norm.placement=post model.act_fn=gelu",
                "model.n_layers=1 model.norm=layer-norm model.norm.placement=post",
                "model.n_layers=3 model.d_model=8 model.n_heads=1 model.identity=[W_V,W_O]",
                "model.n_layers=2 model.d_model=10 model.n_heads=3 model.d_head=5 model.frozen=[W_E,blocks.1.attn.W_Q]",
                "model.n_layers=2 model.norm=layer-norm model.mask=full train.batch=16",
                "model.n_layers=2 model.norm=layer-norm model.norm.placement=post train.batch=16 train.loss_dtype=float32",
                "model.n_layers=1 train.threads=2"
            })
    void gradientsAreTheReferences(String settings) {
        List<String> sets = new ArrayList<>(List.of(settings.split(" ")));
        double difference = 0;
        double norm = 0;
        try (var torch = Training.begin(experiment(sets, "torch"));
                var fused = Training.begin(experiment(sets, "fused"))) {
            for (int step = 0; step < 3; step++) {
                double ours = fused.update();
                double theirs = torch.update();
                assertThat(ours).isCloseTo(theirs, org.assertj.core.data.Offset.offset(1e-6));
                assertThat(fused.evaluateTest().loss())
                        .isCloseTo(torch.evaluateTest().loss(), org.assertj.core.data.Offset.offset(1e-5));
                if (step > 0) {
                    continue;
                }
                for (var weight : torch.model().weights().all().entrySet()) {
                    Tensor theirGradient = weight.getValue().grad();
                    if (theirGradient == null) {
                        continue;
                    }
                    float[] b = theirGradient.toFloats();
                    float[] a = java.util.Objects.requireNonNull(
                                    fused.model().weights().get(weight.getKey()).grad())
                            .toFloats();
                    double d = 0;
                    double n = 0;
                    for (int i = 0; i < a.length; i++) {
                        d += Math.pow(a[i] - b[i], 2);
                        n += b[i] * b[i];
                    }
                    difference += d;
                    norm += n;
                }
            }
        }
        assertThat(Math.sqrt(difference)).isLessThan(1e-5 * Math.sqrt(norm));
    }

    private static hooke.config.Experiment experiment(List<String> sets, String engine) {
        List<String> all = new ArrayList<>(sets);
        all.add("train.engine=" + engine);
        return Experiments.parse(MODULAR, "tiny.yaml", all).resolved(1);
    }
}
