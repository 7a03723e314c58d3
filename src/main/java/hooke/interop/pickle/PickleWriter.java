package hooke.interop.pickle;

import hooke.tensor.DType;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A value as a pickle of protocol 2, in the words that {@code torch.load(weights_only=True)} accepts. Equal values give equal bytes. */
final class PickleWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    /** Names and texts come again and again; the second time, two bytes recall them. */
    private final Map<Value, Integer> memo = new HashMap<>();

    private final List<Value.Tensor> tensors = new ArrayList<>();

    /**
     * @param pickle the bytes
     * @param tensors in the order of the records {@code data/0}, {@code data/1}, ... that the pickle refers to
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes on their way to a file
    record Written(byte[] pickle, List<Value.Tensor> tensors) {}

    private PickleWriter() {}

    static Written write(Value value) {
        var writer = new PickleWriter();
        writer.opcode(0x80).opcode(2);
        writer.put(value);
        writer.opcode('.');
        return new Written(writer.out.toByteArray(), writer.tensors);
    }

    private void put(Value value) {
        switch (value) {
            case Value.None() -> opcode('N');
            case Value.Bool(boolean b) -> opcode(b ? 0x88 : 0x89);
            case Value.Int(BigInteger number) -> put(number);
            case Value.Real(double number) ->
                opcode('G').bytes(ByteBuffer.allocate(8).putDouble(number).array());
            case Value.Text text -> put(text);
            case Value.Items(List<Value> values) -> {
                opcode(']').opcode('(');
                values.forEach(this::put);
                opcode('e');
            }
            case Value.Tuple(List<Value> values) -> tuple(values);
            case Value.Dict dict -> put(dict);
            case Value.Tensor tensor -> put(tensor);
            case Value.Named name -> put(name);
            case Value.Bytes _, Value.Storage _, Value.Obj _, Value.Unread _ ->
                throw new IllegalArgumentException(
                        value.kind() + " cannot be written so that torch.load(weights_only=True) reads it");
        }
    }

    private void put(BigInteger number) {
        if (number.bitLength() < 32) {
            opcode('J').int4(number.intValue());
            return;
        }
        byte[] bytes = number.toByteArray();
        opcode(0x8a).opcode(bytes.length);
        for (int i = bytes.length - 1; i >= 0; i--) {
            opcode(bytes[i]);
        }
    }

    private void put(Value.Text text) {
        if (recall(text)) {
            return;
        }
        byte[] utf8 = text.value().getBytes(StandardCharsets.UTF_8);
        opcode('X').int4(utf8.length).bytes(utf8);
        remember(text);
    }

    private void put(Value.Named name) {
        if (recall(name)) {
            return;
        }
        int dot = name.name().lastIndexOf('.');
        String line = name.name().substring(0, dot) + "\n" + name.name().substring(dot + 1) + "\n";
        opcode('c').bytes(line.getBytes(StandardCharsets.UTF_8));
        remember(name);
    }

    private void put(Value.Dict dict) {
        if (dict.ordered()) {
            put(new Value.Named("collections.OrderedDict"));
            opcode(')').opcode('R');
        } else {
            opcode('}');
        }
        opcode('(');
        dict.entries().forEach((key, value) -> {
            put(key);
            put(value);
        });
        opcode('u');
    }

    /** Each tensor has a storage of its own. */
    private void put(Value.Tensor tensor) {
        put(new Value.Named("torch._utils._rebuild_tensor_v2"));
        opcode('(');
        tuple(List.of(
                new Value.Text("storage"),
                new Value.Named("torch." + storage(tensor.dtype())),
                new Value.Text(Integer.toString(tensors.size())),
                new Value.Text("cpu"),
                Value.Int.of(Strides.count(tensor.shape()))));
        opcode('Q');
        put(Value.Int.of(0));
        tuple(tensor.shape().stream().map(Value.Int::of).toList());
        tuple(Strides.rowMajor(tensor.shape()).stream().map(Value.Int::of).toList());
        put(new Value.Bool(false));
        put(Value.Dict.empty(true));
        opcode('t').opcode('R');
        tensors.add(tensor);
    }

    private void tuple(List<? extends Value> values) {
        opcode('(');
        values.forEach(this::put);
        opcode('t');
    }

    private static String storage(DType dtype) {
        return switch (dtype) {
            case F64 -> "DoubleStorage";
            case F32 -> "FloatStorage";
            case F16 -> "HalfStorage";
            case BF16 -> "BFloat16Storage";
            case I64 -> "LongStorage";
            case I32 -> "IntStorage";
            case I16 -> "ShortStorage";
            case I8 -> "CharStorage";
            case U8 -> "ByteStorage";
            case BOOL -> "BoolStorage";
        };
    }

    private boolean recall(Value value) {
        Integer index = memo.get(value);
        if (index == null) {
            return false;
        }
        if (index < 256) {
            opcode('h').opcode(index);
        } else {
            opcode('j').int4(index);
        }
        return true;
    }

    private void remember(Value value) {
        int index = memo.size();
        memo.put(value, index);
        if (index < 256) {
            opcode('q').opcode(index);
        } else {
            opcode('r').int4(index);
        }
    }

    private PickleWriter opcode(int code) {
        out.write(code);
        return this;
    }

    private PickleWriter int4(int number) {
        return bytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(number)
                .array());
    }

    private PickleWriter bytes(byte[] bytes) {
        out.write(bytes, 0, bytes.length);
        return this;
    }
}
