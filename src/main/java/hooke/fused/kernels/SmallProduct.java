package hooke.fused.kernels;

/** Matrix products of small widths, for which calling a library costs more than the product. */
public interface SmallProduct {
    /**
     * {@code C = A B}, or {@code C += A B}: A [m, k], or [k, m] if transposed; B [k, n], C [m, n]. Rows of B and C are filled up to whole
     * multiples of {@link FlatWeights#LANES}.
     */
    void product(int m, int n, int k, Mat a, boolean transposed, Mat b, Mat c, boolean add);
}
