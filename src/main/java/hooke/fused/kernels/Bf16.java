package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * Floats as bfloat16, their upper 16 bits, rounded to the nearest, halves to even: {@code (b + 0x7fff + (b >>> 16 & 1)) >>> 16} of the
 * bits b. Such a number has 8 significant bits and float32's range; a NaN stays one.
 */
public interface Bf16 {
    /** {@code to = from}, so many numbers. */
    void round(float[] from, int at, short[] to, int toAt, int count);

    /** {@code to = from}, exactly. */
    void widen(short[] from, int at, float[] to, int toAt, int count);

    /** In what a kernel is written. */
    static Bf16 of(Kernel kernel) {
        return switch (kernel) {
            case VECTOR -> new Vectors();
            case PLAIN -> new Plain();
        };
    }

    /** One number. */
    static short round(float x) {
        int bits = Float.floatToRawIntBits(x);
        int rounded = !Float.isNaN(x)
                ? bits + 0x7fff + (bits >>> 16 & 1)
                : bits | 0x400000; // A carry must not make a NaN infinite.
        return (short) (rounded >>> 16);
    }

    /** One number. */
    static float widen(short x) {
        return Float.intBitsToFloat(x << 16);
    }

    /** One number after the other. */
    final class Plain implements Bf16 {
        @Override
        public void round(float[] from, int at, short[] to, int toAt, int count) {
            for (int i = 0; i < count; i++) {
                to[toAt + i] = Bf16.round(from[at + i]);
            }
        }

        @Override
        public void widen(short[] from, int at, float[] to, int toAt, int count) {
            for (int i = 0; i < count; i++) {
                to[toAt + i] = Bf16.widen(from[at + i]);
            }
        }
    }

    /** So many at once. */
    final class Vectors implements Bf16 {
        private static final VectorShape WHOLE = VectorShape.forBitSize(F.vectorBitSize());
        private static final VectorSpecies<Integer> I = VectorSpecies.of(int.class, WHOLE);
        private static final VectorSpecies<Short> S =
                VectorSpecies.of(short.class, VectorShape.forBitSize(F.vectorBitSize() / 2));

        private final Plain plain = new Plain();

        @Override
        public void round(float[] from, int at, short[] to, int toAt, int count) {
            int i = 0;
            for (; i + L <= count; i += L) {
                FloatVector x = FloatVector.fromArray(F, from, at + i);
                IntVector bits = x.reinterpretAsInts();
                IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
                IntVector rounded = bits.add(odd)
                        .add(0x7fff)
                        .blend(bits.or(0x400000), x.test(VectorOperators.IS_NAN).cast(I))
                        .lanewise(VectorOperators.LSHR, 16);
                ((ShortVector) rounded.convertShape(VectorOperators.I2S, S, 0)).intoArray(to, toAt + i);
            }
            plain.round(from, at + i, to, toAt + i, count - i);
        }

        @Override
        public void widen(short[] from, int at, float[] to, int toAt, int count) {
            int i = 0;
            for (; i + L <= count; i += L) {
                var bits = (IntVector) ShortVector.fromArray(S, from, at + i).convertShape(VectorOperators.S2I, I, 0);
                bits.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(to, toAt + i);
            }
            plain.widen(from, at + i, to, toAt + i, count - i);
        }
    }
}
