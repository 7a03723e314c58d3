package hooke.fused.kernels;

import static hooke.fused.kernels.Lanes.F;
import static hooke.fused.kernels.Lanes.L;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromArray;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Products with panels: matrices of {@link #PANEL} columns whose rows lie one behind the other, so that a product reads them from front
 * to back. An element of the result is the same sum, in the order of the panel's rows, however many rows are computed together.
 */
public interface PanelProduct {
    /** Columns of a panel: the two vectors that a tile has. */
    int PANEL = Kernel.hasVectors() ? 2 * Lanes.L : 32;

    /** {@code C = A B}, or {@code C += A B}, for A [m, k] and a panel B [k, PANEL]. */
    void rows(
            int m,
            int k,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            float[] c,
            int cAt,
            int cStride,
            boolean add);

    /**
     * {@code c_p = a B_p}, or {@code c_p += a B_p}, for one row a [k] and four panels, each so far from the one before: memory that is
     * read in four places at once comes faster.
     */
    void four(int k, float[] a, int aAt, float[] b, int bAt, int bApart, float[] c, int cAt, int cApart, boolean add);

    /** In what a kernel is written. */
    static PanelProduct of(Kernel kernel) {
        return switch (kernel) {
            case VECTOR -> new Vectors();
            case PLAIN -> new Plain();
        };
    }

    /** One number after the other. */
    final class Plain implements PanelProduct {
        @Override
        public void rows(
                int m,
                int k,
                float[] a,
                int aAt,
                int aStride,
                float[] b,
                int bAt,
                float[] c,
                int cAt,
                int cStride,
                boolean add) {
            for (int i = 0; i < m; i++) {
                int to = cAt + i * cStride;
                if (!add) {
                    Arrays.fill(c, to, to + PANEL, 0);
                }
                for (int l = 0; l < k; l++) {
                    PlainKernels.addScaled(c, to, a[aAt + i * aStride + l], b, bAt + l * PANEL, PANEL);
                }
            }
        }

        @Override
        public void four(
                int k,
                float[] a,
                int aAt,
                float[] b,
                int bAt,
                int bApart,
                float[] c,
                int cAt,
                int cApart,
                boolean add) {
            for (int p = 0; p < 4; p++) {
                rows(1, k, a, aAt, k, b, bAt + p * bApart, c, cAt + p * cApart, PANEL, add);
            }
        }
    }

    /**
     * Tiles of 6 or 4 rows by 2 vectors, whose sums stay in registers, of which most processors have 16. The strides of a panel are
     * constant, so that the compiler takes checks of places out of the loops.
     */
    final class Vectors implements PanelProduct {
        @Override
        public void rows(
                int m,
                int k,
                float[] a,
                int aAt,
                int aStride,
                float[] b,
                int bAt,
                float[] c,
                int cAt,
                int cStride,
                boolean add) {
            int i = 0;
            for (; i + 6 <= m && i + 8 != m; i += 6) {
                rows6(k, a, aAt + i * aStride, aStride, b, bAt, c, cAt + i * cStride, cStride, add);
            }
            for (; i + 4 <= m; i += 4) {
                rows4(k, a, aAt + i * aStride, aStride, b, bAt, c, cAt + i * cStride, cStride, add);
            }
            for (; i < m; i++) {
                rows1(k, a, aAt + i * aStride, b, bAt, c, cAt + i * cStride, add);
            }
        }

        private static FloatVector start(float[] c, int at, boolean add) {
            return add ? fromArray(F, c, at) : FloatVector.zero(F);
        }

        private static void rows6(
                int k,
                float[] a,
                int aAt,
                int aStride,
                float[] b,
                int bAt,
                float[] c,
                int cAt,
                int cStride,
                boolean add) {
            FloatVector c00 = start(c, cAt, add);
            FloatVector c01 = start(c, cAt + L, add);
            FloatVector c10 = start(c, cAt + cStride, add);
            FloatVector c11 = start(c, cAt + cStride + L, add);
            FloatVector c20 = start(c, cAt + 2 * cStride, add);
            FloatVector c21 = start(c, cAt + 2 * cStride + L, add);
            FloatVector c30 = start(c, cAt + 3 * cStride, add);
            FloatVector c31 = start(c, cAt + 3 * cStride + L, add);
            FloatVector c40 = start(c, cAt + 4 * cStride, add);
            FloatVector c41 = start(c, cAt + 4 * cStride + L, add);
            FloatVector c50 = start(c, cAt + 5 * cStride, add);
            FloatVector c51 = start(c, cAt + 5 * cStride + L, add);
            int a1 = aAt + aStride;
            int a2 = aAt + 2 * aStride;
            int a3 = aAt + 3 * aStride;
            int a4 = aAt + 4 * aStride;
            int a5 = aAt + 5 * aStride;
            for (int i = 0; i < k; i++) {
                FloatVector b0 = fromArray(F, b, bAt + i * PANEL);
                FloatVector b1 = fromArray(F, b, bAt + L + i * PANEL);
                FloatVector x0 = broadcast(F, a[aAt + i]);
                c00 = x0.fma(b0, c00);
                c01 = x0.fma(b1, c01);
                FloatVector x1 = broadcast(F, a[a1 + i]);
                c10 = x1.fma(b0, c10);
                c11 = x1.fma(b1, c11);
                FloatVector x2 = broadcast(F, a[a2 + i]);
                c20 = x2.fma(b0, c20);
                c21 = x2.fma(b1, c21);
                FloatVector x3 = broadcast(F, a[a3 + i]);
                c30 = x3.fma(b0, c30);
                c31 = x3.fma(b1, c31);
                FloatVector x4 = broadcast(F, a[a4 + i]);
                c40 = x4.fma(b0, c40);
                c41 = x4.fma(b1, c41);
                FloatVector x5 = broadcast(F, a[a5 + i]);
                c50 = x5.fma(b0, c50);
                c51 = x5.fma(b1, c51);
            }
            c00.intoArray(c, cAt);
            c01.intoArray(c, cAt + L);
            c10.intoArray(c, cAt + cStride);
            c11.intoArray(c, cAt + cStride + L);
            c20.intoArray(c, cAt + 2 * cStride);
            c21.intoArray(c, cAt + 2 * cStride + L);
            c30.intoArray(c, cAt + 3 * cStride);
            c31.intoArray(c, cAt + 3 * cStride + L);
            c40.intoArray(c, cAt + 4 * cStride);
            c41.intoArray(c, cAt + 4 * cStride + L);
            c50.intoArray(c, cAt + 5 * cStride);
            c51.intoArray(c, cAt + 5 * cStride + L);
        }

        private static void rows4(
                int k,
                float[] a,
                int aAt,
                int aStride,
                float[] b,
                int bAt,
                float[] c,
                int cAt,
                int cStride,
                boolean add) {
            FloatVector c00 = start(c, cAt, add);
            FloatVector c01 = start(c, cAt + L, add);
            FloatVector c10 = start(c, cAt + cStride, add);
            FloatVector c11 = start(c, cAt + cStride + L, add);
            FloatVector c20 = start(c, cAt + 2 * cStride, add);
            FloatVector c21 = start(c, cAt + 2 * cStride + L, add);
            FloatVector c30 = start(c, cAt + 3 * cStride, add);
            FloatVector c31 = start(c, cAt + 3 * cStride + L, add);
            int a1 = aAt + aStride;
            int a2 = aAt + 2 * aStride;
            int a3 = aAt + 3 * aStride;
            for (int i = 0; i < k; i++) {
                FloatVector b0 = fromArray(F, b, bAt + i * PANEL);
                FloatVector b1 = fromArray(F, b, bAt + L + i * PANEL);
                FloatVector x0 = broadcast(F, a[aAt + i]);
                c00 = x0.fma(b0, c00);
                c01 = x0.fma(b1, c01);
                FloatVector x1 = broadcast(F, a[a1 + i]);
                c10 = x1.fma(b0, c10);
                c11 = x1.fma(b1, c11);
                FloatVector x2 = broadcast(F, a[a2 + i]);
                c20 = x2.fma(b0, c20);
                c21 = x2.fma(b1, c21);
                FloatVector x3 = broadcast(F, a[a3 + i]);
                c30 = x3.fma(b0, c30);
                c31 = x3.fma(b1, c31);
            }
            c00.intoArray(c, cAt);
            c01.intoArray(c, cAt + L);
            c10.intoArray(c, cAt + cStride);
            c11.intoArray(c, cAt + cStride + L);
            c20.intoArray(c, cAt + 2 * cStride);
            c21.intoArray(c, cAt + 2 * cStride + L);
            c30.intoArray(c, cAt + 3 * cStride);
            c31.intoArray(c, cAt + 3 * cStride + L);
        }

        private static void rows1(int k, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, boolean add) {
            FloatVector c00 = start(c, cAt, add);
            FloatVector c01 = start(c, cAt + L, add);
            for (int i = 0; i < k; i++) {
                FloatVector b0 = fromArray(F, b, bAt + i * PANEL);
                FloatVector b1 = fromArray(F, b, bAt + L + i * PANEL);
                FloatVector x0 = broadcast(F, a[aAt + i]);
                c00 = x0.fma(b0, c00);
                c01 = x0.fma(b1, c01);
            }
            c00.intoArray(c, cAt);
            c01.intoArray(c, cAt + L);
        }

        @Override
        public void four(
                int k,
                float[] a,
                int aAt,
                float[] b,
                int bAt,
                int bApart,
                float[] c,
                int cAt,
                int cApart,
                boolean add) {
            FloatVector c00 = start(c, cAt, add);
            FloatVector c01 = start(c, cAt + L, add);
            FloatVector c10 = start(c, cAt + cApart, add);
            FloatVector c11 = start(c, cAt + cApart + L, add);
            FloatVector c20 = start(c, cAt + 2 * cApart, add);
            FloatVector c21 = start(c, cAt + 2 * cApart + L, add);
            FloatVector c30 = start(c, cAt + 3 * cApart, add);
            FloatVector c31 = start(c, cAt + 3 * cApart + L, add);
            int b1 = bAt + bApart;
            int b2 = bAt + 2 * bApart;
            int b3 = bAt + 3 * bApart;
            for (int i = 0; i < k; i++) {
                FloatVector x = broadcast(F, a[aAt + i]);
                c00 = x.fma(fromArray(F, b, bAt + i * PANEL), c00);
                c01 = x.fma(fromArray(F, b, bAt + L + i * PANEL), c01);
                c10 = x.fma(fromArray(F, b, b1 + i * PANEL), c10);
                c11 = x.fma(fromArray(F, b, b1 + L + i * PANEL), c11);
                c20 = x.fma(fromArray(F, b, b2 + i * PANEL), c20);
                c21 = x.fma(fromArray(F, b, b2 + L + i * PANEL), c21);
                c30 = x.fma(fromArray(F, b, b3 + i * PANEL), c30);
                c31 = x.fma(fromArray(F, b, b3 + L + i * PANEL), c31);
            }
            c00.intoArray(c, cAt);
            c01.intoArray(c, cAt + L);
            c10.intoArray(c, cAt + cApart);
            c11.intoArray(c, cAt + cApart + L);
            c20.intoArray(c, cAt + 2 * cApart);
            c21.intoArray(c, cAt + 2 * cApart + L);
            c30.intoArray(c, cAt + 3 * cApart);
            c31.intoArray(c, cAt + 3 * cApart + L);
        }
    }
}
