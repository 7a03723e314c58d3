package hooke.stats;

import hooke.Check;
import java.util.Comparator;
import java.util.stream.IntStream;

/** p-values of several tests, corrected for their number; the order of the tests stays. */
public final class MultipleTesting {
    private MultipleTesting() {}

    /** Holm (1979): holds the chance of even one false finding, and is never weaker than Bonferroni. */
    public static double[] holm(double[] p) {
        int[] order = ascending(p);
        double[] adjusted = new double[p.length];
        double largest = 0;
        for (int rank = 0; rank < p.length; rank++) {
            largest = Math.max(largest, Math.min(1, (p.length - rank) * p[order[rank]]));
            adjusted[order[rank]] = largest;
        }
        return adjusted;
    }

    /** Bonferroni: each p times the number of tests. */
    public static double[] bonferroni(double[] p) {
        ascending(p);
        return IntStream.range(0, p.length)
                .mapToDouble(i -> Math.min(1, p[i] * p.length))
                .toArray();
    }

    /** Benjamini and Hochberg (1995): holds the expected share of false findings among all findings. */
    public static double[] benjaminiHochberg(double[] p) {
        int[] order = ascending(p);
        double[] adjusted = new double[p.length];
        double smallest = 1;
        for (int rank = p.length - 1; rank >= 0; rank--) {
            smallest = Math.min(smallest, p[order[rank]] * p.length / (rank + 1));
            adjusted[order[rank]] = smallest;
        }
        return adjusted;
    }

    private static int[] ascending(double[] p) {
        for (double value : p) {
            Check.that(value >= 0 && value <= 1, "a p-value (%s) must lie between 0 and 1", value);
        }
        return IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
    }
}
