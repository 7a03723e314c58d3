package hooke.fused.kernels;

import hooke.config.ModelConfig;
import hooke.config.Parameter;
import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * All weights of a model in one array, as the products read them: heads side by side, each row filled up with zeros to whole vectors.
 * Those that train lie first; gradients and the optimizer's moments lie at the same places. What fills up stays zero: its gradient is.
 */
public final class FlatWeights {
    /** Rows are filled up to a multiple of so many floats, whatever the processor's vectors hold. */
    public static final int LANES = 16;

    /**
     * The first float of a big array that begins a cache line: the JVM puts such an array at the beginning of a region of memory, and its
     * floats 16 bytes behind. A whole vector that crosses from line to line takes twice as long to load, and mixtures do little else.
     */
    public static final int CACHE_LINE = 12;

    private final List<Parameter> parameters;
    private final SequencedMap<String, Place> places = new LinkedHashMap<>();
    private final float[] values;
    private final float[] gradients;
    private final int trainable;
    private long version;

    /**
     * Where a weight lies. Its value {@code [head][row][column]}, as TransformerLens counts, is at {@code offset + head headStride + row
     * rowStride + column}.
     */
    public record Place(int offset, int heads, int rows, int columns, int headStride, int rowStride, boolean trains) {
        public int at(int head, int row) {
            return offset + head * headStride + row * rowStride;
        }

        /** Where a number in TransformerLens' order lies. */
        public int at(int number) {
            int row = number / columns;
            return at(row / rows, row % rows) + number % columns;
        }
    }

    public FlatWeights(ModelConfig config) {
        this.parameters = Parameter.of(config);
        int size = 0;
        for (boolean trains : new boolean[] {true, false}) {
            for (Parameter parameter : parameters) {
                if (parameter.trainable() == trains) {
                    size = place(parameter, size, config);
                }
            }
        }
        this.trainable = places.values().stream()
                .filter(p -> !p.trains())
                .mapToInt(Place::offset)
                .findFirst()
                .orElse(size);
        this.values = new float[size];
        this.gradients = new float[trainable];
    }

    private int place(Parameter parameter, int offset, ModelConfig config) {
        List<Integer> shape = parameter.shape();
        int columns = shape.getLast();
        int rows =
                shape.size() > 1 && shape.size() < 4 && !parameter.shortName().startsWith("b_")
                        ? shape.get(shape.size() - 2)
                        : 1;
        boolean byHead =
                parameter.group().equals("attention") && !parameter.shortName().equals("b_O");
        int heads = byHead ? shape.getFirst() : 1;
        int headWidth = wide(config.dHead());
        Place place = switch (parameter.shortName()) {
            case "W_O" -> {
                int stride = wide(columns);
                yield new Place(offset, heads, rows, columns, headWidth * stride, stride, parameter.trainable());
            }
            default -> {
                int stride = byHead ? heads * headWidth : wide(columns);
                yield new Place(offset, heads, rows, columns, headWidth, stride, parameter.trainable());
            }
        };
        places.put(parameter.name(), place);
        boolean output = parameter.shortName().equals("W_O");
        int wholeRows = output ? heads * headWidth : rows;
        return offset + wholeRows * place.rowStride();
    }

    /** A width, filled up to whole vectors. */
    public static int wide(int width) {
        return (width + LANES - 1) / LANES * LANES;
    }

    public float[] values() {
        return values;
    }

    /** Another number for other values. */
    public long version() {
        return version;
    }

    /** To be called by who changed the values. */
    public void changed() {
        version++;
    }

    /** Of those that train, at the same places. */
    public float[] gradients() {
        return gradients;
    }

    /** How many places, from the first, train. */
    public int trainable() {
        return trainable;
    }

    public List<Parameter> parameters() {
        return parameters;
    }

    public Place place(String name) {
        Place place = places.get(name);
        if (place == null) {
            throw new IllegalArgumentException("no weight is named " + name);
        }
        return place;
    }

    boolean has(String name) {
        return places.containsKey(name);
    }

    /** Whether all values of a weight are zero. */
    public boolean isZero(String name) {
        Place place = place(name);
        for (int head = 0; head < place.heads(); head++) {
            for (int row = 0; row < place.rows(); row++) {
                for (int i = 0; i < place.columns(); i++) {
                    if (values[place.at(head, row) + i] != 0) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    /** Takes values in TransformerLens' order. */
    public void read(Map<String, RawTensor> weights) {
        weights.forEach((name, raw) -> copy(place(name), raw.data(), 0, values, true));
        changed();
    }

    /** Gives values in TransformerLens' order to tensors of the same shapes. */
    public void write(Map<String, RawTensor> weights) {
        weights.forEach((name, raw) -> copy(place(name), raw.data(), 0, values, false));
    }

    /** Gives gradients of weights that train. */
    public void writeGradients(Map<String, RawTensor> weights) {
        weights.forEach((name, raw) -> copy(place(name), raw.data(), 0, gradients, false));
    }

    /** Something that every trained weight has one of, as one flat tensor in the order of the weights. */
    public RawTensor flat(float[] ofTrained) {
        long size = size();
        MemorySegment data = MemorySegment.ofArray(new float[Math.toIntExact(size)]);
        copyFlat(data, ofTrained, false);
        return new RawTensor(DType.F32, List.of(size), data);
    }

    /** Reads what {@link #flat} has made. */
    public void readFlat(RawTensor flat, float[] ofTrained) {
        copyFlat(flat.data(), ofTrained, true);
    }

    private long size() {
        return trained().stream()
                .mapToLong(p -> (long) p.heads() * p.rows() * p.columns())
                .sum();
    }

    private List<Place> trained() {
        return places.values().stream().filter(Place::trains).toList();
    }

    private void copyFlat(MemorySegment flat, float[] ofTrained, boolean in) {
        long at = 0;
        for (Place place : new ArrayList<>(trained())) {
            copy(place, flat, at, ofTrained, in);
            at += (long) Float.BYTES * place.heads() * place.rows() * place.columns();
        }
    }

    private static void copy(Place place, MemorySegment raw, long from, float[] array, boolean in) {
        MemorySegment own = MemorySegment.ofArray(array);
        long bytes = (long) Float.BYTES * place.columns();
        long at = from;
        for (int head = 0; head < place.heads(); head++) {
            for (int row = 0; row < place.rows(); row++) {
                long there = (long) Float.BYTES * place.at(head, row);
                if (in) {
                    MemorySegment.copy(raw, at, own, there, bytes);
                } else {
                    MemorySegment.copy(own, there, raw, at, bytes);
                }
                at += bytes;
            }
        }
    }
}
