package hooke.stats;

import java.util.List;
import java.util.Locale;
import java.util.function.DoublePredicate;

/**
 * How many times as often the first of two groups reaches an event per step as the second, if that ratio is the same at all times: the
 * maximum of the partial likelihood of Cox (1972) with one covariate, the group, and ties by Efron (1977). The interval holds the ratios
 * whose log-likelihood is less than half a chi-square quantile below the maximum (profile likelihood): it needs neither equal groups nor
 * a small ratio, and exists, open at one side, where one group alone reached the event while both were watched.
 *
 * @param value infinite where only the first group reached the event while both were watched, 0 where only the second did, NaN where
 *     nothing tells the groups apart
 * @param low lower end of the interval, 0 where the data set none
 * @param high upper end, infinite where the data set none
 * @param level coverage of the interval
 * @param n runs of both groups
 * @param logLikelihood partial log-likelihood at the maximum
 */
public record HazardRatio(double value, double low, double high, double level, int n, double logLikelihood) {
    /** Beyond this logarithm no ratio is told from 0 or infinity: e^700 is near the largest number. */
    private static final double FAR = 700;

    static HazardRatio of(List<RiskSet> all, int n, double level) {
        List<RiskSet> sets = all.stream().filter(HazardRatio::tells).toList();
        double first = sets.stream().mapToInt(s -> s.events(0)).sum();
        double second = sets.stream().mapToInt(s -> s.events(1)).sum();
        if (first + second == 0) {
            return new HazardRatio(Double.NaN, Double.NaN, Double.NaN, level, n, Double.NaN);
        }
        double best = second == 0
                ? Double.POSITIVE_INFINITY
                : first == 0 ? Double.NEGATIVE_INFINITY : root(-FAR, FAR, b -> score(sets, b) > 0);
        double most = sum(sets, best);
        double reach = Distributions.reach(level);
        DoublePredicate inside = b -> 2 * (most - sum(sets, b)) < reach * reach;
        double low = first == 0 ? Double.NEGATIVE_INFINITY : root(-FAR, Math.min(best, FAR), inside.negate());
        double high = second == 0 ? Double.POSITIVE_INFINITY : root(Math.max(best, -FAR), FAR, inside);
        double constant =
                all.stream().filter(s -> !tells(s)).mapToDouble(s -> term(s, 0)).sum();
        return new HazardRatio(Math.exp(best), Math.exp(low), Math.exp(high), level, n, most + constant);
    }

    /** Where one group is no longer watched, whose run reaches the event says nothing of the ratio. */
    private static boolean tells(RiskSet set) {
        return set.atRisk(0) > 0 && set.atRisk(1) > 0;
    }

    /** The partial log-likelihood of the logarithm of a ratio, less what does not depend on it. */
    private static double sum(List<RiskSet> sets, double b) {
        return sets.stream().mapToDouble(s -> term(s, b)).sum();
    }

    /**
     * The part of one time: d1 b - sum over l &lt; d of log(A e^b + B), where of d tied events the l-th finds each group less l / d of
     * its own ones (Efron). At an infinite b it is its limit, which exists where the other group has no event.
     */
    private static double term(RiskSet set, double b) {
        boolean up = b > 0;
        double others = set.events(up ? 1 : 0);
        double term = others == 0 ? 0 : -others * Math.abs(b);
        double small = Math.exp(-Math.abs(b));
        int d = set.allEvents();
        for (int l = 0; l < d; l++) {
            double a = set.atRisk(0) - (double) l / d * set.events(0);
            double c = set.atRisk(1) - (double) l / d * set.events(1);
            term -= Math.log(up ? a + c * small : a * small + c);
        }
        return term;
    }

    /** The derivative of the log-likelihood, which falls in b: events of the first group less those expected. */
    private static double score(List<RiskSet> sets, double b) {
        double score = 0;
        for (RiskSet set : sets) {
            int d = set.allEvents();
            score += set.events(0);
            for (int l = 0; l < d; l++) {
                double a = set.atRisk(0) - (double) l / d * set.events(0);
                double c = set.atRisk(1) - (double) l / d * set.events(1);
                score -= a / (a + c * Math.exp(-b));
            }
        }
        return score;
    }

    /** Where a condition that holds from the low end on ceases to hold, by halving. */
    private static double root(double from, double to, DoublePredicate holds) {
        double low = from;
        double high = to;
        for (double middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
            if (holds.test(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return high;
    }

    /** Whether the data say anything of the ratio. */
    public boolean isDefined() {
        return !Double.isNaN(value);
    }

    /**
     * The ratio to plan with: the estimate, or where that has no bound the end of the interval; NaN where this end lies beyond 1, and
     * nothing is known of the size.
     */
    public double planned() {
        if (Double.isInfinite(value)) {
            return low > 1 ? low : Double.NaN;
        }
        return value == 0 ? high < 1 ? high : Double.NaN : value;
    }

    /** {@code 7.841 [5.135, 11.97]}; {@code more than 2.104} where there is no upper bound, {@code less than 0.4751} where no lower. */
    public String brief() {
        if (!isDefined()) {
            return "not defined";
        } else if (Double.isInfinite(high)) {
            return "more than " + Estimate.number(low);
        } else if (low == 0) {
            return "less than " + Estimate.number(high);
        }
        return Estimate.number(value) + " [" + Estimate.number(low) + ", " + Estimate.number(high) + "]";
    }

    /** All that it carries, and why there is a bound at one side only. */
    public String text() {
        if (!isDefined()) {
            return brief();
        }
        String open = ", without %s bound, since only runs of the %s reached the event while both were watched";
        return String.format(
                Locale.ROOT,
                "%s times, n = %d, %s%% profile-likelihood interval of Cox's hazard ratio%s",
                brief(),
                n,
                Estimate.number(level * 100),
                Double.isInfinite(high)
                        ? open.formatted("an upper", "first")
                        : low == 0 ? open.formatted("a lower", "second") : "");
    }
}
