package hooke.fused.kernels;

/**
 * The numbers behind the functions that both kinds of kernels compute.
 *
 * <p>{@code e^x = 2^k e^r} with {@code k = round(x / ln 2)} and {@code r = x - k ln 2}, of which {@code e^r} is a polynomial ({@code
 * |r| <= 0.347}); adding and taking away a big number rounds, and leaves k in the low bits. The library's exponential is not
 * used: interpreted and compiled code may differ in its last bit.
 */
public final class Functions {
    /** {@code 1 / sqrt(2 pi)}. */
    static final float DENSITY = 0.3989423f;

    static final float LOG2_E = 1.442695f;
    /** ln 2 in two parts, the first with so few bits that k times it is exact. */
    static final float LN2_HIGH = 0.6933594f;

    static final float LN2_LOW = -2.1219444e-04f;
    /** {@code 1.5 2^23}: adding it leaves no bits for a fraction. */
    static final float ROUND = 12582912f;

    /**
     * {@code e^r = 1 + r + r^2 (POWER_2 + .. + POWER_6 r^4)} for r of at most ln 2 / 2, with a largest relative error of 3.1e-9: less than
     * Taylor's, which needs a term more.
     */
    static final float POWER_2 = 0.49999994f;

    static final float POWER_3 = 0.1666652f;
    static final float POWER_4 = 0.04166839f;
    static final float POWER_5 = 0.008368747f;
    static final float POWER_6 = 0.0013814548f;

    static final double LOG2_E_DOUBLE = 1.4426950408889634;
    static final double LN2_HIGH_DOUBLE = 0.6931471803691238;
    static final double LN2_LOW_DOUBLE = 1.9082149292705877e-10;
    static final double ROUND_DOUBLE = 6755399441055744.0;

    /** Below it, what an exponential says is taken for zero: gradients of 1e-30 move no weight. */
    public static final double TINY = 0x1p-100;

    /** The logarithm of {@link #TINY}. */
    static final float LOWEST = -69.3f;

    /**
     * The upper tail of the normal distribution is {@code e^(-u^2/2) t P(t)} with {@code t = 1 / (1 + 0.28 u)} for u of at least 0; P
     * from degree 0. Fitted to {@code erfcx(u / sqrt 2) / 2} over 0 to 14, with a largest relative error of 5.4e-8.
     */
    static final float[] TAIL = {
        0.11168726f,
        0.11199486f,
        0.100930676f,
        0.092075214f,
        0.05327222f,
        0.020821134f,
        0.069803104f,
        -0.083379276f,
        0.022794832f
    };

    static final float TAIL_SCALE = 0.28f;

    private Functions() {}

    /** Phi(u), the share of the normal distribution below u, given {@code e^(-u^2/2)}. */
    static float normal(float u, float bell) {
        float t = 1 / (1 + TAIL_SCALE * Math.abs(u));
        float p = 0;
        for (int i = TAIL.length - 1; i >= 0; i--) {
            p = p * t + TAIL[i];
        }
        float tail = bell * t * p;
        return u >= 0 ? 1 - tail : tail;
    }
}
