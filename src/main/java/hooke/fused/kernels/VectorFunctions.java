package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;

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

    /** {@code e^x} to single precision for x of at most 88; 0 below {@link Functions#LOWEST}. */
    static FloatVector exp(FloatVector x) {
        var below = x.compare(VectorOperators.LT, Functions.LOWEST);
        FloatVector bounded = x.blend(
                Functions.LOWEST, below); // The API's max costs five instructions, for zeros and for what is no number.
        FloatVector shifted =
                bounded.fma(FloatVector.broadcast(F, Functions.LOG2_E), FloatVector.broadcast(F, Functions.ROUND));
        FloatVector k = shifted.sub(Functions.ROUND);
        FloatVector r = k.fma(FloatVector.broadcast(F, -Functions.LN2_HIGH), bounded);
        r = k.fma(FloatVector.broadcast(F, -Functions.LN2_LOW), r);
        FloatVector p = FloatVector.broadcast(F, 1f / 5040);
        p = p.fma(r, FloatVector.broadcast(F, 1f / 720));
        p = p.fma(r, FloatVector.broadcast(F, 1f / 120));
        p = p.fma(r, FloatVector.broadcast(F, 1f / 24));
        p = p.fma(r, FloatVector.broadcast(F, 1f / 6));
        p = p.fma(r, FloatVector.broadcast(F, 0.5f));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        p = p.fma(r, FloatVector.broadcast(F, 1f));
        var exponent = shifted.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23);
        FloatVector power = p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
        return power.blend(0f, below);
    }

    /** The larger of each two numbers; what is no number does not count among the new ones. */
    static FloatVector larger(FloatVector known, FloatVector v) {
        return known.blend(v, v.compare(VectorOperators.GT, known));
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
        int lanes = F.length();
        FloatVector sum = FloatVector.zero(F);
        for (int j = 0; j < n; j += lanes) {
            FloatVector e = exp(FloatVector.fromArray(F, x, at + j).sub(highest));
            FloatVector inside = FloatVector.zero(F).blend(e, F.indexInRange(j, n));
            sum = sum.add(inside);
            inside.intoArray(x, at + j);
        }
        x[at + top] = 1;
        return Lanes.sum(sum);
    }
}
