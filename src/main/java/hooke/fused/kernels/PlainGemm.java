package hooke.fused.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Products of floats where no library is: right, and slow. */
final class PlainGemm implements Gemm {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

    @Override
    public void multiply(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            MemorySegment a,
            int aStride,
            MemorySegment b,
            int bStride,
            float keep,
            MemorySegment c,
            int cStride) {
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                float sum = 0;
                for (int p = 0; p < k; p++) {
                    long left = transposeA ? (long) p * aStride + i : (long) i * aStride + p;
                    long right = transposeB ? (long) j * bStride + p : (long) p * bStride + j;
                    sum += a.getAtIndex(FLOAT, left) * b.getAtIndex(FLOAT, right);
                }
                long at = (long) i * cStride + j;
                c.setAtIndex(FLOAT, at, keep == 0 ? sum : sum + keep * c.getAtIndex(FLOAT, at));
            }
        }
    }
}
