package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * Rotary positions (Su et al. 2021, arXiv 2104.09864): pair i of a row at position p is turned by the angle {@code p base^(-2i / dims)},
 *
 * <pre>
 *   y_a = x_a cos - x_b sin      y_b = x_b cos + x_a sin
 * </pre>
 *
 * Pairs lie interleaved, a = 2i and b = 2i + 1, or in halves, a = i and b = i + dims / 2. The inverse, which gradients take, turns back.
 * Numbers behind the first {@code dims} of a row stay.
 */
public final class PairRotation {
    private final int dims;
    private final boolean interleaved;
    private final boolean vectors;
    private final float[] cos;
    /** With a minus where a is, so that both lines are {@code x cos + partner sin}. */
    private final float[] sin;

    /**
     * @param dims numbers of a row that are turned, an even number
     * @param interleaved whether a pair's two are neighbours
     */
    public PairRotation(int positions, int dims, double base, boolean interleaved, Kernel kernel) {
        this.dims = dims;
        this.interleaved = interleaved;
        int whole = interleaved ? dims : dims / 2;
        this.vectors = kernel == Kernel.VECTOR && whole % Lanes.L == 0;
        this.cos = new float[positions * dims];
        this.sin = new float[positions * dims];
        for (int p = 0; p < positions; p++) {
            for (int i = 0; i < dims / 2; i++) {
                double angle = p * Math.pow(base, -2.0 * i / dims);
                int a = p * dims + (interleaved ? 2 * i : i);
                int b = interleaved ? a + 1 : a + dims / 2;
                cos[a] = (float) Math.cos(angle);
                cos[b] = cos[a];
                sin[b] = (float) Math.sin(angle);
                sin[a] = -sin[b];
            }
        }
    }

    /** Turns a row in its place. */
    public void turn(float[] x, int at, int position) {
        rotate(x, at, position, 1);
    }

    /** Turns it back. */
    public void turnBack(float[] x, int at, int position) {
        rotate(x, at, position, -1);
    }

    private void rotate(float[] x, int at, int position, float direction) {
        int table = position * dims;
        if (!vectors) {
            plain(x, at, table, direction);
        } else if (interleaved) {
            Vectors.neighbours(x, at, cos, sin, table, dims, direction);
        } else {
            Vectors.halves(x, at, cos, sin, table, dims / 2, direction);
        }
    }

    private void plain(float[] x, int at, int table, float direction) {
        int apart = interleaved ? 1 : dims / 2;
        int step = interleaved ? 2 : 1;
        for (int i = 0; i < dims / 2; i++) {
            int a = at + i * step;
            float c = cos[table + i * step];
            float s = sin[table + i * step + apart] * direction;
            float before = x[a];
            x[a] = before * c - x[a + apart] * s;
            x[a + apart] = x[a + apart] * c + before * s;
        }
    }

    private static final class Vectors {
        private static final VectorShuffle<Float> SWAP = VectorShuffle.fromOp(F, lane -> lane ^ 1);

        static void neighbours(float[] x, int at, float[] cos, float[] sin, int table, int dims, float direction) {
            for (int j = 0; j < dims; j += L) {
                FloatVector v = FloatVector.fromArray(F, x, at + j);
                FloatVector s = FloatVector.fromArray(F, sin, table + j).mul(direction);
                v.mul(FloatVector.fromArray(F, cos, table + j))
                        .add(v.rearrange(SWAP).mul(s))
                        .intoArray(x, at + j);
            }
        }

        static void halves(float[] x, int at, float[] cos, float[] sin, int table, int half, float direction) {
            for (int j = 0; j < half; j += L) {
                FloatVector a = FloatVector.fromArray(F, x, at + j);
                FloatVector b = FloatVector.fromArray(F, x, at + half + j);
                FloatVector c = FloatVector.fromArray(F, cos, table + j);
                FloatVector s = FloatVector.fromArray(F, sin, table + half + j).mul(direction);
                a.mul(c).sub(b.mul(s)).intoArray(x, at + j);
                b.mul(c).add(a.mul(s)).intoArray(x, at + half + j);
            }
        }
    }
}
