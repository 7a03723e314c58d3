package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;
import static jdk.incubator.vector.FloatVector.fromArray;

import hooke.fused.columns.Columns;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * The gradient of a weight that maps {@link Columns}, {@code W_ij += sum over columns of x_i y_j}: the only sums over lanes of a pass.
 *
 * <p>A tile of 4 by 4 sums stays in registers while the columns go by, two loads for four multiply-adds. Then four sums over lanes are
 * taken at once: each step folds two vectors into one, whose lanes hold the one's or the other's by a bit of their number, so that 16
 * lanes of 4 vectors cost 5 shuffles and not 16.
 */
public final class OuterProduct {
    private static final VectorShuffle<Float> HALF = across(L / 2);
    private static final VectorShuffle<Float> QUARTER = across(L / 4);
    private static final VectorShuffle<Float> ACROSS_2 = across(2);
    private static final VectorShuffle<Float> ACROSS_1 = across(1);
    private static final VectorMask<Float> UPPER_HALF = having(L / 2);
    private static final VectorMask<Float> UPPER_QUARTERS = having(L / 4);

    /** The tile's 16 vectors. */
    private final float[] sums = new float[16 * L];
    /** Four sums over lanes. */
    private final float[] folded = new float[L];

    private static VectorShuffle<Float> across(int bit) {
        return VectorShuffle.fromOp(F, lane -> (lane ^ bit) % L);
    }

    private static VectorMask<Float> having(int bit) {
        long lanes = 0;
        for (int lane = 0; lane < L; lane++) {
            lanes |= (lane & bit) == 0 ? 0 : 1L << lane;
        }
        return VectorMask.fromLong(F, lanes);
    }

    /** W [m, n], or [n, m] if transposed, x [m, width], y [n, width]. */
    public void add(Mat w, boolean transposed, Mat x, int m, Mat y, int n, int width) {
        int wRow = transposed ? 1 : w.stride();
        int wColumn = transposed ? w.stride() : 1;
        int i = 0;
        for (; i + 4 <= m; i += 4) {
            int j = 0;
            for (; j + 4 <= n; j += 4) {
                tile(x, i, y, j, width);
                addTile(w.array(), w.offset() + i * wRow + j * wColumn, wRow, wColumn);
            }
            for (; j < n; j++) {
                addEach(w.array(), w.offset() + i * wRow + j * wColumn, wRow, x, i, 4, y, j, width);
            }
        }
        for (int j = 0; j < n; j++) {
            addEach(w.array(), w.offset() + i * wRow + j * wColumn, wRow, x, i, m - i, y, j, width);
        }
    }

    private void tile(Mat left, int i, Mat right, int j, int width) {
        float[] x = left.array();
        float[] y = right.array();
        int xAt = left.row(i);
        int yAt = right.row(j);
        int xStride = left.stride();
        int yStride = right.stride();
        FloatVector s00 = FloatVector.zero(F);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s13 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s22 = s00;
        FloatVector s23 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s32 = s00;
        FloatVector s33 = s00;
        for (int e = 0; e < width; e += L) {
            FloatVector x0 = fromArray(F, x, xAt + e);
            FloatVector x1 = fromArray(F, x, xAt + xStride + e);
            FloatVector x2 = fromArray(F, x, xAt + 2 * xStride + e);
            FloatVector x3 = fromArray(F, x, xAt + 3 * xStride + e);
            FloatVector y0 = fromArray(F, y, yAt + e);
            s00 = x0.fma(y0, s00);
            s10 = x1.fma(y0, s10);
            s20 = x2.fma(y0, s20);
            s30 = x3.fma(y0, s30);
            FloatVector y1 = fromArray(F, y, yAt + yStride + e);
            s01 = x0.fma(y1, s01);
            s11 = x1.fma(y1, s11);
            s21 = x2.fma(y1, s21);
            s31 = x3.fma(y1, s31);
            FloatVector y2 = fromArray(F, y, yAt + 2 * yStride + e);
            s02 = x0.fma(y2, s02);
            s12 = x1.fma(y2, s12);
            s22 = x2.fma(y2, s22);
            s32 = x3.fma(y2, s32);
            FloatVector y3 = fromArray(F, y, yAt + 3 * yStride + e);
            s03 = x0.fma(y3, s03);
            s13 = x1.fma(y3, s13);
            s23 = x2.fma(y3, s23);
            s33 = x3.fma(y3, s33);
        }
        s00.intoArray(sums, 0);
        s10.intoArray(sums, L);
        s20.intoArray(sums, 2 * L);
        s30.intoArray(sums, 3 * L);
        s01.intoArray(sums, 4 * L);
        s11.intoArray(sums, 5 * L);
        s21.intoArray(sums, 6 * L);
        s31.intoArray(sums, 7 * L);
        s02.intoArray(sums, 8 * L);
        s12.intoArray(sums, 9 * L);
        s22.intoArray(sums, 10 * L);
        s32.intoArray(sums, 11 * L);
        s03.intoArray(sums, 12 * L);
        s13.intoArray(sums, 13 * L);
        s23.intoArray(sums, 14 * L);
        s33.intoArray(sums, 15 * L);
    }

    private void addTile(float[] w, int at, int wRow, int wColumn) {
        for (int j = 0; j < 4; j++) {
            fold(4 * j * L);
            int to = at + j * wColumn;
            w[to] += folded[0];
            w[to + wRow] += folded[L / 2];
            w[to + 2 * wRow] += folded[L / 4];
            w[to + 3 * wRow] += folded[L / 2 + L / 4];
        }
    }

    private void fold(int at) {
        FloatVector s0 = fromArray(F, sums, at);
        FloatVector s1 = fromArray(F, sums, at + L);
        FloatVector s2 = fromArray(F, sums, at + 2 * L);
        FloatVector s3 = fromArray(F, sums, at + 3 * L);
        FloatVector a = s0.blend(s1, UPPER_HALF).add(s1.blend(s0, UPPER_HALF).rearrange(HALF));
        FloatVector b = s2.blend(s3, UPPER_HALF).add(s3.blend(s2, UPPER_HALF).rearrange(HALF));
        FloatVector s =
                a.blend(b, UPPER_QUARTERS).add(b.blend(a, UPPER_QUARTERS).rearrange(QUARTER));
        if (L >= 16) {
            s = s.add(s.rearrange(ACROSS_2));
        }
        if (L >= 8) {
            s = s.add(s.rearrange(ACROSS_1));
        }
        s.intoArray(folded, 0);
    }

    private static void addEach(float[] w, int at, int wRow, Mat x, int from, int rows, Mat y, int j, int width) {
        for (int i = 0; i < rows; i++) {
            w[at + i * wRow] += ColumnKernels.dot(x.array(), x.row(from + i), y.array(), y.row(j), width);
        }
    }
}
