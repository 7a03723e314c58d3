package hooke.fused.kernels;

import hooke.tensor.MatrixProduct;
import hooke.tensor.OneDnn;
import hooke.tensor.OpenBlas;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** The matrix product of the best library that is there, by the kind of its factors. */
public interface Gemm extends MatrixProduct {
    /** Of floats: oneDNN's, else OpenBLAS's, else plain loops. */
    static Gemm ofFloats() {
        return ofLibrary().orElse(new PlainGemm());
    }

    /** Of floats: oneDNN's, else OpenBLAS's, where there is one of them. */
    static Optional<Gemm> ofLibrary() {
        Optional<Gemm> best = OneDnn.loaded().map(library -> library::product);
        return best.or(() -> OpenBlas.loaded().map(library -> library::product));
    }

    /** Of bfloat16: where the processor multiplies such numbers. */
    static Optional<Gemm> ofBf16() {
        return OneDnn.loaded().filter(OneDnn::multipliesBf16).map(library -> library::productOfBf16);
    }

    /** Of bfloat16 on every processor, by products of floats, which bfloat16 are, too; slower than in float32. */
    static Gemm likeBf16(Kernel kernel) {
        Gemm floats = ofFloats();
        Bf16 bf16 = Bf16.of(kernel);
        return (transposeA, transposeB, m, n, k, a, aStride, b, bStride, keep, c, cStride) -> floats.multiply(
                transposeA,
                transposeB,
                m,
                n,
                k,
                widened(bf16, a, (transposeA ? k : m) - 1, aStride, transposeA ? m : k),
                aStride,
                widened(bf16, b, (transposeB ? n : k) - 1, bStride, transposeB ? k : n),
                bStride,
                keep,
                c,
                cStride);
    }

    private static MemorySegment widened(Bf16 bf16, MemorySegment halves, int rowsBefore, int stride, int width) {
        int count = rowsBefore * stride + width;
        short[] from = halves.asSlice(0, (long) Short.BYTES * count).toArray(ValueLayout.JAVA_SHORT);
        float[] to = new float[count];
        bf16.widen(from, 0, to, 0, count);
        return MemorySegment.ofArray(to);
    }
}
