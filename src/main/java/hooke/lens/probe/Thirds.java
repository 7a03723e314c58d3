package hooke.lens.probe;

import hooke.Check;
import hooke.stats.Resamples;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/** Examples shuffled by a seed: three fifths to fit on, one to choose on, one to report. */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Thirds(int[] train, int[] validation, int[] test) {

    static Thirds of(int n, long seed) {
        Check.that(n >= 10, "a probe needs at least ten examples, not %s", n);
        return shuffled(n, seed);
    }

    private static Thirds shuffled(int n, long seed) {
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

    /** Whole groups: what is reported shares none with what was fitted or chosen on. */
    static Thirds ofGroups(int[] groups, long seed) {
        int[] all = Arrays.stream(groups).distinct().toArray();
        Check.that(all.length >= 5, "a probe needs examples of at least five kinds, not %s", all.length);
        Thirds places = shuffled(all.length, seed);
        return new Thirds(
                of(groups, all, places.train), of(groups, all, places.validation), of(groups, all, places.test));
    }

    private static int[] of(int[] groups, int[] all, int[] places) {
        Set<Integer> some = new HashSet<>();
        Arrays.stream(places).forEach(place -> some.add(all[place]));
        return IntStream.range(0, groups.length)
                .filter(i -> some.contains(groups[i]))
                .toArray();
    }
}
