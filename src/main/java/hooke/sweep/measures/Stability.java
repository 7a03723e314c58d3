package hooke.sweep.measures;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What an accuracy did after it had reached a goal.
 *
 * @param evaluations from the one that reached it to the last
 * @param above of these, how many are beyond the threshold
 * @param excursions stretches of evaluations that are not, the earliest first
 */
public record Stability(int evaluations, int above, List<Excursion> excursions) {
    /**
     * The accuracy fell below the threshold.
     *
     * @param from step of the first evaluation below
     * @param until step of the first evaluation beyond the threshold again; of the last of all if it did not come back
     * @param isBack whether it came back
     * @param depth threshold less the lowest value
     */
    public record Excursion(long from, long until, boolean isBack, double depth) {
        /** Steps; at least so many where it did not come back. */
        public long length() {
            return until - from;
        }
    }

    public Stability {
        excursions = List.copyOf(excursions);
    }

    /** Empty if the goal was not reached. */
    public static Optional<Stability> after(Goal goal, long[] steps, double[] values) {
        OptionalInt first = goal.first(values);
        if (first.isEmpty()) {
            return Optional.empty();
        }
        List<Excursion> excursions = new ArrayList<>();
        int above = 0;
        int i = first.getAsInt();
        while (i < values.length) {
            if (goal.holds(values[i])) {
                above++;
                i++;
                continue;
            }
            int begin = i;
            double lowest = Double.POSITIVE_INFINITY;
            while (i < values.length && !goal.holds(values[i])) {
                lowest = Math.min(lowest, Double.isNaN(values[i]) ? 0 : values[i]);
                i++;
            }
            boolean isBack = i < values.length;
            excursions.add(new Excursion(steps[begin], steps[isBack ? i : i - 1], isBack, goal.threshold() - lowest));
        }
        return Optional.of(new Stability(values.length - first.getAsInt(), above, excursions));
    }

    /** Share of the evaluations beyond the threshold. */
    public double share() {
        return (double) above / evaluations;
    }

    /** The deepest excursion's depth; 0 without any. */
    public double depth() {
        return excursions.stream().mapToDouble(Excursion::depth).max().orElse(0);
    }

    /** Steps of the longest excursion; 0 without any. */
    public long length() {
        return excursions.stream().mapToLong(Excursion::length).max().orElse(0);
    }
}
