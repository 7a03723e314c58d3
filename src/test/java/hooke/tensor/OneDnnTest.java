package hooke.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class OneDnnTest {
    private static final int M = 33;
    private static final int N = 65;
    private static final int K = 129;

    private static float[] numbers(int seed, int count) {
        var random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = 2 * random.nextFloat() - 1;
        }
        return numbers;
    }

    private static float[] product(float[] a, float[] b) {
        float[] c = new float[M * N];
        OneDnn.loaded()
                .orElseThrow()
                .product(
                        false,
                        true,
                        M,
                        N,
                        K,
                        MemorySegment.ofArray(a),
                        K,
                        MemorySegment.ofArray(b),
                        K,
                        0,
                        MemorySegment.ofArray(c),
                        N);
        return c;
    }

    @Test
    void theLibraryOfThisBuildIsFoundAndRight() {
        assertThat(OneDnn.loaded()).isPresent();
        assertThat(OneDnn.loaded().orElseThrow().version()).startsWith("oneDNN 3.11.");
        float[] a = numbers(1, M * K);
        float[] b = numbers(2, N * K);
        float[] c = product(a, b);
        for (int i = 0; i < M; i++) {
            for (int j = 0; j < N; j++) {
                double sum = 0;
                for (int p = 0; p < K; p++) {
                    sum += (double) a[i * K + p] * b[j * K + p];
                }
                assertThat((double) c[i * N + j]).isCloseTo(sum, within(1e-5));
            }
        }
    }

    @Test
    void twiceAndOnAnotherThreadItGivesTheSameBytes() throws InterruptedException {
        float[] a = numbers(3, M * K);
        float[] b = numbers(4, N * K);
        float[] first = product(a, b);
        float[][] elsewhere = new float[1][];
        Thread other = Thread.ofPlatform().start(() -> elsewhere[0] = product(a, b));
        float[] again = product(a, b);
        other.join();

        assertThat(Arrays.equals(first, again)).isTrue();
        assertThat(Arrays.equals(first, elsewhere[0])).isTrue();
    }

    @Test
    void aProductThatIsWrongIsNoticed() {
        MatrixProduct right = OneDnn.loaded().orElseThrow()::product;
        MatrixProduct overwriting =
                (ta, tb, m, n, k, a, as, b, bs, keep, c, cs) -> right.multiply(ta, tb, m, n, k, a, as, b, bs, 0, c, cs);

        assertThat(ProductCheck.passes(right, ProductCheck::floats)).isTrue();
        assertThat(ProductCheck.passes(overwriting, ProductCheck::floats)).isFalse();
        assertThat(ProductCheck.passes((ta, tb, m, n, k, a, as, b, bs, keep, c, cs) -> {}, ProductCheck::floats))
                .isFalse();
    }

    /** Where the processor does not multiply such numbers the library does it by a slow reference, which is no less right. */
    @Test
    void productsOfBf16AreRightOnEveryProcessor() {
        OneDnn library = OneDnn.loaded().orElseThrow();

        assertThat(ProductCheck.passes(library::productOfBf16, ProductCheck::bf16))
                .isTrue();
    }
}
