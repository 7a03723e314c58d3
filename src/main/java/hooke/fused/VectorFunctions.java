package hooke.fused;

import static hooke.fused.VectorKernels.F;

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

    /** {@code e^x} to single precision for x of at most 88; 0 below -80. */
    static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(-80f);
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
        return power.blend(0f, x.compare(VectorOperators.LT, -80f));
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
        DoubleVector p = DoubleVector.broadcast(D, 1.0 / 6227020800L);
        p = p.fma(r, DoubleVector.broadcast(D, 1.0 / 479001600));
        p = p.fma(r, DoubleVector.broadcast(D, 1.0 / 39916800));
        p = p.fma(r, DoubleVector.broadcast(D, 1.0 / 3628800));
        p = p.fma(r, DoubleVector.broadcast(D, 1.0 / 362880));
        p = p.fma(r, DoubleVector.broadcast(D, 1.0 / 40320));
        p = p.fma(r, DoubleVector.broadcast(D, 1.0 / 5040));
        p = p.fma(r, DoubleVector.broadcast(D, 1.0 / 720));
        p = p.fma(r, DoubleVector.broadcast(D, 1.0 / 120));
        p = p.fma(r, DoubleVector.broadcast(D, 1.0 / 24));
        p = p.fma(r, DoubleVector.broadcast(D, 1.0 / 6));
        p = p.fma(r, DoubleVector.broadcast(D, 0.5));
        p = p.fma(r, DoubleVector.broadcast(D, 1.0));
        p = p.fma(r, DoubleVector.broadcast(D, 1.0));
        LongVector exponent = shifted.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52);
        return p.reinterpretAsLongs().add(exponent).reinterpretAsDoubles();
    }
}
