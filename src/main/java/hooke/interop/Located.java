package hooke.interop;

import hooke.Check;
import hooke.InputException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
                    .map(k -> k instanceof Value.Text(String text) ? PickleInput.shown(text) : "a number")
                    .limit(20)
                    .toList();
            throw new InputException("%s has no '%s'%s: it has %s"
                    .formatted(where, key, Check.didYouMean(key, keys), String.join(", ", keys)));
        }
        return new Located(where + ", " + key, found);
    }

    public boolean has(String key) {
        return value instanceof Value.Dict dict && dict.get(key) != null;
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

    /** This number, whole or not. */
    public double number() {
        return switch (value) {
            case Value.Real(double number) -> number;
            case Value.Int(BigInteger number) -> number.doubleValue();
            default -> throw unlike("a number");
        };
    }

    /** The numbers of this list. */
    public double[] numbers() {
        return list().stream().mapToDouble(Located::number).toArray();
    }

    /** The tensors of this dict by name. Throws {@link InputException} where it holds anything else. */
    public SequencedMap<String, Value.Tensor> tensors() {
        SequencedMap<String, Value.Tensor> tensors = new LinkedHashMap<>();
        dict().entries().forEach((key, entry) -> {
            if (!(key instanceof Value.Text(String name)) || !(entry instanceof Value.Tensor tensor)) {
                throw new InputException("%s is no state_dict: it holds %s besides tensors"
                        .formatted(where, PickleInput.shown(entry.kind())));
            }
            tensors.put(name, tensor);
        });
        return tensors;
    }

    private InputException unlike(String wanted) {
        return new InputException("%s must be %s, but is %s".formatted(where, wanted, PickleInput.shown(value.kind())));
    }
}
