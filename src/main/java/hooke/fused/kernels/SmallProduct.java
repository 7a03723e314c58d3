package hooke.fused.kernels;

/** Matrix products of small widths, for which calling a library costs more than the product. */
public interface SmallProduct {
    /**
     * {@code C = A B}, or {@code C += A B}: A [m, k], B [k, n], C [m, n]; A is read with two strides, so that it may be transposed. Rows
     * of B and C are filled up to whole multiples of {@link FlatWeights#LANES}.
     */
    void product(
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
            boolean add);
}
