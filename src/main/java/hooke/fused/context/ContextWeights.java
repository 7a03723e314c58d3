package hooke.fused.context;

import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.fused.kernels.Bf16;
import hooke.fused.kernels.FlatWeights;
import hooke.fused.updates.FlatUpdates;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * All weights of a model in one array, each matrix as [out, in], so that its product reads whole rows; queries, keys and values of a
 * layer below each other, as one matrix. Where products are of bfloat16, what they read is a rounded copy.
 */
final class ContextWeights {
    /** In their order in memory: what lies side by side is one matrix. */
    private static final List<String> MATRICES = List.of("W_Q", "W_K", "W_V", "W_O", "W_gate", "W_in", "W_out");

    private static final List<String> VECTORS = List.of("b_Q", "b_K", "b_V", "b_O", "b_in", "b_out");

    private final SequencedMap<String, Place> places = new LinkedHashMap<>();
    private final List<Parameter> parameters;
    private final float[] values;
    private final float[] gradients;
    private final @Nullable Bf16 bf16;
    private final short[] rounded;

    /**
     * Where a weight lies: its blocks one behind the other, each [rows, columns] in TransformerLens' order, and transposed here.
     *
     * @param trains whether training changes it
     */
    record Place(int offset, int blocks, int rows, int columns, boolean transposed, boolean trains) {
        int size() {
            return blocks * rows * columns;
        }

        /** Where our value of a number in TransformerLens' order lies. */
        int at(int number) {
            if (!transposed) {
                return offset + number;
            }
            int inBlock = number % (rows * columns);
            return offset + number - inBlock + inBlock % columns * rows + inBlock / columns;
        }
    }

    ContextWeights(ModelConfig config, @Nullable Bf16 bf16) {
        this.parameters = Parameter.of(config);
        List<Parameter> inOrder = new ArrayList<>(parameters);
        inOrder.sort(Comparator.comparingInt(ContextWeights::rank)); // Stable: layer by layer.
        inOrder.sort(Comparator.comparingInt(ContextWeights::layer));
        inOrder.sort(Comparator.comparing(ContextWeights::isVector));
        int size = 0;
        int factors = 0;
        for (Parameter parameter : inOrder) {
            Place place = place(parameter, size);
            places.put(parameter.name(), place);
            size += place.size();
            if (!isPartOfOne(parameter)) {
                size = FlatWeights.wide(size);
            }
            factors = isVector(parameter) ? factors : size;
        }
        this.values = new float[FlatWeights.wide(size) + FlatWeights.LANES];
        this.gradients = new float[values.length];
        this.bf16 = bf16;
        this.rounded = new short[bf16 == null ? 0 : factors];
    }

    private static int rank(Parameter parameter) {
        return Math.max(MATRICES.indexOf(parameter.shortName()), VECTORS.indexOf(parameter.shortName()));
    }

    private static int layer(Parameter parameter) {
        return parameter.layer().orElse(-1);
    }

    private static boolean isVector(Parameter parameter) {
        return !parameter.shortName().startsWith("W_");
    }

    /** Whether the next weight lies directly behind it. */
    private static boolean isPartOfOne(Parameter parameter) {
        return List.of("W_Q", "W_K", "b_Q", "b_K").contains(parameter.shortName());
    }

    private static Place place(Parameter parameter, int offset) {
        List<Integer> shape = parameter.shape();
        boolean trains = parameter.trainable();
        int size = Math.toIntExact(parameter.size());
        return switch (parameter.shortName()) {
            case "W_Q", "W_K", "W_V" -> new Place(offset, shape.get(0), shape.get(1), shape.get(2), true, trains);
            case "W_O" -> new Place(offset, 1, shape.get(0) * shape.get(1), shape.get(2), true, trains);
            case "W_in", "W_gate", "W_out", "W_U", "W_resize" ->
                new Place(offset, 1, shape.get(0), shape.get(1), true, trains);
            default -> new Place(offset, 1, 1, size, false, trains);
        };
    }

    Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("no weight is named " + name);
        }
        return place;
    }

    boolean has(String name) {
        return places.containsKey(name);
    }

    float[] values() {
        return values;
    }

    float[] gradients() {
        return gradients;
    }

    /** What products read, from a weight's place on. */
    MemorySegment factor(int offset) {
        return bf16 == null
                ? MemorySegment.ofArray(values).asSlice((long) Float.BYTES * offset)
                : MemorySegment.ofArray(rounded).asSlice((long) Short.BYTES * offset);
    }

    /** To be called by who changed the values. */
    void changed() {
        if (bf16 != null) {
            bf16.round(values, 0, rounded, 0, rounded.length);
        }
    }

    /** All that trains, in the order of the weights. */
    List<FlatUpdates.Stretch> trained() {
        return parameters.stream()
                .filter(Parameter::trainable)
                .map(parameter -> {
                    Place place = place(parameter.name());
                    return new FlatUpdates.Stretch(parameter, place.offset(), place.offset() + place.size(), place::at);
                })
                .toList();
    }

    /** Takes values in TransformerLens' order. */
    void read(Map<String, RawTensor> weights) {
        weights.forEach((name, raw) -> copy(place(name), raw.data(), 0, values, true));
        changed();
    }

    /** Gives such numbers, values or gradients, to tensors of their names and shapes. */
    void write(float[] numbers, Map<String, RawTensor> named) {
        named.forEach((name, raw) -> copy(place(name), raw.data(), 0, numbers, false));
    }

    /** Something that every trained weight has one of, as one flat tensor in the order of the weights. */
    RawTensor flat(float[] ofEach) {
        long size = Parameter.count(parameters, true);
        MemorySegment data = MemorySegment.ofArray(new float[Math.toIntExact(size)]);
        copyFlat(data, ofEach, false);
        return new RawTensor(DType.F32, List.of(size), data);
    }

    /** Reads what {@link #flat} has made. */
    void readFlat(RawTensor flat, float[] ofEach) {
        copyFlat(flat.data(), ofEach, true);
    }

    private void copyFlat(MemorySegment flat, float[] ofEach, boolean in) {
        long at = 0;
        for (Parameter parameter : parameters) {
            if (parameter.trainable()) {
                copy(place(parameter.name()), flat, at, ofEach, in);
                at += parameter.size();
            }
        }
    }

    private static void copy(Place place, MemorySegment raw, long first, float[] numbers, boolean in) {
        if (!place.transposed()) {
            MemorySegment own = MemorySegment.ofArray(numbers);
            long bytes = (long) Float.BYTES * place.size();
            long here = (long) Float.BYTES * place.offset();
            if (in) {
                MemorySegment.copy(raw, Float.BYTES * first, own, here, bytes);
            } else {
                MemorySegment.copy(own, here, raw, Float.BYTES * first, bytes);
            }
            return;
        }
        ValueLayout.OfFloat layout = ValueLayout.JAVA_FLOAT_UNALIGNED;
        for (int i = 0; i < place.size(); i++) {
            int here = place.at(i);
            if (in) {
                numbers[here] = raw.getAtIndex(layout, first + i);
            } else {
                raw.setAtIndex(layout, first + i, numbers[here]);
            }
        }
    }

    void clearGradients() {
        Arrays.fill(gradients, 0);
    }
}
