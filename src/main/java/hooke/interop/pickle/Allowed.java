package hooke.interop.pickle;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import hooke.tensor.DType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The classes and functions that a pickle may name, and what calling them gives: values, made here. Nothing is ever looked up or run. */
final class Allowed {
    private static final int MAX_AXES = 64;
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    private static final Map<String, DType> STORAGES = Map.of(
            "torch.DoubleStorage", DType.F64,
            "torch.FloatStorage", DType.F32,
            "torch.HalfStorage", DType.F16,
            "torch.BFloat16Storage", DType.BF16,
            "torch.LongStorage", DType.I64,
            "torch.IntStorage", DType.I32,
            "torch.ShortStorage", DType.I16,
            "torch.CharStorage", DType.I8,
            "torch.ByteStorage", DType.U8,
            "torch.BoolStorage", DType.BOOL);

    private static final String ORDERED_DICT = "collections.OrderedDict";
    private static final String CONFIG = "transformer_lens.HookedTransformerConfig.HookedTransformerConfig";
    /** A numpy dtype that has been made, as the name of it; its own is {@code numpy.dtype}. */
    private static final String NUMPY = "numpy.dtype ";

    private static final Set<String> OTHERS = Set.of(
            ORDERED_DICT,
            CONFIG,
            "torch._utils._rebuild_tensor",
            "torch._utils._rebuild_tensor_v2",
            "torch._utils._rebuild_parameter",
            "torch._utils._rebuild_parameter_with_state",
            "collections.defaultdict",
            "torch.Size",
            "torch.device",
            "torch.float64",
            "torch.float32",
            "torch.float16",
            "torch.bfloat16",
            "torch.int64",
            "torch.int32",
            "torch.int16",
            "torch.int8",
            "torch.uint8",
            "torch.bool",
            "numpy.dtype",
            "numpy.core.multiarray.scalar",
            "numpy._core.multiarray.scalar",
            "_codecs.encode");

    /** What lies beside weights, of which nothing is needed: calling them gives {@link Value.Unread}. */
    private static final Set<String> UNREAD = Set.of(
            "numpy.ndarray",
            "numpy.core.multiarray._reconstruct",
            "numpy._core.multiarray._reconstruct",
            "numpy.core.numeric._frombuffer",
            "numpy._core.numeric._frombuffer",
            "torch._utils._rebuild_tensor_v3",
            "torch.serialization._get_layout",
            "torch.uint16",
            "torch.uint32",
            "torch.uint64",
            "torch.complex64",
            "torch.complex128",
            "torch.float8_e4m3fn",
            "torch.float8_e5m2",
            "collections.Counter",
            "collections.deque",
            "datetime.date",
            "datetime.datetime",
            "datetime.timedelta",
            "datetime.timezone",
            "pathlib.Path",
            "pathlib.PosixPath",
            "pathlib.PurePosixPath",
            "pathlib.WindowsPath",
            "pathlib._local.PosixPath",
            "pathlib._local.WindowsPath",
            "__builtin__.set",
            "builtins.set",
            "__builtin__.frozenset",
            "builtins.frozenset",
            "__builtin__.complex",
            "builtins.complex",
            "__builtin__.bytearray",
            "builtins.bytearray",
            "__builtin__.slice",
            "builtins.slice",
            "__builtin__.xrange",
            "builtins.range",
            "__builtin__.list",
            "builtins.list",
            "__builtin__.dict",
            "builtins.dict",
            "__builtin__.int",
            "builtins.int",
            "__builtin__.float",
            "builtins.float");

    /** Storages of kinds of numbers that are not read, as numbers of the same width: tensors of them are {@link Value.Unread}. */
    private static final Map<String, DType> UNREAD_STORAGES =
            Map.of("torch.storage.UntypedStorage", DType.U8, "torch.ComplexFloatStorage", DType.F64);

    /** Objects with fields that may be looked at, and which no code of theirs is run for. */
    private static final Set<String> PLAIN_OBJECTS = Set.of(CONFIG, "argparse.Namespace", "types.SimpleNamespace");

    private static final Map<String, Integer> NUMPY_BYTES =
            Map.of("f8", 8, "f4", 4, "f2", 2, "i8", 8, "i4", 4, "i2", 2, "i1", 1, "u1", 1, "b1", 1);

    private final PickleInput in;
    private final Storages storages;
    private final Set<Value.Storage> unread = Collections.newSetFromMap(new IdentityHashMap<>());

    Allowed(PickleInput in, Storages storages) {
        this.in = in;
        this.storages = storages;
    }

    /**
     * The name, if it is on the list.
     *
     * @param first whether nothing was read before it
     */
    Value.Named name(String module, String name, boolean first) {
        String full = module + "." + name;
        // A dot within the name would be a path of attributes, as in torch.serialization + os.system.
        boolean known = !name.contains(".")
                && (STORAGES.containsKey(full)
                        || UNREAD_STORAGES.containsKey(full)
                        || OTHERS.contains(full)
                        || UNREAD.contains(full)
                        || isPlainObject(full));
        if (!known) {
            boolean whole = first && full.matches(".*\\.[A-Z]\\w*") || full.startsWith("torch.nn.");
            throw in.fault("%s is not on the list of classes that a checkpoint may name; nothing was run%s"
                    .formatted(Value.shown(full), whole ? ": " + Value.WHOLE : ""));
        }
        return new Value.Named(full);
    }

    /** A class of the script that wrote the file may be what its settings are kept in. */
    private static boolean isPlainObject(String name) {
        return PLAIN_OBJECTS.contains(name) || name.startsWith("__main__.");
    }

    /** {@code name(arguments)}. */
    Value call(Value callee, List<Value> arguments) {
        if (!(callee instanceof Value.Named(String name))) {
            throw in.fault("a call of %s".formatted(Value.shown(callee.kind())));
        }
        return switch (name) {
            case ORDERED_DICT -> {
                require(arguments.isEmpty(), "an OrderedDict that is not made empty");
                yield Value.Dict.empty(true);
            }
            case "collections.defaultdict" -> Value.Dict.empty(false);
            case "types.SimpleNamespace" -> create(callee, arguments);
            case "torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor" -> tensor(arguments);
            case "torch._utils._rebuild_parameter", "torch._utils._rebuild_parameter_with_state" -> {
                require(
                        !arguments.isEmpty()
                                && (arguments.getFirst() instanceof Value.Tensor
                                        || arguments.getFirst() instanceof Value.Unread),
                        "a Parameter that is no tensor");
                yield arguments.getFirst();
            }
            case "torch.Size" -> {
                require(arguments.size() == 1 && arguments.getFirst() instanceof Value.Tuple, "a Size of no tuple");
                yield arguments.getFirst();
            }
            case "torch.device" -> {
                require(!arguments.isEmpty() && arguments.getFirst() instanceof Value.Text, "a device without a name");
                yield arguments.getFirst();
            }
            case "_codecs.encode" -> encoded(arguments);
            case "numpy.dtype" -> numpyType(arguments);
            case "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar" -> numpyScalar(arguments);
            case String other when UNREAD.contains(other) -> new Value.Unread(other);
            default -> throw in.fault("a call of %s, which nothing in a checkpoint needs".formatted(name));
        };
    }

    /** {@code cls.__new__(cls, *arguments)}. */
    Value create(Value type, List<Value> arguments) {
        if (type instanceof Value.Named(String name) && isPlainObject(name) && arguments.isEmpty()) {
            return new Value.Obj(name, Value.Dict.empty(false));
        }
        if (type instanceof Value.Named(String name) && UNREAD.contains(name)) {
            return new Value.Unread(name);
        }
        if (type.equals(new Value.Named(ORDERED_DICT)) && arguments.isEmpty()) {
            return Value.Dict.empty(true);
        }
        throw in.fault("an object made of %s".formatted(Value.shown(type.kind())));
    }

    /** What was made, once it has its state. */
    Value build(Value made, Value state) {
        switch (made) {
            case Value.Obj(String _, Value.Dict fields)
            when state instanceof Value.Dict given ->
                given.entries().forEach((key, value) -> {
                    require(key instanceof Value.Text, "an object with a field whose name is no text");
                    fields.put(key, value);
                });
            // The attributes of a dict, of which state dicts have one: _metadata, the versions of PyTorch's modules.
            case Value.Dict dict when dict.ordered() && state instanceof Value.Dict -> {}
            case Value.Unread _ -> {}
            case Value.Named(String name)
            when name.startsWith(NUMPY) && state instanceof Value.Tuple(List<Value> values) ->
                require(
                        values.size() >= 2
                                && List.of(new Value.Text("<"), new Value.Text("|"), new Value.Text("="))
                                        .contains(values.get(1)),
                        "numpy numbers that are not little-endian");
            default ->
                throw in.fault("%s is given the state %s, which it has no place for"
                        .formatted(Value.shown(made.kind()), Value.shown(state.kind())));
        }
        return made;
    }

    /** What a persistent id stands for: {@code ('storage', torch.FloatStorage, '0', 'cpu', 4)}. */
    Value storage(Value id) {
        if (!(id instanceof Value.Tuple(List<Value> parts))
                || parts.size() < 5
                || parts.size() > 6
                || !parts.get(0).equals(new Value.Text("storage"))) {
            throw in.fault("a persistent id that is not a storage");
        }
        String type = parts.get(1) instanceof Value.Named(String name) ? name : "";
        boolean isUnread = UNREAD_STORAGES.containsKey(type);
        @Nullable DType dtype = isUnread ? UNREAD_STORAGES.get(type) : STORAGES.get(type);
        if (dtype == null) {
            throw in.fault("a storage of %s, which is no type of storage"
                    .formatted(Value.shown(parts.get(1).kind())));
        }
        if (!(parts.get(2) instanceof Value.Text(String key)) || !key.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")) {
            throw in.fault("a storage whose key is no plain word: a key that is a path leads nowhere");
        }
        require(
                parts.size() == 5 || parts.get(5) instanceof Value.None,
                "a view of a storage, as only PyTorch before 0.4 wrote them");
        long size = number(parts.get(4), "number of values in a storage");
        Value.@Nullable Storage storage = storages.get(key, dtype, size);
        if (storage == null) {
            throw in.fault("storage %s, described in two ways".formatted(key));
        }
        if (isUnread) {
            unread.add(storage);
        }
        return storage;
    }

    private Value tensor(List<Value> arguments) {
        require(arguments.size() >= 4 && arguments.size() <= 7, "a tensor of %s arguments", arguments.size());
        if (!(arguments.get(0) instanceof Value.Storage storage)) {
            throw in.fault("a tensor without a storage");
        }
        long offset = number(arguments.get(1), "offset of a tensor");
        List<Long> shape = numbers(arguments.get(2), "size of a tensor");
        List<Long> strides = numbers(arguments.get(3), "stride of a tensor");
        require(
                shape.size() == strides.size(),
                "a tensor with %s sizes and %s strides, where as many are needed",
                shape.size(),
                strides.size());
        require(shape.size() <= MAX_AXES, "a tensor of %s axes; at most %s are read", shape.size(), MAX_AXES);
        try {
            long last = offset;
            for (int i = 0; i < shape.size(); i++) {
                last = Math.addExact(last, Math.multiplyExact(Math.max(0, shape.get(i) - 1), strides.get(i)));
            }
            long count = Strides.count(shape);
            require(
                    count == 0 || last < storage.size(),
                    "a tensor of shape %s that reaches outside its storage of %s values",
                    shape,
                    storage.size());
            Math.multiplyExact(count, storage.dtype().bytes());
        } catch (ArithmeticException e) {
            throw in.fault(
                    "a tensor of shape %s and strides %s that reaches outside its storage of %s values"
                            .formatted(shape, strides, storage.size()),
                    e);
        }
        return unread.contains(storage)
                ? new Value.Unread("a tensor of a type beyond PyTorch's usual ones")
                : new Value.Tensor(storage, offset, shape, strides);
    }

    private Value encoded(List<Value> arguments) {
        if (arguments.size() == 2
                && arguments.get(0) instanceof Value.Text(String text)
                && arguments.get(1).equals(new Value.Text("latin1"))) {
            require(text.chars().allMatch(c -> c < 256), "bytes written as text that holds more than bytes");
            return new Value.Bytes(text.getBytes(StandardCharsets.ISO_8859_1));
        }
        throw in.fault("bytes written in an unknown way");
    }

    private Value numpyType(List<Value> arguments) {
        if (!arguments.isEmpty()
                && arguments.getFirst() instanceof Value.Text(String code)
                && NUMPY_BYTES.containsKey(code)) {
            return new Value.Named(NUMPY + code);
        }
        return new Value.Unread("a type of numpy");
    }

    private Value numpyScalar(List<Value> arguments) {
        if (!arguments.isEmpty() && arguments.getFirst() instanceof Value.Unread) {
            return new Value.Unread("a number of numpy's");
        }
        if (arguments.size() != 2
                || !(arguments.get(0) instanceof Value.Named(String name))
                || !name.startsWith(NUMPY)
                || !(arguments.get(1) instanceof Value.Bytes(byte[] bytes))) {
            throw in.fault("a number of numpy's without type and bytes");
        }
        String code = name.substring(NUMPY.length());
        require(Integer.valueOf(bytes.length).equals(NUMPY_BYTES.get(code)), "a number of numpy's of a wrong length");
        ByteBuffer number = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return switch (code) {
            case "f8" -> new Value.Real(number.getDouble());
            case "f4" -> new Value.Real(number.getFloat());
            case "f2" -> new Value.Real(Float.float16ToFloat(number.getShort()));
            case "i8" -> Value.Int.of(number.getLong());
            case "i4" -> Value.Int.of(number.getInt());
            case "i2" -> Value.Int.of(number.getShort());
            case "i1" -> Value.Int.of(number.get());
            case "u1" -> Value.Int.of(number.get() & 0xFF);
            default -> new Value.Bool(number.get() != 0);
        };
    }

    private List<Long> numbers(Value value, String what) {
        if (!(value instanceof Value.Tuple(List<Value> values))) {
            throw in.fault("the %s is %s and no tuple".formatted(what, Value.shown(value.kind())));
        }
        return values.stream().map(v -> number(v, what)).toList();
    }

    private long number(Value value, String what) {
        if (!(value instanceof Value.Int(BigInteger number))) {
            throw in.fault("the %s is %s and no whole number".formatted(what, Value.shown(value.kind())));
        }
        require(number.signum() >= 0, "the %s is negative (%s)", what, number);
        require(number.compareTo(MAX_LONG) <= 0, "the %s is beyond all memory (%s)", what, number);
        return number.longValue();
    }

    @FormatMethod
    private void require(boolean condition, @FormatString String sentence, Object... values) {
        if (!condition) {
            throw in.fault(String.format(Locale.ROOT, sentence, values));
        }
    }
}
