package hooke.fused.kernels;

/** Counts and times the products that a library makes for one model, one at a time. */
public final class Meter {
    private double flops;
    private long nanos;
    private long longest;

    void add(double callFlops, long callNanos) {
        flops += callFlops;
        nanos += callNanos;
        longest = Math.max(longest, callNanos);
    }

    /** Floating-point operations so far. */
    public double flops() {
        return flops;
    }

    /** Their rate while a product ran, in GFLOP/s; NaN where there was none. */
    public double gigaflopsPerSecond() {
        return flops / nanos;
    }

    /** The longest single call, during which the JVM could stop for nothing, in ms. */
    public double longestMillis() {
        return longest / 1e6;
    }

    /** All of them together, in ms. */
    public double millis() {
        return nanos / 1e6;
    }
}
