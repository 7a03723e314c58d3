package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;

import java.util.Arrays;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The functions of {@link Functions} on vectors. */
final class VectorFunctions {
    private static final VectorSpecies<Double> D =
            VectorSpecies.of(double.class, VectorShape.forBitSize(F.vectorBitSize()));
    /** As many floats as a vector holds doubles. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

    private VectorFunctions() {}

    /** {@code e^x} to single precision for x of at most 88; 0 below {@link Functions#LOWEST}, whatever the steps before make of it. */
    static FloatVector exp(FloatVector x) {
        FloatVector shifted =
                x.fma(FloatVector.broadcast(F, Functions.LOG2_E), FloatVector.broadcast(F, Functions.ROUND));
        FloatVector k = shifted.sub(Functions.ROUND);
        FloatVector r = k.fma(FloatVector.broadcast(F, -Functions.LN2_HIGH), x);
        r = k.fma(FloatVector.broadcast(F, -Functions.LN2_LOW), r);
        FloatVector p = FloatVector.broadcast(F, Functions.POWER_6).fma(r, FloatVector.broadcast(F, Functions.POWER_5));
        p = p.fma(r, FloatVector.broadcast(F, Functions.POWER_4));
        p = p.fma(r, FloatVector.broadcast(F, Functions.POWER_3));
        p = p.fma(r, FloatVector.broadcast(F, Functions.POWER_2));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        var exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        FloatVector power = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
        return power.blend(0f, x.compare(VectorOperators.LT, Functions.LOWEST));
    }

    /**
     * {@code x_j = e^(x_j - less)}, as {@link #exp}, from one place to before another, up to the end of the last vector. Two vectors side by
     * side share what is loaded of constants; of an odd one the other is itself. It calls nothing but the API: what is small is put into its
     * callers by the JIT compiler until that is enough of it, and a vector that is given to or comes from a method that is not becomes an
     * object each time.
     */
    static void powers(float[] x, int from, int to, float less) {
        int lanes = F.length();
        for (int j = from; j < to; j += 2 * lanes) {
            int k = j + lanes < to ? j + lanes : j;
            FloatVector a = FloatVector.fromArray(F, x, j).sub(less);
            FloatVector b = FloatVector.fromArray(F, x, k).sub(less);
            FloatVector shiftedA =
                    a.fma(FloatVector.broadcast(F, Functions.LOG2_E), FloatVector.broadcast(F, Functions.ROUND));
            FloatVector shiftedB =
                    b.fma(FloatVector.broadcast(F, Functions.LOG2_E), FloatVector.broadcast(F, Functions.ROUND));
            FloatVector kA = shiftedA.sub(Functions.ROUND);
            FloatVector kB = shiftedB.sub(Functions.ROUND);
            FloatVector rA = kA.fma(FloatVector.broadcast(F, -Functions.LN2_HIGH), a);
            FloatVector rB = kB.fma(FloatVector.broadcast(F, -Functions.LN2_HIGH), b);
            rA = kA.fma(FloatVector.broadcast(F, -Functions.LN2_LOW), rA);
            rB = kB.fma(FloatVector.broadcast(F, -Functions.LN2_LOW), rB);
            FloatVector pA =
                    FloatVector.broadcast(F, Functions.POWER_6).fma(rA, FloatVector.broadcast(F, Functions.POWER_5));
            FloatVector pB =
                    FloatVector.broadcast(F, Functions.POWER_6).fma(rB, FloatVector.broadcast(F, Functions.POWER_5));
            pA = pA.fma(rA, FloatVector.broadcast(F, Functions.POWER_4));
            pB = pB.fma(rB, FloatVector.broadcast(F, Functions.POWER_4));
            pA = pA.fma(rA, FloatVector.broadcast(F, Functions.POWER_3));
            pB = pB.fma(rB, FloatVector.broadcast(F, Functions.POWER_3));
            pA = pA.fma(rA, FloatVector.broadcast(F, Functions.POWER_2));
            pB = pB.fma(rB, FloatVector.broadcast(F, Functions.POWER_2));
            pA = pA.fma(rA, FloatVector.broadcast(F, 1f)).fma(rA, FloatVector.broadcast(F, 1f));
            pB = pB.fma(rB, FloatVector.broadcast(F, 1f)).fma(rB, FloatVector.broadcast(F, 1f));
            var powerA = pA.reinterpretAsInts().add(shiftedA.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
            var powerB = pB.reinterpretAsInts().add(shiftedB.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
            powerA.reinterpretAsFloats()
                    .blend(0f, a.compare(VectorOperators.LT, Functions.LOWEST))
                    .intoArray(x, j);
            powerB.reinterpretAsFloats()
                    .blend(0f, b.compare(VectorOperators.LT, Functions.LOWEST))
                    .intoArray(x, k);
        }
    }

    /** Phi(u), the share of the normal distribution below u, given {@code e^(-u^2/2)}. */
    static FloatVector normal(FloatVector u, FloatVector bell) {
        FloatVector one = FloatVector.broadcast(F, 1f);
        FloatVector t = one.div(u.abs().fma(FloatVector.broadcast(F, Functions.TAIL_SCALE), one));
        FloatVector p = FloatVector.broadcast(F, Functions.TAIL[8]);
        p = p.fma(t, FloatVector.broadcast(F, Functions.TAIL[7]));
        p = p.fma(t, FloatVector.broadcast(F, Functions.TAIL[6]));
        p = p.fma(t, FloatVector.broadcast(F, Functions.TAIL[5]));
        p = p.fma(t, FloatVector.broadcast(F, Functions.TAIL[4]));
        p = p.fma(t, FloatVector.broadcast(F, Functions.TAIL[3]));
        p = p.fma(t, FloatVector.broadcast(F, Functions.TAIL[2]));
        p = p.fma(t, FloatVector.broadcast(F, Functions.TAIL[1]));
        p = p.fma(t, FloatVector.broadcast(F, Functions.TAIL[0]));
        FloatVector tail = bell.mul(t).mul(p);
        return tail.blend(one.sub(tail), u.compare(VectorOperators.GE, 0f));
    }

    /** See {@link Kernels#expBelow}. */
    static double expBelow(float[] x, int at, int n, int top) {
        double highest = x[at + top];
        x[at + top] = Float.NEGATIVE_INFINITY;
        int lanes = D.length();
        DoubleVector sum = DoubleVector.zero(D);
        for (int j = 0; j < n; j += lanes) {
            VectorMask<Double> inside = D.indexInRange(j, n);
            FloatVector raw = FloatVector.fromArray(HALF, x, at + j);
            DoubleVector below = ((DoubleVector) raw.convertShape(VectorOperators.F2D, D, 0)).sub(highest);
            DoubleVector e = DoubleVector.zero(D).blend(exp(below), inside);
            sum = sum.add(e);
            DoubleVector seen = e.blend(0.0, e.compare(VectorOperators.LT, Functions.TINY));
            ((FloatVector) seen.convertShape(VectorOperators.D2F, HALF, 0)).intoArray(x, at + j);
        }
        x[at + top] = 1;
        double all = 0;
        for (int lane = 0; lane < lanes; lane++) {
            all += sum.lane(lane);
        }
        return all;
    }

    /** {@code e^x} to double precision for x of at most 0; what is below e^-700 counts as e^-700. */
    private static DoubleVector exp(DoubleVector x) {
        DoubleVector bounded = x.max(-700.0);
        DoubleVector shifted = bounded.fma(
                DoubleVector.broadcast(D, Functions.LOG2_E_DOUBLE), DoubleVector.broadcast(D, Functions.ROUND_DOUBLE));
        DoubleVector k = shifted.sub(Functions.ROUND_DOUBLE);
        DoubleVector r = k.fma(DoubleVector.broadcast(D, -Functions.LN2_HIGH_DOUBLE), bounded);
        r = k.fma(DoubleVector.broadcast(D, -Functions.LN2_LOW_DOUBLE), r);
        // Estrin's scheme: pairs, then pairs of pairs, so that the processor need not wait for 13 additions in a row.
        DoubleVector r2 = r.mul(r);
        DoubleVector r4 = r2.mul(r2);
        DoubleVector low = pair(r, 0.5, 1.0 / 6).fma(r2, r.add(1.0));
        DoubleVector middle = pair(r, 1.0 / 720, 1.0 / 5040).fma(r2, pair(r, 1.0 / 24, 1.0 / 120));
        DoubleVector high = pair(r, 1.0 / 3628800, 1.0 / 39916800).fma(r2, pair(r, 1.0 / 40320, 1.0 / 362880));
        DoubleVector top = pair(r, 1.0 / 479001600, 1.0 / 6227020800L);
        DoubleVector p = top.fma(r4, high).fma(r4, middle).fma(r4, low);
        LongVector exponent = shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
        return p.reinterpretAsLongs().add(exponent).reinterpretAsDoubles();
    }

    /** {@code a + b r}. */
    private static DoubleVector pair(DoubleVector r, double a, double b) {
        return r.fma(DoubleVector.broadcast(D, b), DoubleVector.broadcast(D, a));
    }

    /** See {@link Kernels#expBelow}: in single precision. */
    static double expBelowSingle(float[] x, int at, int n, int top) {
        float highest = x[at + top];
        x[at + top] = Float.NEGATIVE_INFINITY;
        powers(x, at, at + n, highest);
        int lanes = F.length();
        Arrays.fill(x, at + n, at + (n + lanes - 1) / lanes * lanes, 0);
        FloatVector sum = FloatVector.zero(F);
        for (int j = 0; j < n; j += lanes) {
            sum = sum.add(FloatVector.fromArray(F, x, at + j));
        }
        x[at + top] = 1;
        return Lanes.sum(sum);
    }
}
