package hooke.fused.kernels;

import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;
import static jdk.incubator.vector.IntVector.broadcast;

import hooke.tensor.Dropout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Attention of {@value #LANES} queries side by side, for heads so narrow that a library, which takes apart and puts together again what it
 * multiplies, would do little else. What is summed over keys has the queries in the lanes of a vector, so nothing is summed over lanes,
 * and one of two factors stays in registers while the keys pass by. A key, or a value, is a row of {@value #LANES} numbers. Of queries
 * there are rows, too, and tiles: {@value #LANES} of them side by side, one tile behind the other. Scores, shares and their gradients have
 * the queries of a tile side by side for one key after the other.
 *
 * <p>The kernels call nothing but the API: what is small is put into its callers by the JIT compiler until that is enough of it, and a
 * vector that is given to or comes from a method that is not would become an object each time (300 MB a step of training).
 *
 * <p>Scores, shares, gradients, and rows that are mixed, are the bits of floats in arrays of ints: where a method reads and writes arrays
 * of one kind, the JVM's compiler does not fill vectors with single numbers of them by one instruction, but by two or three.
 */
public final class QueriesAlongLanes {
    /** Queries of a tile, and numbers of a row. */
    public static final int LANES = 8;

    private static final VectorSpecies<Float> F = FloatVector.SPECIES_256;
    private static final VectorSpecies<Integer> I = IntVector.SPECIES_256;
    private static final int NO_SCORE = Float.floatToRawIntBits(SoftmaxRows.NOTHING);

    private QueriesAlongLanes() {}

    /** Whether there are such kernels on this processor. */
    public static boolean fit(Kernel kernel) {
        return kernel == Kernel.VECTOR && Lanes.L >= LANES;
    }

    /** A row, times a factor. */
    public static void row(float[] from, int at, float factor, float[] to, int toAt) {
        fromArray(F, from, at).mul(factor).intoArray(to, toAt);
    }

    /** A row's bits. */
    public static void row(float[] from, int at, int[] to, int toAt) {
        fromArray(F, from, at).reinterpretAsInts().intoArray(to, toAt);
    }

    /** A row becomes one of the queries of a tile, whose first number for it lies at {@code toAt}. */
    public static void turn(float[] from, int at, float factor, float[] to, int toAt) {
        for (int j = 0; j < LANES; j++) {
            to[toAt + j * LANES] = from[at + j] * factor;
        }
    }

    /** One of the queries of a tile, whose first number lies at {@code at}, becomes a row. */
    public static void turnBack(float[] from, int at, float factor, float[] to, int toAt) {
        for (int j = 0; j < LANES; j++) {
            to[toAt + j] = from[at + j * LANES] * factor;
        }
    }

    /** {@code s_kq = sum_j x_qj y_kj} for a tile x and so many rows y. */
    public static void products(float[] x, int xAt, float[] y, int yAt, int keys, int[] s, int sAt) {
        FloatVector x0 = fromArray(F, x, xAt);
        FloatVector x1 = fromArray(F, x, xAt + LANES);
        FloatVector x2 = fromArray(F, x, xAt + 2 * LANES);
        FloatVector x3 = fromArray(F, x, xAt + 3 * LANES);
        FloatVector x4 = fromArray(F, x, xAt + 4 * LANES);
        FloatVector x5 = fromArray(F, x, xAt + 5 * LANES);
        FloatVector x6 = fromArray(F, x, xAt + 6 * LANES);
        FloatVector x7 = fromArray(F, x, xAt + 7 * LANES);
        for (int k = 0; k < keys; k++) {
            int at = yAt + k * LANES;
            FloatVector even = x0.mul(broadcast(F, y[at]));
            FloatVector odd = x1.mul(broadcast(F, y[at + 1]));
            even = x2.fma(broadcast(F, y[at + 2]), even);
            odd = x3.fma(broadcast(F, y[at + 3]), odd);
            even = x4.fma(broadcast(F, y[at + 4]), even);
            odd = x5.fma(broadcast(F, y[at + 5]), odd);
            even = x6.fma(broadcast(F, y[at + 6]), even);
            odd = x7.fma(broadcast(F, y[at + 7]), odd);
            even.add(odd).reinterpretAsInts().intoArray(s, sAt + k * LANES);
        }
    }

    /** {@code z_qj += sum_k p_kq y_kj} for the tile z. */
    public static void mix(int[] p, int pAt, int keys, int[] y, int yAt, float[] z, int zAt) {
        FloatVector z0 = fromArray(F, z, zAt);
        FloatVector z1 = fromArray(F, z, zAt + LANES);
        FloatVector z2 = fromArray(F, z, zAt + 2 * LANES);
        FloatVector z3 = fromArray(F, z, zAt + 3 * LANES);
        FloatVector z4 = fromArray(F, z, zAt + 4 * LANES);
        FloatVector z5 = fromArray(F, z, zAt + 5 * LANES);
        FloatVector z6 = fromArray(F, z, zAt + 6 * LANES);
        FloatVector z7 = fromArray(F, z, zAt + 7 * LANES);
        for (int k = 0; k < keys; k++) {
            FloatVector share = IntVector.fromArray(I, p, pAt + k * LANES).reinterpretAsFloats();
            int at = yAt + k * LANES;
            z0 = share.fma(broadcast(I, y[at]).reinterpretAsFloats(), z0);
            z1 = share.fma(broadcast(I, y[at + 1]).reinterpretAsFloats(), z1);
            z2 = share.fma(broadcast(I, y[at + 2]).reinterpretAsFloats(), z2);
            z3 = share.fma(broadcast(I, y[at + 3]).reinterpretAsFloats(), z3);
            z4 = share.fma(broadcast(I, y[at + 4]).reinterpretAsFloats(), z4);
            z5 = share.fma(broadcast(I, y[at + 5]).reinterpretAsFloats(), z5);
            z6 = share.fma(broadcast(I, y[at + 6]).reinterpretAsFloats(), z6);
            z7 = share.fma(broadcast(I, y[at + 7]).reinterpretAsFloats(), z7);
        }
        z0.intoArray(z, zAt);
        z1.intoArray(z, zAt + LANES);
        z2.intoArray(z, zAt + 2 * LANES);
        z3.intoArray(z, zAt + 3 * LANES);
        z4.intoArray(z, zAt + 4 * LANES);
        z5.intoArray(z, zAt + 5 * LANES);
        z6.intoArray(z, zAt + 6 * LANES);
        z7.intoArray(z, zAt + 7 * LANES);
    }

    /** {@code y_kj += sum_q p_kq x_qj} for the rows x of a tile's queries and the keys' rows y. */
    public static void spread(int[] p, int keys, float[] x, int xAt, float[] y, int yAt) {
        FloatVector x0 = fromArray(F, x, xAt);
        FloatVector x1 = fromArray(F, x, xAt + LANES);
        FloatVector x2 = fromArray(F, x, xAt + 2 * LANES);
        FloatVector x3 = fromArray(F, x, xAt + 3 * LANES);
        FloatVector x4 = fromArray(F, x, xAt + 4 * LANES);
        FloatVector x5 = fromArray(F, x, xAt + 5 * LANES);
        FloatVector x6 = fromArray(F, x, xAt + 6 * LANES);
        FloatVector x7 = fromArray(F, x, xAt + 7 * LANES);
        for (int k = 0; k < keys; k++) {
            int at = k * LANES;
            FloatVector even = x0.fma(broadcast(I, p[at]).reinterpretAsFloats(), fromArray(F, y, yAt + k * LANES));
            FloatVector odd = x1.mul(broadcast(I, p[at + 1]).reinterpretAsFloats());
            even = x2.fma(broadcast(I, p[at + 2]).reinterpretAsFloats(), even);
            odd = x3.fma(broadcast(I, p[at + 3]).reinterpretAsFloats(), odd);
            even = x4.fma(broadcast(I, p[at + 4]).reinterpretAsFloats(), even);
            odd = x5.fma(broadcast(I, p[at + 5]).reinterpretAsFloats(), odd);
            even = x6.fma(broadcast(I, p[at + 6]).reinterpretAsFloats(), even);
            odd = x7.fma(broadcast(I, p[at + 7]).reinterpretAsFloats(), odd);
            even.add(odd).intoArray(y, yAt + k * LANES);
        }
    }

    /** Takes away the scores of a query for keys from one to before another. */
    public static void close(int[] s, int query, int from, int to) {
        for (int k = from; k < to; k++) {
            s[k * LANES + query] = NO_SCORE;
        }
    }

    /**
     * {@code p_kq = e^(s_kq - max_q)}, in place of s, where there is any score at all.
     *
     * @param sum becomes that of each query
     * @param logSum becomes the logarithm of the sum of {@code e^s}, or 0 where there is no score
     */
    public static void softmax(int[] s, int keys, float[] sum, float[] logSum) {
        FloatVector max = broadcast(F, SoftmaxRows.NOTHING);
        for (int at = 0; at < keys * LANES; at += LANES) {
            FloatVector score = IntVector.fromArray(I, s, at).reinterpretAsFloats();
            max = max.blend(score, score.compare(VectorOperators.GT, max));
        }
        max.blend(0f, max.compare(VectorOperators.EQ, SoftmaxRows.NOTHING)).intoArray(logSum, 0);
        powers(s, keys, logSum);
        FloatVector all = FloatVector.zero(F);
        for (int at = 0; at < keys * LANES; at += LANES) {
            all = all.add(IntVector.fromArray(I, s, at).reinterpretAsFloats());
        }
        all.intoArray(sum, 0);
        for (int q = 0; q < LANES; q++) {
            logSum[q] = sum[q] == 0 ? 0 : logSum[q] + (float) Math.log(sum[q]);
        }
    }

    /** {@code p_kq = e^(s_kq - logSum_q)} in place of s, and {@code p_kq (d_kq - delta_q)} in place of d. */
    public static void gradient(int[] s, int[] d, int keys, float[] logSum, float[] delta) {
        powers(s, keys, logSum);
        FloatVector less = fromArray(F, delta, 0);
        for (int at = 0; at < keys * LANES; at += LANES) {
            FloatVector p = IntVector.fromArray(I, s, at).reinterpretAsFloats();
            FloatVector gradient = IntVector.fromArray(I, d, at).reinterpretAsFloats();
            p.mul(gradient.sub(less)).reinterpretAsInts().intoArray(d, at);
        }
    }

    /**
     * {@code s_kq = e^(s_kq - less_q)}, as {@link VectorFunctions#powers}: of two keys side by side, the last of an odd number with itself.
     */
    private static void powers(int[] s, int keys, float[] less) {
        FloatVector below = fromArray(F, less, 0);
        for (int at = 0; at < keys * LANES; at += 2 * LANES) {
            int next = at + LANES < keys * LANES ? at + LANES : at;
            FloatVector x = IntVector.fromArray(I, s, at).reinterpretAsFloats().sub(below);
            FloatVector y =
                    IntVector.fromArray(I, s, next).reinterpretAsFloats().sub(below);
            FloatVector shiftedX = x.fma(broadcast(F, Functions.LOG2_E), broadcast(F, Functions.ROUND));
            FloatVector shiftedY = y.fma(broadcast(F, Functions.LOG2_E), broadcast(F, Functions.ROUND));
            FloatVector kX = shiftedX.sub(Functions.ROUND);
            FloatVector kY = shiftedY.sub(Functions.ROUND);
            FloatVector rX = kX.fma(broadcast(F, -Functions.LN2_HIGH), x);
            FloatVector rY = kY.fma(broadcast(F, -Functions.LN2_HIGH), y);
            rX = kX.fma(broadcast(F, -Functions.LN2_LOW), rX);
            rY = kY.fma(broadcast(F, -Functions.LN2_LOW), rY);
            FloatVector pX = broadcast(F, Functions.POWER_6).fma(rX, broadcast(F, Functions.POWER_5));
            FloatVector pY = broadcast(F, Functions.POWER_6).fma(rY, broadcast(F, Functions.POWER_5));
            pX = pX.fma(rX, broadcast(F, Functions.POWER_4));
            pY = pY.fma(rY, broadcast(F, Functions.POWER_4));
            pX = pX.fma(rX, broadcast(F, Functions.POWER_3));
            pY = pY.fma(rY, broadcast(F, Functions.POWER_3));
            pX = pX.fma(rX, broadcast(F, Functions.POWER_2));
            pY = pY.fma(rY, broadcast(F, Functions.POWER_2));
            pX = pX.fma(rX, broadcast(F, 1f)).fma(rX, broadcast(F, 1f));
            pY = pY.fma(rY, broadcast(F, 1f)).fma(rY, broadcast(F, 1f));
            IntVector powerX =
                    pX.reinterpretAsInts().add(shiftedX.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
            IntVector powerY =
                    pY.reinterpretAsInts().add(shiftedY.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
            powerX.blend(0, x.compare(VectorOperators.LT, Functions.LOWEST).cast(I))
                    .intoArray(s, at);
            powerY.blend(0, y.compare(VectorOperators.LT, Functions.LOWEST).cast(I))
                    .intoArray(s, next);
        }
    }

    /**
     * What {@link Dropout} multiplies the shares of a tile by.
     *
     * @param columns of the keys, from a place on
     * @param low halves of the numbers of the queries' rows, and high ones
     */
    public static void factors(
            Dropout dropout, int[] columns, int from, int keys, int[] low, int[] high, float[] factors, int to) {
        FloatVector kept = broadcast(F, dropout.scale());
        IntVector lows = IntVector.fromArray(I, low, 0);
        IntVector highs = IntVector.fromArray(I, high, 0);
        int limit = dropout.limit();
        for (int k = 0; k < keys; k++) {
            IntVector drawn = DropRows.Vectors.hash(lows.lanewise(VectorOperators.XOR, columns[from + k]), highs);
            var gone = drawn.lanewise(VectorOperators.LSHR, 1).compare(VectorOperators.LT, limit);
            kept.blend(0f, gone.cast(F)).intoArray(factors, to + k * LANES);
        }
    }

    /** {@code x_kq *= factor_kq}. */
    public static void times(int[] x, float[] factors, int keys) {
        for (int i = 0; i < keys * LANES; i += LANES) {
            FloatVector kept =
                    IntVector.fromArray(I, x, i).reinterpretAsFloats().mul(fromArray(F, factors, i));
            kept.reinterpretAsInts().intoArray(x, i);
        }
    }
}
