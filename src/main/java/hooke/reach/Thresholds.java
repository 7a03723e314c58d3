package hooke.reach;

import java.util.Arrays;

/**
 * SparseK's threshold (Lou et al. 2024, arXiv 2406.16747): the tau at which {@code clip(u - tau, 0, 1)}, over all scores u, sums to k.
 * It is exact: between two neighbours among all u and u - 1 the sum is linear in tau. Scores can be added one by one, so that each query
 * of a causal mask has the threshold of its past. Where all scores are taken, the threshold lies far below them.
 */
public final class Thresholds {
    private final int k;
    private final double[] sorted;
    /** Sums of the sorted scores less the largest, from the first; one more than there are scores. */
    private final double[] sums;

    private int count;

    /** @param most scores to come at most */
    public Thresholds(int k, int most) {
        this.k = k;
        this.sorted = new double[most];
        this.sums = new double[most + 1];
    }

    /** Of all these scores. */
    public static double of(double[] scores, int k) {
        var thresholds = new Thresholds(k, scores.length);
        System.arraycopy(scores, 0, thresholds.sorted, 0, scores.length);
        Arrays.sort(thresholds.sorted);
        thresholds.count = scores.length;
        return thresholds.now();
    }

    public void add(double score) {
        int at = Arrays.binarySearch(sorted, 0, count, score);
        at = at < 0 ? -at - 1 : at;
        System.arraycopy(sorted, at, sorted, at + 1, count - at);
        sorted[at] = score;
        count++;
    }

    /** The threshold of the scores that are there. */
    public double now() {
        double largest = sorted[count - 1];
        if (k >= count) {
            return sorted[0] - 2; // far enough for any rounding
        }
        for (int i = 0; i < count; i++) {
            sums[i + 1] = sums[i] + (sorted[i] - largest);
        }
        double low = Math.max(lastAtLeast(0, largest), lastAtLeast(1, largest));
        double high = Math.min(firstBelow(0, largest), firstBelow(1, largest));
        double between = low / 2 + high / 2;
        int out = firstAbove(between, largest);
        int whole = firstAbove(between + 1, largest);
        // Where no score is strictly between, every threshold of the stretch gives the same shares: the middle is safe
        // from rounding.
        return largest + (whole == out ? between : (sums[whole] - sums[out] + (count - whole) - k) / (whole - out));
    }

    /** What the shares sum to, at a threshold that is counted from the largest score. */
    private double sum(double tau, double largest) {
        int out = firstAbove(tau, largest);
        int whole = firstAbove(tau + 1, largest);
        return count - whole + (sums[whole] - sums[out]) - tau * (whole - out);
    }

    private int firstAbove(double bound, double largest) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] - largest > bound) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** Of the scores less so much, as thresholds, how many still give a sum of k or more. */
    private int atLeast(double less, double largest) {
        int low = 0;
        int high = count;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sum(sorted[middle] - largest - less, largest) >= k) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private double lastAtLeast(double less, double largest) {
        int many = atLeast(less, largest);
        return many == 0 ? Double.NEGATIVE_INFINITY : sorted[many - 1] - largest - less;
    }

    private double firstBelow(double less, double largest) {
        int many = atLeast(less, largest);
        return many == count ? Double.POSITIVE_INFINITY : sorted[many] - largest - less;
    }
}
