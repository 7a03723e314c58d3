package hooke.model;

import static org.assertj.core.api.Assertions.assertThat;

import hooke.config.ModelConfig;
import hooke.hook.HookPoint;
import hooke.hook.Hooks;
import hooke.hook.Point;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.Dropout;
import hooke.tensor.Dropout.Place;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Dropout in the model is what hooks do that multiply by its draws, whatever a plan computes. */
final class DropsTest {
    static Stream<ModelConfig> models() {
        return Stream.concat(
                TinyModels.all(),
                Stream.of(TinyModels.model("{n_layers: 2, d_model: 6, n_heads: 2, d_mlp: 8, n_ctx: 14}")));
    }

    @ParameterizedTest
    @MethodSource("models")
    void itIsWhatHooksWouldDo(ModelConfig config) {
        try (var _ = new Scope()) {
            var model = new Transformer(TinyModels.weights(config, DType.F64));
            int[][] examples = new int[3][config.nCtx()];
            for (int i = 0; i < 3; i++) {
                for (int pos = 0; pos < config.nCtx(); pos++) {
                    examples[i][pos] = (5 * i + 3 * pos) % config.dVocab();
                }
            }
            Dropout.OfBatch drawn = new Dropout(11, 0.4, config.nHeads(), config.nCtx()).batch(6);
            Hooks hooks = Hooks.NONE.replace(Point.RESID_PRE.at(0), times(drawn, 0, Place.EMBEDDING));
            for (int layer = 0; layer < config.nLayers(); layer++) {
                hooks = hooks.replace(Point.ATTN_OUT.at(layer), times(drawn, layer, Place.ATTN_OUT))
                        .replace(Point.PATTERN.at(layer), times(drawn, layer, Place.PATTERN));
                HookPoint mlp = Point.MLP_OUT.at(layer);
                hooks = config.attnOnly() ? hooks : hooks.replace(mlp, times(drawn, layer, Place.MLP_OUT));
            }
            Plan whole = Plan.whole(config, device(model), config.nCtx());
            double[] expected = model.forward(whole.input(examples), hooks).toDoubles();
            double[] plain = model.forward(whole.input(examples)).toDoubles();
            double[] is = model.forward(whole.input(examples).dropping(drawn)).toDoubles();

            assertThat(distance(is, expected)).isLessThan(1e-12);
            assertThat(distance(is, plain)).isGreaterThan(1e-3);

            int[] read = {1, config.nCtx() - 1};
            Plan some = Plan.reading(config, device(model), read, config.nCtx());
            Tensor part = model.forward(some.input(examples).dropping(drawn));
            Tensor all = model.forward(whole.input(examples).dropping(drawn));
            double[] there = Tensor.cat(1, List.of(all.narrow(1, 1, 1), all.narrow(1, read[1], 1)))
                    .toDoubles();
            assertThat(distance(part.toDoubles(), there)).isLessThan(1e-12);
        }
    }

    private static Device device(Transformer model) {
        return model.weights().trainableValues().device();
    }

    /** By factors made number by number. */
    private static UnaryOperator<Tensor> times(Dropout.OfBatch drawn, int layer, Place place) {
        return x -> {
            long[] shape = x.shape();
            int width = Math.toIntExact(shape[shape.length - 1]);
            int rows = Math.toIntExact(x.numel()) / width;
            float[] factors = new float[rows * width];
            Dropout dropout = drawn.dropout();
            for (int i = 0; i < rows; i++) {
                int positions = Math.toIntExact(shape[shape.length - 2]);
                long row = place == Place.PATTERN
                        ? drawn.row(
                                drawn.place(layer, place),
                                i / positions / (int) shape[1],
                                i / positions % (int) shape[1],
                                i % positions)
                        : drawn.row(drawn.place(layer, place), i / positions, i % positions);
                for (int column = 0; column < width; column++) {
                    int hash = Dropout.hash((int) row, (int) (row >>> 32), column);
                    factors[i * width + column] = hash >>> 1 < dropout.limit() ? 0 : dropout.scale();
                }
            }
            return x.times(Tensor.of(factors, shape).to(DType.F64));
        };
    }

    private static double distance(double[] a, double[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }
}
