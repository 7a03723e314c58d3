package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Whole numbers of a byte with a scale, {@code x = scale b}. */
public interface Int8 {
    /** Rows of so many columns, a whole number of vectors, each column with its scale. */
    void widen(byte[] from, int at, float[] scales, int scaleAt, int columns, float[] to, int toAt, int rows);

    /** In what a kernel is written. */
    static Int8 of(Kernel kernel) {
        return switch (kernel) {
            case VECTOR -> new Vectors();
            case PLAIN -> new Plain();
        };
    }

    /** One number after the other. */
    final class Plain implements Int8 {
        @Override
        public void widen(
                byte[] from, int at, float[] scales, int scaleAt, int columns, float[] to, int toAt, int rows) {
            for (int i = 0; i < rows * columns; i++) {
                to[toAt + i] = from[at + i] * scales[scaleAt + i % columns];
            }
        }
    }

    /** So many at once. */
    final class Vectors implements Int8 {
        /** Of a whole vector of bytes, which holds those of four vectors of floats: a quarter of it is smaller than some processors have. */
        private static final VectorSpecies<Byte> B =
                VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, F.vectorBitSize() / 4)));

        private final Plain plain = new Plain();

        @Override
        public void widen(
                byte[] from, int at, float[] scales, int scaleAt, int columns, float[] to, int toAt, int rows) {
            if (B.length() != L) {
                plain.widen(from, at, scales, scaleAt, columns, to, toAt, rows);
                return;
            }
            for (int column = 0; column < columns; column += L) {
                FloatVector scale = FloatVector.fromArray(F, scales, scaleAt + column);
                for (int row = 0; row < rows; row++) {
                    int i = row * columns + column;
                    var whole =
                            (FloatVector) ByteVector.fromArray(B, from, at + i).convertShape(VectorOperators.B2F, F, 0);
                    whole.mul(scale).intoArray(to, toAt + i);
                }
            }
        }
    }
}
