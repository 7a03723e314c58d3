package hooke.interop.pickle;

import hooke.tensor.DType;
import hooke.tensor.RawTensor;
import java.lang.foreign.MemorySegment;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** A value of Python as inert data: what a {@code .pth} file holds, or is to hold. Equality of containers is that of their content. */
public sealed interface Value {
    /** What to do about a model that was saved as an object. */
    String WHOLE = "where it is a model that was saved whole, save its state_dict() instead";

    /** What it is, in a word, for sentences. */
    default String kind() {
        return switch (this) {
            case None() -> "None";
            case Bool _ -> "a truth value";
            case Int _ -> "a whole number";
            case Real _ -> "a number";
            case Text _ -> "text";
            case Bytes _ -> "bytes";
            case Items _ -> "a list";
            case Tuple _ -> "a tuple";
            case Dict _ -> "a dict";
            case Tensor _ -> "a tensor";
            case Storage _ -> "a storage";
            case Named(String name) -> name;
            case Obj(String type, Dict _) -> "a " + type;
            case Unread unread -> unread.what + ", which is not read";
        };
    }

    record None() implements Value {}

    record Bool(boolean value) implements Value {}

    /** Comparable, and so are texts: a table of keys chosen to collide stays fast. */
    record Int(BigInteger value) implements Value, Comparable<Int> {
        public static Int of(long value) {
            return new Int(BigInteger.valueOf(value));
        }

        @Override
        public int compareTo(Int other) {
            return value.compareTo(other.value);
        }
    }

    record Real(double value) implements Value, Comparable<Real> {
        @Override
        public int compareTo(Real other) {
            return Double.compare(value, other.value);
        }
    }

    record Text(String value) implements Value, Comparable<Text> {
        @Override
        public int compareTo(Text other) {
            return value.compareTo(other.value);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // a million bytes are no list of objects
    record Bytes(byte[] value) implements Value {}

    /** Python's list. */
    record Items(List<Value> values) implements Value {
        public static Items empty() {
            return new Items(new ArrayList<>());
        }

        public static Items of(List<? extends Value> values) {
            return new Items(new ArrayList<>(values));
        }

        void add(Value value) {
            values.add(value);
        }

        @Override
        public List<Value> values() {
            return Collections.unmodifiableList(values);
        }
    }

    record Tuple(List<Value> values) implements Value {
        public Tuple {
            values = List.copyOf(values);
        }
    }

    /**
     * A dict in the order of its keys, which are {@link Text}, {@link Int}, {@link Real} and {@link Unread}.
     *
     * @param ordered whether it is an OrderedDict
     */
    record Dict(SequencedMap<Value, Value> entries, boolean ordered) implements Value {
        public static Dict empty(boolean ordered) {
            return new Dict(new LinkedHashMap<>(), ordered);
        }

        public Dict put(String key, Value value) {
            return put(new Text(key), value);
        }

        public Dict put(Value key, Value value) {
            entries.put(key, value);
            return this;
        }

        @Override
        public SequencedMap<Value, Value> entries() {
            return Collections.unmodifiableSequencedMap(entries);
        }

        public @Nullable Value get(String key) {
            return entries.get(new Text(key));
        }
    }

    /** Numbers one behind another, which any number of tensors may look at. */
    final class Storage implements Value {
        private final String key;
        private final DType dtype;
        private final long size;
        private @Nullable MemorySegment data;

        Storage(String key, DType dtype, long size) {
            this.key = key;
            this.dtype = dtype;
            this.size = size;
        }

        /** By which the file names it. */
        String key() {
            return key;
        }

        DType dtype() {
            return dtype;
        }

        /** Number of values. */
        long size() {
            return size;
        }

        /** Number of bytes. Throws {@link ArithmeticException} where no memory has so many. */
        long bytes() {
            return Math.multiplyExact(size, dtype.bytes());
        }

        /** Exactly {@link #bytes} of them. */
        void bind(MemorySegment bytes) {
            data = bytes;
        }

        boolean isBound() {
            return data != null;
        }

        MemorySegment data() {
            if (data == null) {
                throw new IllegalStateException("storage " + key + " has not been found yet");
            }
            return data;
        }
    }

    /**
     * A view of a storage, which it never leaves.
     *
     * @param offset of its first value, in values
     * @param shape sizes of the axes
     * @param strides values from one entry of an axis to the next
     */
    record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides) implements Value {
        public Tensor {
            shape = List.copyOf(shape);
            strides = List.copyOf(strides);
        }

        public static Tensor of(RawTensor raw) {
            Storage storage = new Storage("", raw.dtype(), raw.size());
            storage.bind(raw.data());
            return new Tensor(storage, 0, raw.shape(), Strides.rowMajor(raw.shape()));
        }

        public DType dtype() {
            return storage.dtype();
        }

        /** Its values in row-major order: where they lie in the file if they lie so there, else a copy. */
        public RawTensor raw() {
            return Strides.gather(this);
        }
    }

    /** A class, function or constant of Python by its full name, which nothing looks up: {@code torch.float32}. */
    record Named(String name) implements Value {}

    /** Data that nothing here has a use for; of it is known what it is. Two of them are never equal, so that they can be keys. */
    final class Unread implements Value {
        private final String what;

        /** @param what as in "numpy.ndarray" */
        Unread(String what) {
            this.what = what;
        }
    }

    /** An object of a class, as the map of its fields: {@code transformer_lens.HookedTransformerConfig.HookedTransformerConfig}. */
    record Obj(String type, Dict fields) implements Value {}

    /** Words out of a file nobody vouches for, fit for a sentence. */
    static String shown(String text) {
        String cut = text.length() <= 120 ? text : text.substring(0, 120) + "...";
        return cut.replaceAll("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029]", "?");
    }
}
