package hooke.check;

import hooke.InputException;
import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/** Whole numbers of recordings. */
final class Comparisons {
    private Comparisons() {}

    static long[] longs(Map<String, RawTensor> recorded, String name) {
        RawTensor raw = recorded.get(name);
        if (raw == null) {
            throw new InputException("the golden set records no tensor " + name);
        }
        try (var _ = new Scope()) {
            return Tensor.of(raw).toLongs();
        }
    }

    /** Numbers of examples. */
    static int[] indices(Map<String, RawTensor> recorded, String name) {
        return Arrays.stream(longs(recorded, name)).mapToInt(Math::toIntExact).toArray();
    }

    static void indices(Deviation comparison, String name, int[] ours, Map<String, RawTensor> recorded) {
        long[] theirs = longs(recorded, name);
        if (theirs.length != ours.length) {
            comparison.missing(name + ": " + theirs.length + " recorded, " + ours.length + " here;");
        }
        for (int i = 0; i < Math.min(ours.length, theirs.length); i++) {
            comparison.number(name + "[" + i + "]", ours[i], theirs[i]);
        }
    }
}
