package hooke.check;

import hooke.config.Experiment;
import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.tensor.RawTensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/** The initial weights of the workloads, by the formula of {@link BenchSpec}, in our names and shapes. */
final class BenchWeights {
    private BenchWeights() {}

    static Map<String, RawTensor> modmul(Experiment experiment) {
        List<String> numbered = List.of("W_E", "W_pos", "W_Q", "W_K", "W_V", "W_O", "W_in", "W_out", "W_U");
        Map<String, RawTensor> weights = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(experiment.model())) {
            int k = numbered.indexOf(parameter.shortName());
            weights.put(
                    parameter.name(), k < 0 ? BenchSpec.constant(parameter, 0) : BenchSpec.fill(k, parameter, 0x1p-3));
        }
        return weights;
    }

    /** @param member whose tensors are numbered 1000 further on for each */
    static Map<String, RawTensor> listCopy(Experiment experiment, int member) {
        ModelConfig model = experiment.model();
        double halfWidth = model.dModel() < 128 ? 0x1p-1 : 0x1p-3;
        Map<String, RawTensor> weights = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(model)) {
            String name = parameter.shortName();
            int k = switch (name) {
                case "W_E" -> 0;
                case "W_pos" -> 1;
                case "W_Q", "W_K", "W_V", "W_O" -> 2 + 4 * layer(parameter) + "QKVO".indexOf(name.charAt(2));
                case "W_U" -> 2 + 4 * model.nLayers();
                default -> -1;
            };
            boolean identity = model.identity().stream().anyMatch(i -> i.name().equals(name));
            weights.put(
                    parameter.name(),
                    identity
                            ? BenchSpec.identity(parameter)
                            : k >= 0
                                    ? BenchSpec.fill(1000L * member + k, parameter, halfWidth)
                                    : BenchSpec.constant(parameter, name.equals("w") ? 1 : 0));
        }
        return weights;
    }

    /** Theirs are PyTorch's modules: linear maps as [out, in], queries, keys and values packed below each other. */
    static Map<String, RawTensor> grok(Experiment experiment) {
        ModelConfig model = experiment.model();
        int d = model.dModel();
        int head = model.dHead();
        int mlp = model.dMlp();
        int classes = model.dVocabOut();
        Map<String, RawTensor> weights = new LinkedHashMap<>();
        for (Parameter parameter : Parameter.of(model)) {
            String name = parameter.shortName();
            int first = 2 + 4 * layer(parameter);
            weights.put(
                    parameter.name(),
                    switch (name) {
                        case "W_E" -> BenchSpec.fill(0, parameter, 2);
                        case "W_pos" -> BenchSpec.fill(1, parameter, 2);
                        case "W_Q", "W_K", "W_V" -> {
                            int part = "QKV".indexOf(name.charAt(2)) * d;
                            IntUnaryOperator place = i -> (part + i / (d * head) * head + i % head) * d
                                    + i / head % d; // [head, d_model, d_head]
                            yield BenchSpec.fill(first, parameter, 0x1p-3, place);
                        }
                        case "W_O" -> BenchSpec.fill(first + 1, parameter, 0x1p-3, i -> i % d * d + i / d);
                        case "W_in" -> BenchSpec.fill(first + 2, parameter, 0x1p-3, i -> i % mlp * d + i / mlp);
                        case "W_out" -> BenchSpec.fill(first + 3, parameter, 0x1p-4, i -> i % d * mlp + i / d);
                        case "W_U" -> BenchSpec.fill(10, parameter, 0x1p-3, i -> i % classes * d + i / classes);
                        default -> BenchSpec.constant(parameter, name.equals("w") ? 1 : 0);
                    });
        }
        return weights;
    }

    /** Of which layer it is; -1 for the others. */
    static int layer(Parameter parameter) {
        return parameter.name().startsWith("blocks.")
                ? Integer.parseInt(parameter.name().split("\\.")[1])
                : -1;
    }
}
