package hooke.view.plot;

import hooke.Check;

/**
 * One line of a plot: y over x, x rising. A y that is not finite leaves a gap. The arrays are taken as they are, not copied.
 *
 * @param name as the legend shows it
 */
@SuppressWarnings(
        "ArrayRecordComponent") // compared by nobody; copying 40,000 points to protect them from us is no gain
public record Curve(String name, double[] x, double[] y) {
    public Curve {
        Check.that(x.length == y.length, "curve %s has %s x and %s y", name, x.length, y.length);
        for (int i = 1; i < x.length; i++) {
            Check.that(x[i] > x[i - 1], "curve %s has x %s after %s: it must rise", name, x[i], x[i - 1]);
        }
    }

    /** Whether every finite value is above 0 and there is one. */
    boolean positive() {
        boolean any = false;
        for (double v : y) {
            if (Double.isFinite(v)) {
                if (v <= 0) {
                    return false;
                }
                any = true;
            }
        }
        return any;
    }
}
