package hooke.lens.fourier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import hooke.InputException;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.hook.Cache;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.lens.fourier.Dissection.Keys;
import hooke.lens.fourier.ProgressLosses.Definition;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.NoGrad;
import hooke.tensor.Rng;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class DissectionTest {
    private static Experiment experiment(String task, String model) {
        return Experiments.parse("""
                name: tiny
                task: {%s}
                model: {n_layers: 1, d_model: 12, n_heads: 2, %s}
                train: {steps: 1, batch: full, engine: torch, threads: 1}
                """.formatted(task, model), "test", List.of());
    }

    private static Snapshot look(Experiment experiment, Keys keys) {
        try (var _ = new Scope();
                var rng = Rng.seeded(3)) {
            var model = new Transformer(Weights.draw(experiment.model(), DType.F64, Device.CPU, rng));
            return Dissection.of(experiment).look(7, model, keys, true);
        }
    }

    private static final String ADD = "kind: modular-arithmetic, operation: add, modulus: 9, train_fraction: 0.4";

    /** The neuron variant by its definition: activations without their projection, run through the rest of the model. */
    @Test
    void excluding_neurons_is_running_on_without_their_projection() {
        Experiment experiment = experiment(ADD, "biases: trained");
        double[] recorded = new double[1];
        double ours;
        try (var _ = new Scope();
                var _ = new NoGrad();
                var rng = Rng.seeded(3)) {
            var model = new Transformer(Weights.draw(experiment.model(), DType.F64, Device.CPU, rng));
            Dissection dissection = Dissection.of(experiment);
            ours = dissection
                    .look(0, model, new Keys.Given(List.of(2)), false)
                    .losses(Definition.NEURONS)
                    .orElseThrow()
                    .excluded();
            int[][] tokens = new int[81][];
            for (int i = 0; i < 81; i++) {
                tokens[i] = dissection.task().tokens(dissection.group().example()[i]);
            }
            double[][] directions = new double[2][81];
            for (int i = 0; i < 81; i++) {
                double angle = 2 * Math.PI * 2 * (i / 9 + i % 9) / 9;
                directions[0][i] = Math.cos(angle) / Math.sqrt(81 / 2.0);
                directions[1][i] = Math.sin(angle) / Math.sqrt(81 / 2.0);
            }
            Hooks without = Hooks.NONE.replace(Point.MLP_POST.at(0), post -> {
                long width = post.size(-1);
                Tensor flat = post.reshape(81, 3 * width);
                Tensor rest = flat;
                for (double[] direction : directions) {
                    Tensor u = Tensor.of(direction, 81, 1);
                    rest = rest.minus(u.matmul(u.transpose(0, 1).matmul(flat)));
                }
                return rest.reshape(81, 3, width);
            });
            double[] logits = model.forward(tokens, without).select(1, 2).toDoubles();
            int trained = 0;
            for (int i = 0; i < 81; i++) {
                if (dissection.train()[i]) {
                    double[] row = java.util.Arrays.copyOfRange(logits, i * 9, i * 9 + 9);
                    recorded[0] += ProgressLosses.crossEntropy(row, (i / 9 + i % 9) % 9);
                    trained++;
                }
            }
            recorded[0] /= trained;
        }
        assertThat(ours).isCloseTo(recorded[0], within(1e-10));
    }

    @Test
    void what_a_plan_computes_is_what_the_whole_model_computes() {
        Experiment experiment = experiment(ADD, "biases: trained");
        try (var _ = new Scope();
                var _ = new NoGrad();
                var rng = Rng.seeded(3)) {
            var model = new Transformer(Weights.draw(experiment.model(), DType.F64, Device.CPU, rng));
            Dissection dissection = Dissection.of(experiment);
            PairOutputs outputs = PairOutputs.of(model, dissection.task(), dissection.group());
            var seen = new Cache(Point.MLP_POST.at(0));
            int[] question = dissection.task().tokens(dissection.group().example()[31]);
            double[] logits = model.forward(new int[][] {question}, Hooks.read(seen))
                    .select(1, 2)
                    .toDoubles();
            double[] neurons = seen.get(Point.MLP_POST.at(0)).select(1, 2).toDoubles();
            for (int c = 0; c < 9; c++) {
                assertThat(outputs.logits()[31 * 9 + c]).isCloseTo(logits[c], within(1e-12));
            }
            for (int j = 0; j < neurons.length; j++) {
                assertThat(outputs.neurons()[31 * neurons.length + j]).isCloseTo(neurons[j], within(1e-12));
            }
        }
    }

    @Test
    void a_model_without_mlp_has_no_neuron_measures() {
        Snapshot snapshot = look(experiment(ADD, "attn_only: true"), new Keys.Given(List.of(1, 3)));
        assertThat(snapshot.neuronLogit()).isEmpty();
        assertThat(snapshot.clusters()).isEmpty();
        assertThat(snapshot.losses(Definition.NEURONS)).isEmpty();
        assertThat(snapshot.losses(Definition.LOGITS)).isPresent();
    }

    @Test
    void a_norm_before_the_unembedding_leaves_the_definition_on_logits() {
        Snapshot snapshot = look(experiment(ADD, "norm: layer-norm"), new Keys.Given(List.of(1)));
        assertThat(snapshot.clusters()).isPresent();
        assertThat(snapshot.losses(Definition.NEURONS)).isEmpty();
        assertThat(snapshot.losses(Definition.LOGITS)).isPresent();
    }

    @Test
    void permutations_have_shares_and_no_frequencies() {
        Snapshot snapshot =
                look(experiment("kind: permutation, elements: 4, train_fraction: 0.5", "d_mlp: 16"), new Keys.Found());
        assertThat(snapshot.clusters()).isEmpty();
        assertThat(snapshot.shares()).isPresent();
        assertThat(snapshot.embedding().norms()).hasSize(5);
    }

    @Test
    void keys_that_are_no_frequencies_are_refused() {
        assertThatThrownBy(() -> look(experiment(ADD, "d_mlp: 16"), new Keys.Given(List.of(5))))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("key 5 does not exist for the cyclic group of order 9: keys go from 1 to 4");
    }
}
