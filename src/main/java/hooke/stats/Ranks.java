package hooke.stats;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** Ranks from 1, doubled so that the middle rank of a tie is whole. */
final class Ranks {
    private Ranks() {}

    static long[] doubled(double[] values) {
        double[] ascending = values.clone();
        Arrays.sort(ascending);
        Map<Double, Long> ranks = new HashMap<>();
        for (int i = 0; i < ascending.length; ) {
            int end = i;
            while (end < ascending.length && ascending[end] == ascending[i]) {
                end++;
            }
            ranks.put(ascending[i] + 0.0, (long) i + 1 + end);
            i = end;
        }
        return Arrays.stream(values)
                .mapToLong(v -> ranks.getOrDefault(v + 0.0, 0L))
                .toArray();
    }

    /** Sum of t^3 - t over the ties of t numbers. */
    static double ties(long[] doubled) {
        Map<Long, Integer> sizes = new HashMap<>();
        Arrays.stream(doubled).forEach(rank -> sizes.merge(rank, 1, Integer::sum));
        return sizes.values().stream().mapToDouble(t -> Math.pow(t, 3) - t).sum();
    }

    /** Twice the smaller tail, at most 1, of a distribution given as the number of ways to get each sum. */
    static double twoSided(double[] ways, long sum) {
        double all = Arrays.stream(ways).sum();
        double lower = Arrays.stream(ways, 0, (int) sum + 1).sum();
        double upper = Arrays.stream(ways, (int) sum, ways.length).sum();
        return Math.min(1, 2 * Math.min(lower, upper) / all);
    }
}
