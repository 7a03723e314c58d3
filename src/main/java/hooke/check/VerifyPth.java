package hooke.check;

import hooke.InputException;
import hooke.check.GoldenSet.Tolerance;
import hooke.config.Experiment;
import hooke.config.Experiments;
import hooke.hook.Hooks;
import hooke.interop.ModmulCheckpoint;
import hooke.interop.names.Located;
import hooke.interop.pickle.Pth;
import hooke.interop.pickle.Value;
import hooke.model.Transformer;
import hooke.model.Weights;
import hooke.tensor.DType;
import hooke.tensor.Device;
import hooke.tensor.NoGrad;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import java.lang.foreign.Arena;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The family {@code pth}: files of {@code torch.save}, the good ones read bit for bit and the hostile ones refused. */
final class VerifyPth {
    /** The set's README gives it. */
    private static final double LOGITS = 1e-6;

    private final GoldenSet set;
    private final List<Finding> findings = new ArrayList<>();

    private VerifyPth(GoldenSet set) {
        this.set = set;
    }

    static List<Finding> of(GoldenSet set) {
        var verify = new VerifyPth(set);
        var hostile = verify.comparison("hostile");
        for (JsonNode recorded : set.json("cases.json").path("cases")) {
            if (recorded.path("expect").asString("").equals("values")) {
                verify.good(recorded);
            } else {
                verify.refused(hostile, recorded);
            }
        }
        verify.findings.addAll(hostile.findings());
        verify.logits();
        return verify.findings;
    }

    /** The card's layout, read as a run; what its final model answers to every pair. */
    private void logits() {
        var comparison = new Deviation(set.name(), Tolerance.absolute("mod_mult_mini, logits", LOGITS));
        try (Arena arena = Arena.ofConfined();
                var _ = new Scope();
                var _ = new NoGrad()) {
            Path file = set.path("good/mod_mult_mini.pth");
            Experiment like = Experiments.named(ModmulCheckpoint.LIKE, Path.of("experiments"), List.of());
            var checkpoint = ModmulCheckpoint.read(
                    new Located(file.toString(), Pth.read(file, arena)), "golden", like, List.of());
            Experiment experiment = checkpoint.experiment();
            var weights = checkpoint.weights(experiment.train().steps());
            var model = new Transformer(Weights.of(experiment.model(), DType.F32, Device.CPU, weights));
            SequencedMap<String, RawTensor> recorded = set.tensors("good/mod_mult_mini.logits.safetensors");
            int[][] tokens = Recorded.examples(recorded, "tokens");
            comparison.tensor(
                    "logits", model.forward(tokens, Hooks.NONE), Objects.requireNonNull(recorded.get("logits")));
        }
        findings.addAll(comparison.findings());
    }

    private Deviation comparison(String quantity) {
        return new Deviation(set.name(), Tolerance.absolute(quantity, 0));
    }

    private void good(JsonNode recorded) {
        String file = recorded.path("file").asString("");
        var comparison = comparison(file);
        try (Arena arena = Arena.ofConfined()) {
            var flat = new Flat();
            flat.add("", Pth.read(set.path(file), arena));
            SequencedMap<String, RawTensor> tensors =
                    set.tensors(recorded.path("tensors").asString(""));
            names(comparison, new TreeSet<>(flat.tensors.keySet()), new TreeSet<>(tensors.keySet()));
            tensors.forEach((name, raw) -> bits(comparison, name, flat.tensors.get(name), raw));
            Map<String, JsonNode> scalars = new LinkedHashMap<>();
            recorded.path("scalars").properties().forEach(e -> scalars.put(e.getKey(), e.getValue()));
            names(comparison, new TreeSet<>(flat.scalars.keySet()), new TreeSet<>(scalars.keySet()));
            scalars.forEach((name, value) -> scalar(comparison, name, flat.scalars.get(name), value));
        } catch (InputException e) {
            comparison.missing(String.valueOf(e.getMessage()));
        }
        findings.addAll(comparison.findings());
    }

    private static void names(Deviation comparison, Set<String> ours, Set<String> recorded) {
        comparison.number("names " + ours + " against " + recorded, ours.equals(recorded) ? 0 : 1, 0);
    }

    private static void bits(Deviation comparison, String name, Value.@Nullable Tensor ours, RawTensor recorded) {
        if (ours == null || ours.dtype() != recorded.dtype() || !ours.shape().equals(recorded.shape())) {
            comparison.missing(name + " " + recorded.dtype() + recorded.shape());
            return;
        }
        long first = ours.raw().data().mismatch(recorded.data());
        comparison.number(name + ", byte " + first, first < 0 ? 0 : 1, 0);
    }

    private static void scalar(Deviation comparison, String name, @Nullable Value ours, JsonNode recorded) {
        comparison.number(name, ours != null && same(ours, recorded) ? 0 : 1, 0);
    }

    /** Whether a value is what Python's json module made of the recorded one; of an object, field by field. */
    private static boolean same(Value ours, JsonNode recorded) {
        return switch (ours) {
            case Value.None() -> recorded.isNull();
            case Value.Bool(boolean b) -> recorded.isBoolean() && recorded.asBoolean() == b;
            case Value.Int(BigInteger n) ->
                recorded.isIntegralNumber() && recorded.bigIntegerValue().equals(n);
            case Value.Real(double x) ->
                recorded.isNumber() && recorded.asDouble() == x
                        || recorded.isString() && recorded.asString().equals(Double.toString(x)); // "Infinity"
            case Value.Text(String text) ->
                recorded.isString() && recorded.asString("").equals(text);
            case Value.Items items -> same(items.values(), recorded);
            case Value.Tuple(List<Value> values) -> same(values, recorded);
            case Value.Named(String name) -> recorded.asString("").equals(name);
            case Value.Dict dict ->
                recorded.isObject()
                        && dict.entries().size() == recorded.size()
                        && dict.entries().entrySet().stream()
                                .allMatch(e -> same(e.getValue(), recorded.path(Flat.word(e.getKey()))));
            case Value.Obj(String type, Value.Dict fields) ->
                recorded.path("__class__").asString("").equals(type)
                        && fields.entries().size() == recorded.size() - 1
                        && fields.entries().entrySet().stream()
                                .allMatch(e -> same(e.getValue(), recorded.path(Flat.word(e.getKey()))));
            case Value.Bytes _, Value.Tensor _, Value.Storage _, Value.Unread _ -> false;
        };
    }

    private static boolean same(List<Value> ours, JsonNode recorded) {
        return recorded.isArray()
                && ours.size() == recorded.size()
                && IntStream.range(0, ours.size()).allMatch(i -> same(ours.get(i), recorded.path(i)));
    }

    private void refused(Deviation comparison, JsonNode recorded) {
        Path file = set.path(recorded.path("file").asString(""));
        boolean fine;
        try (Arena arena = Arena.ofConfined()) {
            Pth.read(file, arena);
            fine = !recorded.path("also_ok").isNull();
        } catch (InputException e) {
            String sentence = String.valueOf(e.getMessage());
            fine = sentence.startsWith(file.toString()) && sentence.lines().count() == 1;
        }
        comparison.number(file.getFileName() + ", " + recorded.path("reason").asString(""), fine ? 0 : 1, 0);
    }

    /** A value as the recording flattened it: tensors and all the rest, by the keys that lead there. */
    private static final class Flat {
        private final Map<String, Value.Tensor> tensors = new LinkedHashMap<>();
        private final Map<String, Value> scalars = new LinkedHashMap<>();

        void add(String path, Value value) {
            switch (value) {
                case Value.Tensor tensor -> tensors.put(path, tensor);
                case Value.Dict dict -> dict.entries().forEach((key, entry) -> add(below(path, word(key)), entry));
                case Value.Items items when isDeep(items.values()) -> add(path, items.values());
                case Value.Tuple(List<Value> values) when isDeep(values) -> add(path, values);
                default -> scalars.put(path, value);
            }
        }

        private void add(String path, List<Value> values) {
            for (int i = 0; i < values.size(); i++) {
                add(below(path, Integer.toString(i)), values.get(i));
            }
        }

        private static boolean isDeep(List<Value> values) {
            return values.stream().anyMatch(v -> v instanceof Value.Dict || v instanceof Value.Tensor);
        }

        private static String below(String path, String key) {
            return path.isEmpty() ? key : path + "/" + key;
        }

        static String word(Value key) {
            return switch (key) {
                case Value.Text(String text) -> text;
                case Value.Int(BigInteger number) -> number.toString();
                default -> throw new IllegalStateException("a key is text or a whole number");
            };
        }
    }
}
