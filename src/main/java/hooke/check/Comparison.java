package hooke.check;

import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the largest error of one quantity over many numbers. */
final class Comparison {
    private final String set;
    private final GoldenSet.Tolerance tolerance;
    private double largest;
    private String where = "";
    private long compared;

    Comparison(String set, GoldenSet.Tolerance tolerance) {
        this.set = set;
        this.tolerance = tolerance;
    }

    /** Compares one number; NaN and infinity agree with themselves only. */
    void number(String place, double ours, double recorded) {
        error(place, ours, recorded, 1);
    }

    /** Compares one number by the error as a share of what is recorded; beside a recorded 0 the error itself counts. */
    void relative(String place, double ours, double recorded) {
        error(place, ours, recorded, recorded == 0 ? 1 : Math.abs(recorded));
    }

    private void error(String place, double ours, double recorded, double scale) {
        compared++;
        double error = ours == recorded || Double.isNaN(ours) && Double.isNaN(recorded)
                ? 0
                : Math.abs(ours - recorded) / scale;
        if (Double.isNaN(error) || error == Double.POSITIVE_INFINITY) {
            error = Double.POSITIVE_INFINITY;
        }
        if (error > largest) {
            largest = error;
            where = place;
        }
    }

    /** Compares one text, such as a digest. */
    void sameText(String place, String ours, String recorded) {
        number(place, ours.equals(recorded) ? 0 : Double.POSITIVE_INFINITY, 0);
    }

    void tensor(String name, Tensor ours, RawTensor recorded) {
        tensor(name, ours, recorded, null);
    }

    /** Compares the numbers of a tensor, or those of them where {@code only} is not zero. */
    void tensor(String name, Tensor ours, RawTensor recorded, @Nullable RawTensor only) {
        try (var _ = new Scope()) {
            double[] a = ours.toDoubles();
            double[] b = Tensor.of(recorded).toDoubles();
            double[] mask = only == null ? b : Tensor.of(only).toDoubles();
            if (a.length != b.length) {
                compared++;
                largest = Double.POSITIVE_INFINITY;
                where = name + " " + ours + " against " + recorded.shape();
                return;
            }
            for (int i = 0; i < a.length; i++) {
                if (only == null || mask[i] != 0) {
                    number(name + "[" + i + "]", a[i], b[i]);
                }
            }
        }
    }

    /** Compares every tensor of a recording with ours by the same name. */
    void tensors(Map<String, Tensor> ours, Map<String, RawTensor> recorded) {
        recorded.forEach((name, raw) -> {
            Tensor mine = ours.get(name);
            if (mine == null) {
                missing(name);
            } else {
                tensor(name, mine, raw);
            }
        });
    }

    /** Something recorded has no counterpart here. */
    void missing(String name) {
        compared++;
        largest = Double.POSITIVE_INFINITY;
        where = name + " is missing here";
    }

    Finding finding() {
        return new Finding(set, tolerance.key(), where, compared, largest, tolerance.allowed());
    }
}
