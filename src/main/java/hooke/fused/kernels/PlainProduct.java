package hooke.fused.kernels;

import java.util.Arrays;

/** In plain loops. */
final class PlainProduct implements SmallProduct {
    @Override
    public void product(int m, int n, int k, Mat a, boolean transposed, Mat b, Mat c, boolean add) {
        int width = FlatWeights.wide(n);
        for (int i = 0; i < m; i++) {
            if (!add) {
                Arrays.fill(c.array(), c.row(i), c.row(i) + width, 0);
            }
            for (int l = 0; l < k; l++) {
                float share = a.array()[transposed ? a.row(l) + i : a.row(i) + l];
                PlainKernels.addScaled(c.array(), c.row(i), share, b.array(), b.row(l), width);
            }
        }
    }
}
