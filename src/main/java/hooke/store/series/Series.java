package hooke.store.series;

import hooke.Check;

/**
 * A curve: one value at each of its steps, which rise strictly. Values may be NaN or infinite.
 *
 * @param steps as many as values
 */
@SuppressWarnings(
        "ArrayRecordComponent") // a hundred thousand points are no list of objects; compare with Arrays.equals
public record Series(String name, long[] steps, double[] values) {
    public Series {
        Check.that(
                steps.length == values.length,
                "series %s has %s steps and %s values: as many are needed",
                name,
                steps.length,
                values.length);
    }

    /** Number of points. */
    public int size() {
        return steps.length;
    }

    /** Whether its values are shares of one, which people read in percent: accuracies and the like. */
    public boolean isShare() {
        return isShare(name);
    }

    /** Whether a series of that name has shares of one as its values. */
    public static boolean isShare(String name) {
        return name.endsWith("accuracy") || name.endsWith("exact_match");
    }

    /** Whether a series of that name has losses as its values. */
    public static boolean isLoss(String name) {
        return name.equals("loss") || name.endsWith("_loss");
    }

    /** At most that many points (at least 4) to draw: the first and last of all, and of equal stretches first, least, greatest, last. */
    public Series thinned(int atMost) {
        return size() <= atMost ? this : Pyramid.of(this).thin(this, atMost);
    }
}
