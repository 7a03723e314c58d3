package hooke.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.ModelConfig;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.tensor.DType;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MixingTest {
    private static final int LENGTH = 40;

    /** Logits and the gradients of all weights. */
    private static Map<String, double[]> pass(Transformer model, int[][] examples, Hooks hooks) {
        Map<String, double[]> numbers = new LinkedHashMap<>();
        try (var _ = new Scope()) {
            model.weights().gradients().zeroInPlace();
            Tensor logits = model.forward(examples, hooks);
            logits.logSoftmax(-1).select(2, 1).sum().backward();
            numbers.put("logits", logits.toDoubles());
            numbers.put("gradients", model.weights().gradients().toDoubles());
        }
        return numbers;
    }

    @ParameterizedTest
    @ValueSource(strings = {"causal", "full", "{kind: local, window: 3}"})
    void longContextsGiveTheNumbersOfTheFormulaWhetherOrNotSomebodyLooksAtThePattern(String mask) {
        ModelConfig config = TinyModels.model(
                "{n_layers: 2, d_model: 12, n_heads: 3, d_mlp: 8, n_ctx: %s, mask: %s}".formatted(LENGTH, mask));
        var random = new Random(3);
        int[][] examples = IntStream.range(0, 3)
                .mapToObj(_ -> random.ints(LENGTH, 0, config.dVocab()).toArray())
                .toArray(int[][]::new);
        try (var _ = new Scope()) {
            var model = new Transformer(TinyModels.weights(config, DType.F64));
            Hooks looking = Hooks.NONE;
            for (int layer = 0; layer < config.nLayers(); layer++) {
                looking = looking.replace(Point.PATTERN.at(layer), pattern -> pattern);
            }
            Map<String, double[]> explicit = pass(model, examples, looking);

            pass(model, examples, Hooks.NONE)
                    .forEach((what, numbers) ->
                            assertThat(numbers).as(what).containsExactly(explicit.get(what), within(1e-11)));
        }
    }
}
