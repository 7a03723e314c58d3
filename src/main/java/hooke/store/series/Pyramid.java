package hooke.store.series;

import hooke.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A series in ever coarser buckets, each of which keeps four of its points: first, least, greatest, last. Drawn from as many buckets as
 * the picture has columns, a line looks as if drawn from all points (M4; Jugel et al. 2014, doi 10.14778/2732951.2732953). NaN counts as
 * least and greatest only where a bucket holds nothing else.
 *
 * @param levels finest first; each has at least two buckets, of {@link #FACTOR} of the level before (or points)
 */
record Pyramid(List<Level> levels) {
    static final int FACTOR = 16;
    private static final int KEPT = 4;

    /** A step and a value for each point kept. */
    static final int BUCKET_BYTES = KEPT * (Long.BYTES + Double.BYTES);

    /** Four points for each bucket, one bucket behind the other. */
    @SuppressWarnings("ArrayRecordComponent") // passed around inside this package, never compared
    record Level(long[] steps, double[] values) {
        int buckets() {
            return steps.length / KEPT;
        }
    }

    static Pyramid of(Series series) {
        List<Level> levels = new ArrayList<>();
        Level at = new Level(series.steps(), series.values());
        int width = 1;
        for (int n = series.size(); n > FACTOR; n = at.buckets()) {
            int[] bounds = new int[Math.ceilDiv(n, FACTOR) + 1];
            for (int i = 0; i < bounds.length; i++) {
                bounds[i] = Math.min(i * FACTOR, n);
            }
            at = gather(at, width, bounds);
            width = KEPT;
            levels.add(at);
        }
        return new Pyramid(List.copyOf(levels));
    }

    /** At most that many points of the series, from the coarsest level that has buckets enough. */
    Series thin(Series series, int atMost) {
        int wanted = wanted(atMost);
        for (Level level : levels.reversed()) {
            if (level.buckets() >= wanted) {
                return thin(series.name(), level, KEPT, wanted);
            }
        }
        return thin(series.name(), new Level(series.steps(), series.values()), 1, wanted);
    }

    /** A series thinned from one level alone, which must have at least {@link #wanted} buckets. */
    static Series thin(String name, Level level, int atMost) {
        return thin(name, level, KEPT, wanted(atMost));
    }

    /** Buckets that a picture of so many points is made of. */
    static int wanted(int atMost) {
        Check.that(atMost >= KEPT, "a thinned series has at least 4 points, not %s", atMost);
        return atMost / KEPT;
    }

    private static Series thin(String name, Level level, int width, int wanted) {
        int n = level.steps().length / width;
        int[] bounds = new int[wanted + 1];
        for (int i = 0; i <= wanted; i++) {
            bounds[i] = (int) ((long) i * n / wanted);
        }
        Level gathered = gather(level, width, bounds);
        long[] steps = new long[gathered.steps().length];
        double[] values = new double[steps.length];
        int size = 0;
        for (int b = 0; b < gathered.buckets(); b++) {
            int first = b * KEPT;
            int early = gathered.steps()[first + 1] <= gathered.steps()[first + 2] ? first + 1 : first + 2;
            int late = early == first + 1 ? first + 2 : first + 1;
            for (int p : new int[] {first, early, late, first + 3}) {
                if (size == 0 || gathered.steps()[p] > steps[size - 1]) {
                    steps[size] = gathered.steps()[p];
                    values[size++] = gathered.values()[p];
                }
            }
        }
        return new Series(name, Arrays.copyOf(steps, size), Arrays.copyOf(values, size));
    }

    /**
     * One bucket for each pair of bounds.
     *
     * @param width points an item of the level has: 1 for the series itself, else 4
     * @param bounds items at which buckets begin, and the end of the last; they rise strictly
     */
    private static Level gather(Level level, int width, int[] bounds) {
        int buckets = bounds.length - 1;
        long[] steps = new long[buckets * KEPT];
        double[] values = new double[steps.length];
        for (int b = 0; b < buckets; b++) {
            int begin = bounds[b] * width;
            int end = bounds[b + 1] * width;
            int least = begin;
            int greatest = begin;
            for (int p = begin + 1; p < end; p++) {
                if (isBetter(level, p, least, -1)) {
                    least = p;
                }
                if (isBetter(level, p, greatest, 1)) {
                    greatest = p;
                }
            }
            int[] kept = {begin, least, greatest, end - 1};
            for (int i = 0; i < KEPT; i++) {
                steps[b * KEPT + i] = level.steps()[kept[i]];
                values[b * KEPT + i] = level.values()[kept[i]];
            }
        }
        return new Level(steps, values);
    }

    /** Whether the point is less (sign -1) or greater (1) than the best so far; of equal ones the earlier is better. */
    private static boolean isBetter(Level level, int point, int best, int sign) {
        double value = level.values()[point];
        double other = level.values()[best];
        if (Double.isNaN(value) || Double.isNaN(other)) {
            return Double.isNaN(other) && !Double.isNaN(value);
        }
        return sign * value > sign * other || value == other && level.steps()[point] < level.steps()[best];
    }
}
