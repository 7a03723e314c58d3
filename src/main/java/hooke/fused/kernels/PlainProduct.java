package hooke.fused.kernels;

import java.util.Arrays;

/** In plain loops. */
final class PlainProduct implements SmallProduct {
    @Override
    public void product(
            int m,
            int n,
            int k,
            float[] a,
            int aAt,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bStride,
            float[] c,
            int cAt,
            int cStride,
            boolean add) {
        int width = FlatWeights.wide(n);
        for (int i = 0; i < m; i++) {
            int to = cAt + i * cStride;
            if (!add) {
                Arrays.fill(c, to, to + width, 0);
            }
            for (int l = 0; l < k; l++) {
                PlainKernels.addScaled(c, to, a[aAt + i * aRow + l * aColumn], b, bAt + l * bStride, width);
            }
        }
    }
}
