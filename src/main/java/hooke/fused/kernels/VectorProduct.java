package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import jdk.incubator.vector.FloatVector;

/**
 * Small matrix products {@code C (+)= A B}, where calling a library costs more than the product.
 *
 * <p>A tile of C of 6 rows by 4 vectors stays in 24 registers while k runs: 4 vectors of B and 6 numbers of A are loaded for 24
 * multiply-adds, which keeps both units of an AVX-512 core busy. Columns that fill no 4 vectors are done 8 rows by 1 vector, whose 8
 * chains of additions are enough to hide that each waits 4 cycles for the one before. A is read as it lies or transposed; n is rounded up to whole vectors, since rows are.
 */
final class VectorProduct implements SmallProduct {
    @Override
    public void product(int m, int n, int k, Mat a, boolean transposed, Mat b, Mat c, boolean add) {
        int j = 0;
        for (; j + 4 * L <= n; j += 4 * L) {
            int i = 0;
            for (; i + 6 <= m; i += 6) {
                tile6x4(k, a, transposed, i, b, j, c, add);
            }
            for (; i < m; i++) {
                tile1x4(k, a, transposed, i, b, j, c, add);
            }
        }
        for (; j < n; j += L) {
            int i = 0;
            for (; i + 8 <= m; i += 8) {
                tile8x1(k, a, transposed, i, b, j, c, add);
            }
            for (; i < m; i++) {
                tile1x1(k, a, transposed, i, b, j, c, add);
            }
        }
    }

    private static FloatVector start(float[] c, int at, boolean add) {
        return add ? fromArray(F, c, at) : FloatVector.zero(F);
    }

    private static void tile6x4(
            int k, Mat left, boolean transposed, int i, Mat right, int j, Mat product, boolean add) {
        float[] a = left.array();
        float[] b = right.array();
        float[] c = product.array();
        int aRow = transposed ? 1 : left.stride();
        int aColumn = transposed ? left.stride() : 1;
        int aNow = left.offset() + i * aRow;
        int bNow = right.offset() + j;
        int bStride = right.stride();
        int cAt = product.row(i) + j;
        int cStride = product.stride();
        FloatVector c00 = start(c, cAt, add);
        FloatVector c01 = start(c, cAt + L, add);
        FloatVector c02 = start(c, cAt + 2 * L, add);
        FloatVector c03 = start(c, cAt + 3 * L, add);
        FloatVector c10 = start(c, cAt + cStride, add);
        FloatVector c11 = start(c, cAt + cStride + L, add);
        FloatVector c12 = start(c, cAt + cStride + 2 * L, add);
        FloatVector c13 = start(c, cAt + cStride + 3 * L, add);
        FloatVector c20 = start(c, cAt + 2 * cStride, add);
        FloatVector c21 = start(c, cAt + 2 * cStride + L, add);
        FloatVector c22 = start(c, cAt + 2 * cStride + 2 * L, add);
        FloatVector c23 = start(c, cAt + 2 * cStride + 3 * L, add);
        FloatVector c30 = start(c, cAt + 3 * cStride, add);
        FloatVector c31 = start(c, cAt + 3 * cStride + L, add);
        FloatVector c32 = start(c, cAt + 3 * cStride + 2 * L, add);
        FloatVector c33 = start(c, cAt + 3 * cStride + 3 * L, add);
        FloatVector c40 = start(c, cAt + 4 * cStride, add);
        FloatVector c41 = start(c, cAt + 4 * cStride + L, add);
        FloatVector c42 = start(c, cAt + 4 * cStride + 2 * L, add);
        FloatVector c43 = start(c, cAt + 4 * cStride + 3 * L, add);
        FloatVector c50 = start(c, cAt + 5 * cStride, add);
        FloatVector c51 = start(c, cAt + 5 * cStride + L, add);
        FloatVector c52 = start(c, cAt + 5 * cStride + 2 * L, add);
        FloatVector c53 = start(c, cAt + 5 * cStride + 3 * L, add);
        for (int l = 0; l < k; l++) {
            FloatVector b0 = fromArray(F, b, bNow);
            FloatVector b1 = fromArray(F, b, bNow + L);
            FloatVector b2 = fromArray(F, b, bNow + 2 * L);
            FloatVector b3 = fromArray(F, b, bNow + 3 * L);
            FloatVector x0 = broadcast(F, a[aNow]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = broadcast(F, a[aNow + aRow]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            FloatVector x2 = broadcast(F, a[aNow + 2 * aRow]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = broadcast(F, a[aNow + 3 * aRow]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            FloatVector x4 = broadcast(F, a[aNow + 4 * aRow]);
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            c43 = x4.fma(b3, c43);
            FloatVector x5 = broadcast(F, a[aNow + 5 * aRow]);
            c50 = x5.fma(b0, c50);
            c51 = x5.fma(b1, c51);
            c52 = x5.fma(b2, c52);
            c53 = x5.fma(b3, c53);
            aNow += aColumn;
            bNow += bStride;
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + L);
        c02.intoArray(c, cAt + 2 * L);
        c03.intoArray(c, cAt + 3 * L);
        c10.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + L);
        c12.intoArray(c, cAt + cStride + 2 * L);
        c13.intoArray(c, cAt + cStride + 3 * L);
        c20.intoArray(c, cAt + 2 * cStride);
        c21.intoArray(c, cAt + 2 * cStride + L);
        c22.intoArray(c, cAt + 2 * cStride + 2 * L);
        c23.intoArray(c, cAt + 2 * cStride + 3 * L);
        c30.intoArray(c, cAt + 3 * cStride);
        c31.intoArray(c, cAt + 3 * cStride + L);
        c32.intoArray(c, cAt + 3 * cStride + 2 * L);
        c33.intoArray(c, cAt + 3 * cStride + 3 * L);
        c40.intoArray(c, cAt + 4 * cStride);
        c41.intoArray(c, cAt + 4 * cStride + L);
        c42.intoArray(c, cAt + 4 * cStride + 2 * L);
        c43.intoArray(c, cAt + 4 * cStride + 3 * L);
        c50.intoArray(c, cAt + 5 * cStride);
        c51.intoArray(c, cAt + 5 * cStride + L);
        c52.intoArray(c, cAt + 5 * cStride + 2 * L);
        c53.intoArray(c, cAt + 5 * cStride + 3 * L);
    }

    private static void tile1x4(
            int k, Mat left, boolean transposed, int i, Mat right, int j, Mat product, boolean add) {
        float[] a = left.array();
        float[] b = right.array();
        float[] c = product.array();
        int aColumn = transposed ? left.stride() : 1;
        int aNow = left.offset() + i * (transposed ? 1 : left.stride());
        int bNow = right.offset() + j;
        int bStride = right.stride();
        int cAt = product.row(i) + j;
        FloatVector c00 = start(c, cAt, add);
        FloatVector c01 = start(c, cAt + L, add);
        FloatVector c02 = start(c, cAt + 2 * L, add);
        FloatVector c03 = start(c, cAt + 3 * L, add);
        for (int l = 0; l < k; l++) {
            FloatVector b0 = fromArray(F, b, bNow);
            FloatVector b1 = fromArray(F, b, bNow + L);
            FloatVector b2 = fromArray(F, b, bNow + 2 * L);
            FloatVector b3 = fromArray(F, b, bNow + 3 * L);
            FloatVector x = broadcast(F, a[aNow]);
            c00 = x.fma(b0, c00);
            c01 = x.fma(b1, c01);
            c02 = x.fma(b2, c02);
            c03 = x.fma(b3, c03);
            aNow += aColumn;
            bNow += bStride;
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + L);
        c02.intoArray(c, cAt + 2 * L);
        c03.intoArray(c, cAt + 3 * L);
    }

    private static void tile8x1(
            int k, Mat left, boolean transposed, int i, Mat right, int j, Mat product, boolean add) {
        float[] a = left.array();
        float[] b = right.array();
        float[] c = product.array();
        int aRow = transposed ? 1 : left.stride();
        int aColumn = transposed ? left.stride() : 1;
        int aNow = left.offset() + i * aRow;
        int bNow = right.offset() + j;
        int bStride = right.stride();
        int cAt = product.row(i) + j;
        int cStride = product.stride();
        FloatVector c00 = start(c, cAt, add);
        FloatVector c10 = start(c, cAt + cStride, add);
        FloatVector c20 = start(c, cAt + 2 * cStride, add);
        FloatVector c30 = start(c, cAt + 3 * cStride, add);
        FloatVector c40 = start(c, cAt + 4 * cStride, add);
        FloatVector c50 = start(c, cAt + 5 * cStride, add);
        FloatVector c60 = start(c, cAt + 6 * cStride, add);
        FloatVector c70 = start(c, cAt + 7 * cStride, add);
        for (int l = 0; l < k; l++) {
            FloatVector b0 = fromArray(F, b, bNow);
            FloatVector x0 = broadcast(F, a[aNow]);
            c00 = x0.fma(b0, c00);
            FloatVector x1 = broadcast(F, a[aNow + aRow]);
            c10 = x1.fma(b0, c10);
            FloatVector x2 = broadcast(F, a[aNow + 2 * aRow]);
            c20 = x2.fma(b0, c20);
            FloatVector x3 = broadcast(F, a[aNow + 3 * aRow]);
            c30 = x3.fma(b0, c30);
            FloatVector x4 = broadcast(F, a[aNow + 4 * aRow]);
            c40 = x4.fma(b0, c40);
            FloatVector x5 = broadcast(F, a[aNow + 5 * aRow]);
            c50 = x5.fma(b0, c50);
            FloatVector x6 = broadcast(F, a[aNow + 6 * aRow]);
            c60 = x6.fma(b0, c60);
            FloatVector x7 = broadcast(F, a[aNow + 7 * aRow]);
            c70 = x7.fma(b0, c70);
            aNow += aColumn;
            bNow += bStride;
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + cStride);
        c20.intoArray(c, cAt + 2 * cStride);
        c30.intoArray(c, cAt + 3 * cStride);
        c40.intoArray(c, cAt + 4 * cStride);
        c50.intoArray(c, cAt + 5 * cStride);
        c60.intoArray(c, cAt + 6 * cStride);
        c70.intoArray(c, cAt + 7 * cStride);
    }

    private static void tile1x1(
            int k, Mat left, boolean transposed, int i, Mat right, int j, Mat product, boolean add) {
        float[] a = left.array();
        float[] b = right.array();
        float[] c = product.array();
        int aColumn = transposed ? left.stride() : 1;
        int aNow = left.offset() + i * (transposed ? 1 : left.stride());
        int bNow = right.offset() + j;
        int bStride = right.stride();
        int cAt = product.row(i) + j;
        FloatVector c00 = start(c, cAt, add);
        for (int l = 0; l < k; l++) {
            FloatVector b0 = fromArray(F, b, bNow);
            FloatVector x = broadcast(F, a[aNow]);
            c00 = x.fma(b0, c00);
            aNow += aColumn;
            bNow += bStride;
        }
        c00.intoArray(c, cAt);
    }
}
