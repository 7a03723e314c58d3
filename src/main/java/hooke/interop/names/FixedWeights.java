package hooke.interop.names;

import hooke.Check;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.tensor.RawTensor;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Weights that do not train, and what a model's configuration says that they are: another engine may not even look at them. */
public final class FixedWeights {
    private FixedWeights() {}

    /** Throws {@link hooke.InputException} where an identity is none, or what is frozen from zero, or from one, is something else. */
    static void check(String where, ModelConfig model, Map<String, RawTensor> weights) {
        for (Parameter parameter : Parameter.of(model)) {
            if (parameter.trainable()) {
                continue;
            }
            float[] values = values(weights, parameter.name());
            String name = parameter.shortName();
            if (model.identity().stream().anyMatch(i -> i.name().equals(name))) {
                Check.that(
                        isIdentity(
                                values,
                                parameter.shape().get(1),
                                parameter.shape().get(2)),
                        "%s, %s is not the identity, as model.identity says",
                        where,
                        parameter.name());
            } else if (!name.startsWith("W_")) {
                boolean gain = name.equals("w");
                Check.that(
                        isAll(values, gain ? 1 : 0),
                        "%s, %s is not %s everywhere, as model.%s says",
                        where,
                        parameter.name(),
                        gain ? "one" : "zero",
                        name.startsWith("b_") && model.biases() == ModelConfig.Biases.FROZEN
                                ? "biases: frozen"
                                : "frozen");
            }
        }
    }

    /** Throws {@link hooke.InputException} where a weight that is frozen differs between two moments of one training. */
    public static void checkSame(
            String where, ModelConfig model, Map<String, RawTensor> first, Map<String, RawTensor> later, long step) {
        for (Parameter parameter : Parameter.of(model)) {
            Check.that(
                    parameter.trainable()
                            || java.util.Arrays.equals(
                                    values(first, parameter.name()), values(later, parameter.name())),
                    "%s: its %s has changed by step %s, and model.frozen says that it does not train",
                    where,
                    parameter.name(),
                    step);
        }
    }

    /** The first weight that holds something other than numbers, as in "embed.W_E holds NaN". */
    public static Optional<String> broken(Map<String, RawTensor> weights) {
        for (String name : weights.keySet()) {
            for (float value : values(weights, name)) {
                if (!Float.isFinite(value)) {
                    return Optional.of(name + " holds " + value);
                }
            }
        }
        return Optional.empty();
    }

    private static float[] values(Map<String, RawTensor> weights, String name) {
        return Objects.requireNonNull(weights.get(name), name).data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }

    /** Of [head][row][column], for each head. */
    private static boolean isIdentity(float[] values, int rows, int columns) {
        for (int i = 0; i < values.length; i++) {
            if (values[i] != (i / columns % rows == i % columns ? 1 : 0)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAll(float[] values, float wanted) {
        for (float value : values) {
            if (value != wanted) {
                return false;
            }
        }
        return true;
    }
}
