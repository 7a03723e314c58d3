package hooke.stats;

import hooke.Check;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Whether groups of runs reach an event at the same rate at all times (Mantel 1966): at each event time, the events of a group against
 * the share that its runs at risk would give it. It sees best a ratio of rates that does not change; curves that cross can hide from it.
 *
 * @param statistic chi-square
 * @param degrees groups less one, fewer if a group was never at risk beside another; 0 where nothing can be compared
 * @param p probability of at least this statistic if the groups are alike; 1 where nothing can be compared
 * @param n runs of each group
 * @param observed events of each group
 * @param expected events of each group if all were alike
 * @param variance of observed less expected of the first group
 * @param riskSets of all strata
 */
public record LogRank(
        double statistic,
        int degrees,
        double p,
        List<Integer> n,
        List<Double> observed,
        List<Double> expected,
        double variance,
        List<RiskSet> riskSets) {
    /** Two of several groups, by index, with the p-value that Holm's correction gives for all pairs. */
    public record Pair(int first, int second, LogRank test, double adjustedP) {}

    /** Compares two or more groups at once. */
    public static LogRank of(List<Times> groups) {
        return stratified(List.of(groups));
    }

    /**
     * Compares the same groups within each stratum, such as matched pairs of cells: what sets one stratum apart from another counts for
     * nothing.
     *
     * @param strata lists of the same groups in the same order
     */
    public static LogRank stratified(List<List<Times>> strata) {
        Check.that(!strata.isEmpty(), "a log-rank test needs a stratum");
        int k = strata.getFirst().size();
        Check.that(k >= 2, "a log-rank test compares at least two groups, not %s", k);
        int[] n = new int[k];
        List<RiskSet> sets = new ArrayList<>();
        for (List<Times> groups : strata) {
            Check.that(groups.size() == k, "every stratum must have %s groups, not %s", k, groups.size());
            Arrays.setAll(n, g -> n[g] + groups.get(g).n());
            sets.addAll(RiskSet.of(groups));
        }
        return test(n, sets);
    }

    /** Whether there was an event while more than one group was watched: without any, no number tells the groups apart. */
    public boolean compares() {
        return degrees > 0;
    }

    /** Every pair of groups, the p-values of those that compare corrected for their number by Holm's method. */
    public static List<Pair> pairwise(List<Times> groups) {
        List<Pair> pairs = new ArrayList<>();
        for (int a = 0; a < groups.size(); a++) {
            for (int b = a + 1; b < groups.size(); b++) {
                pairs.add(new Pair(a, b, of(List.of(groups.get(a), groups.get(b))), 1));
            }
        }
        double[] adjusted = MultipleTesting.holm(pairs.stream()
                .filter(pair -> pair.test().compares())
                .mapToDouble(pair -> pair.test().p())
                .toArray());
        List<Pair> corrected = new ArrayList<>();
        int next = 0;
        for (Pair pair : pairs) {
            double p = pair.test().compares() ? adjusted[next++] : 1;
            corrected.add(new Pair(pair.first(), pair.second(), pair.test(), p));
        }
        return corrected;
    }

    /** Of two groups: the signed root of the statistic, above 0 where the first reaches the event faster; NaN where nothing compares. */
    public double z() {
        checkTwo();
        return degrees == 0 ? Double.NaN : (observed.get(0) - expected.get(0)) / Math.sqrt(variance);
    }

    /** Of two groups: how many times as often the first reaches the event per step as the second. */
    public HazardRatio hazardRatio(double level) {
        checkTwo();
        return HazardRatio.of(compares() ? riskSets : List.of(), n.get(0) + n.get(1), level);
    }

    private void checkTwo() {
        Check.that(n.size() == 2, "a direction and a ratio belong to two groups, not to %s", n.size());
    }

    /** Adds one event time: the hypergeometric mean and covariance of the events that each group gets. */
    private static void add(RiskSet set, double[] expected, double[][] variance) {
        double all = set.allAtRisk();
        double events = set.allEvents();
        double scale = all > 1 ? events * (all - events) / (all - 1) : 0;
        for (int g = 0; g < expected.length; g++) {
            double share = set.atRisk(g) / all;
            expected[g] += events * share;
            for (int h = 0; h < expected.length; h++) {
                variance[g][h] += scale * share * ((g == h ? 1 : 0) - set.atRisk(h) / all);
            }
        }
    }

    private static LogRank test(int[] n, List<RiskSet> sets) {
        double[] observed = new double[n.length];
        double[] expected = new double[n.length];
        double[][] variance = new double[n.length][n.length];
        for (RiskSet set : sets) {
            Arrays.setAll(observed, g -> observed[g] + set.events(g));
            add(set, expected, variance);
        }
        int free = n.length - 1;
        double[] difference = new double[free];
        double[][] matrix = new double[free][];
        for (int g = 0; g < free; g++) {
            difference[g] = observed[g] - expected[g];
            matrix[g] = Arrays.copyOf(variance[g], free);
        }
        double[] form = quadraticForm(matrix, difference);
        double statistic = form[0];
        int rank = (int) form[1];
        return new LogRank(
                statistic,
                rank,
                rank == 0 ? 1 : Distributions.chiSquareTail(statistic, rank),
                Arrays.stream(n).boxed().toList(),
                Arrays.stream(observed).boxed().toList(),
                Arrays.stream(expected).boxed().toList(),
                variance[0][0],
                List.copyOf(sets));
    }

    /** x' V^-1 x and the rank of V, by symmetric elimination that leaves out directions without variance. */
    private static double[] quadraticForm(double[][] v, double[] x) {
        double largest = 0;
        for (int i = 0; i < x.length; i++) {
            largest = Math.max(largest, v[i][i]);
        }
        double form = 0;
        int rank = 0;
        for (int i = 0; i < x.length; i++) {
            double pivot = v[i][i];
            if (pivot <= 1e-12 * largest) {
                continue;
            }
            rank++;
            form += x[i] * x[i] / pivot;
            for (int j = i + 1; j < x.length; j++) {
                double factor = v[j][i] / pivot;
                x[j] -= factor * x[i];
                for (int l = i + 1; l < x.length; l++) {
                    v[j][l] -= factor * v[i][l];
                }
            }
        }
        return new double[] {form, rank};
    }
}
