package hooke.interop.names;

import hooke.Check;
import hooke.InputException;
import hooke.interop.pickle.Strides;
import hooke.interop.pickle.Value;
import hooke.tensor.DType;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.SequencedMap;

/**
 * A value and where it was found, so that a sentence about it can say so.
 *
 * @param where the file, and behind it the keys that lead to the value
 */
public record Located(String where, Value value) {

    /** The value under a key of this dict. Throws {@link InputException} with the nearest key where there is none. */
    public Located get(String key) {
        Value.Dict dict = dict();
        Value found = dict.get(key);
        if (found == null) {
            List<String> keys = dict.entries().keySet().stream()
                    .map(k -> k instanceof Value.Text(String text) ? Value.shown(text) : "a number")
                    .limit(20)
                    .toList();
            throw new InputException("%s has no '%s'%s: it has %s"
                    .formatted(where, key, Check.didYouMean(key, keys), String.join(", ", keys)));
        }
        return new Located(where + ", " + key, found);
    }

    public boolean has(String key) {
        return (value instanceof Value.Dict || value instanceof Value.Obj) && dict().get(key) != null;
    }

    /** This dict, or the fields of this object. */
    public Value.Dict dict() {
        return switch (value) {
            case Value.Dict dict -> dict;
            case Value.Obj(String _, Value.Dict fields) -> fields;
            default -> throw unlike("a dict");
        };
    }

    /** The values of this list or tuple. */
    public List<Located> list() {
        List<Value> values = switch (value) {
            case Value.Items items -> items.values();
            case Value.Tuple(List<Value> inside) -> inside;
            default -> throw unlike("a list");
        };
        List<Located> located = new ArrayList<>();
        values.forEach(v -> located.add(new Located(where + ", entry " + located.size(), v)));
        return located;
    }

    public Value.Tensor tensor() {
        if (value instanceof Value.Tensor tensor) {
            return tensor;
        }
        throw unlike("a tensor");
    }

    public long integer() {
        if (value instanceof Value.Int(BigInteger number) && number.bitLength() < 64) {
            return number.longValue();
        }
        throw unlike("a whole number of 64 bits");
    }

    /** This number, or that of a text or tensor which holds nothing else; empty for anything that is no whole number. */
    OptionalLong wholeNumber() {
        return switch (value) {
            case Value.Int(BigInteger number) when number.bitLength() < 64 -> OptionalLong.of(number.longValue());
            case Value.Real(double number)
            when number == Math.rint(number) && Math.abs(number) < 1e15 -> OptionalLong.of((long) number);
            case Value.Text(String text) when text.matches("\\d{1,18}") -> OptionalLong.of(Long.parseLong(text));
            case Value.Tensor tensor
            when tensor.dtype() == DType.I64 && Strides.count(tensor.shape()) == 1 ->
                OptionalLong.of(tensor.raw().data().get(ValueLayout.JAVA_LONG_UNALIGNED, 0));
            default -> OptionalLong.empty();
        };
    }

    /** This number, whole or not. */
    public double number() {
        return switch (value) {
            case Value.Real(double number) -> number;
            case Value.Int(BigInteger number) -> number.doubleValue();
            case Value.Tensor tensor when Strides.count(tensor.shape()) == 1 -> doubles(tensor)[0];
            default -> throw unlike("a number");
        };
    }

    /** The numbers of this list, or of this tensor with one axis. */
    public double[] numbers() {
        if (value instanceof Value.Tensor tensor && tensor.shape().size() == 1) {
            return doubles(tensor);
        }
        return list().stream().mapToDouble(Located::number).toArray();
    }

    private static double[] doubles(Value.Tensor tensor) {
        try (var _ = new Scope()) {
            return Tensor.of(tensor.raw()).to(DType.F64).toDoubles();
        }
    }

    /** The tensors of this dict by name. Throws {@link InputException} where it holds anything else. */
    public SequencedMap<String, Value.Tensor> tensors() {
        SequencedMap<String, Value.Tensor> tensors = new LinkedHashMap<>();
        dict().entries().forEach((key, entry) -> {
            if (!(key instanceof Value.Text(String name)) || !(entry instanceof Value.Tensor tensor)) {
                throw new InputException("%s is not a state_dict: it holds %s besides tensors"
                        .formatted(where, Value.shown(entry.kind())));
            }
            tensors.put(name, tensor);
        });
        return tensors;
    }

    private InputException unlike(String wanted) {
        return new InputException("%s must be %s, but is %s".formatted(where, wanted, Value.shown(value.kind())));
    }
}
