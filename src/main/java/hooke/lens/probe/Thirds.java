package hooke.lens.probe;

import hooke.Check;
import hooke.stats.Resamples;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/** Examples shuffled by a seed: three fifths to fit on, one to choose on, one to report. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Thirds(int[] train, int[] validation, int[] test) {

    static Thirds of(int n, long seed) {
        Check.that(n >= 10, "a probe needs at least ten examples, not %s", n);
        RandomGenerator random = Resamples.stream(seed, "probe");
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int at = random.nextInt(i + 1);
            order[i] = order[at];
            order[at] = i;
        }
        int train = n * 3 / 5;
        int validation = n / 5;
        return new Thirds(
                Arrays.copyOf(order, train),
                Arrays.copyOfRange(order, train, train + validation),
                Arrays.copyOfRange(order, train + validation, n));
    }
}
