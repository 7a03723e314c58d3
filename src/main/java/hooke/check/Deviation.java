package hooke.check;

import hooke.tensor.RawTensor;
import hooke.tensor.Scope;
import hooke.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Collects the largest error of one quantity over many numbers, and the largest mean error over a tensor where that is bounded. */
final class Deviation {
    private final String set;
    private final GoldenSet.Tolerance tolerance;
    private double largest;
    private String where = "";
    private long compared;
    private double sum;
    private long summed;
    private double largestMean;
    private String meanWhere = "";
    private long means;
    /** What errors are shares of where they are shares of a tensor's largest number. */
    private double scale = 1;

    Deviation(String set, GoldenSet.Tolerance tolerance) {
        this.set = set;
        this.tolerance = tolerance;
    }

    /**
     * Compares one number; NaN and infinity agree with themselves only. Where the tolerance is relative, the error is a share of what is
     * recorded; beside a recorded 0 the error itself counts.
     */
    void number(String place, double ours, double recorded) {
        double unit = tolerance.relative() && recorded != 0 ? Math.abs(recorded) : scale;
        compared++;
        double error =
                ours == recorded || Double.isNaN(ours) && Double.isNaN(recorded) ? 0 : Math.abs(ours - recorded) / unit;
        if (Double.isNaN(error) || error == Double.POSITIVE_INFINITY) {
            error = Double.POSITIVE_INFINITY;
        }
        sum += error;
        summed++;
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
        endMean("single numbers");
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
            double most = Arrays.stream(b).map(Math::abs).max().orElse(0);
            scale = tolerance.ofLargest() && most > 0 ? most : 1;
            for (int i = 0; i < a.length; i++) {
                if (only == null || mask[i] != 0) {
                    number(name + "[" + i + "]", a[i], b[i]);
                }
            }
            scale = 1;
        }
        endMean(name);
    }

    /** The numbers since the last call are one tensor. */
    private void endMean(String name) {
        if (summed > 0) {
            double mean = sum / summed;
            if (mean > largestMean) {
                largestMean = mean;
                meanWhere = name;
            }
            means++;
        }
        sum = 0;
        summed = 0;
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

    /** One finding, and one about means where the tolerance bounds them. */
    List<Finding> findings() {
        endMean("single numbers");
        var single = new Finding(set, tolerance.key(), where, compared, largest, tolerance.allowed());
        return tolerance.mean() == Double.POSITIVE_INFINITY
                ? List.of(single)
                : List.of(
                        single,
                        new Finding(
                                set,
                                tolerance.key() + ", mean over a tensor",
                                meanWhere,
                                means,
                                largestMean,
                                tolerance.mean()));
    }
}
