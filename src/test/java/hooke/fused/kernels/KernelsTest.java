package hooke.fused.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import hooke.config.OptimizerConfig;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both kinds of kernels against their formulas. */
final class KernelsTest {
    private static float[] numbers(int seed, int count) {
        var random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = 2 * random.nextFloat() - 1;
        }
        return numbers;
    }

    @ParameterizedTest
    @EnumSource
    void aSmallLossHasAllItsDigits(Kernel kernel) {
        for (double distance : new double[] {1, 20, 30, 60}) {
            float[] logits = new float[16];
            Arrays.fill(logits, 0, 5, (float) -distance);
            logits[2] = 0;
            double below = kernel.kernels().expBelow(logits, 0, 5, 2, true);
            double expected = 4 * Math.exp(-distance);
            assertThat(below).isCloseTo(expected, within(1e-15 * expected));
            assertThat(logits[2]).isEqualTo(1);
            assertThat(Arrays.copyOfRange(logits, 5, 16)).containsOnly(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void exponentialsAreRightToSinglePrecisionAndNeverSubnormal(Kernel kernel) {
        float[] x = new float[1600];
        for (int i = 0; i < x.length; i++) {
            x[i] = -i / 16f;
        }
        float[] e = x.clone();
        kernel.kernels().exp(e, 0, e.length);
        for (int i = 0; i < x.length; i++) {
            double expected = Math.exp(x[i]);
            assertThat((double) e[i]).isCloseTo(e[i] == 0 ? 0 : expected, within(4e-7 * expected));
            assertThat(e[i] == 0 || e[i] >= 0x1p-101f).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void geluIsTheExactOne(Kernel kernel) {
        float[] x = new float[320];
        for (int i = 0; i < x.length; i++) {
            x[i] = (i - 160) / 20f;
        }
        float[] y = x.clone();
        float[] slope = new float[x.length];
        kernel.kernels().gelu(y, 0, x.length, slope, 0, x.length, 1, new float[x.length], 0, x.length);
        for (int i = 0; i < x.length; i++) {
            double phi = phi(x[i]);
            double density = Math.exp(-0.5 * x[i] * x[i]) / Math.sqrt(2 * Math.PI);
            assertThat((double) y[i]).isCloseTo(x[i] * phi, within(5e-7));
            assertThat((double) slope[i]).isCloseTo(phi + x[i] * density, within(8e-7));
        }
    }

    /** The normal distribution's share below u, by Simpson's rule from -12. */
    private static double phi(double u) {
        int steps = 4000;
        double h = (u + 12) / steps;
        double sum = 0;
        for (int i = 0; i <= steps; i++) {
            double at = -12 + i * h;
            sum += (i == 0 || i == steps ? 1 : i % 2 == 1 ? 4 : 2) * Math.exp(-0.5 * at * at);
        }
        return sum * h / 3 / Math.sqrt(2 * Math.PI);
    }

    @ParameterizedTest
    @EnumSource
    void productsOfAnyShape(Kernel kernel) {
        var products = new Products(kernel.smallProduct(), null, null);
        for (int[] shape : new int[][] {{1, 16, 1}, {6, 64, 8}, {13, 112, 5}, {8, 16, 30}, {9, 90, 7}}) {
            int m = shape[0];
            int n = shape[1];
            int k = shape[2];
            int wide = FlatWeights.wide(n);
            int wideK = FlatWeights.wide(k);
            int wideM = FlatWeights.wide(m);
            float[] a = numbers(1, m * wideK);
            float[] b = numbers(2, k * wide);
            float[] c = new float[m * wide];
            products.product(m, n, k, Mat.of(a, wideK), Mat.of(b, wide), Mat.of(c, wide), false);
            products.product(m, n, k, Mat.of(a, wideK), Mat.of(b, wide), Mat.of(c, wide), true);
            float[] transposedB = new float[n * wideK];
            float[] transposedA = new float[k * wideM];
            for (int l = 0; l < k; l++) {
                for (int j = 0; j < n; j++) {
                    transposedB[j * wideK + l] = b[l * wide + j];
                }
                for (int i = 0; i < m; i++) {
                    transposedA[l * wideM + i] = a[i * wideK + l];
                }
            }
            float[] byTransposed = new float[m * wide];
            products.productByTransposed(
                    m, n, k, Mat.of(a, wideK), Mat.of(transposedB, wideK), Mat.of(byTransposed, wide), false);
            float[] ofTransposed = new float[m * wide];
            products.addTransposedProduct(
                    m, n, k, Mat.of(transposedA, wideM), Mat.of(b, wide), Mat.of(ofTransposed, wide));
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    double sum = 0;
                    for (int l = 0; l < k; l++) {
                        sum += (double) a[i * wideK + l] * b[l * wide + j];
                    }
                    assertThat((double) c[i * wide + j]).isCloseTo(2 * sum, within(1e-5));
                    assertThat((double) byTransposed[i * wide + j]).isCloseTo(sum, within(1e-5));
                    assertThat((double) ofTransposed[i * wide + j]).isCloseTo(sum, within(1e-5));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void productsWithPanelsHaveTheSameBytesForAnyNumberOfRows(Kernel kernel) {
        int k = 37;
        int n = PanelProduct.PANEL;
        PanelProduct product = PanelProduct.of(kernel);
        for (int m : new int[] {1, 2, 4, 5, 6, 7, 8, 16, 23}) {
            float[] a = numbers(1, m * k);
            float[] b = numbers(2, 4 * k * n);
            float[] together = new float[m * 4 * n];
            float[] alone = new float[m * 4 * n];
            for (int p = 0; p < 4; p++) {
                product.rows(m, k, a, 0, k, b, p * k * n, together, p * n, 4 * n, false);
                product.rows(m, k, a, 0, k, b, p * k * n, together, p * n, 4 * n, true);
            }
            for (int i = 0; i < m; i++) {
                product.four(k, a, i * k, b, 0, k * n, alone, i * 4 * n, n, false);
                product.four(k, a, i * k, b, 0, k * n, alone, i * 4 * n, n, true);
            }
            assertThat(together).isEqualTo(alone);
            double sum = 0;
            for (int l = 0; l < k; l++) {
                sum += 2.0 * a[(m - 1) * k + l] * b[(3 * k + l) * n + 1];
            }
            assertThat((double) together[(m - 1) * 4 * n + 3 * n + 1]).isCloseTo(sum, within(1e-5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void normsAndTheirGradientsAgreeWithFiniteDifferences(Kernel kernel) {
        int n = 10;
        float[] x = Arrays.copyOf(numbers(3, n), 16);
        float[] weights = new float[32];
        System.arraycopy(numbers(4, n), 0, weights, 0, n);
        System.arraycopy(numbers(5, n), 0, weights, 16, n);
        float[] dy = Arrays.copyOf(numbers(6, n), 16);
        float[] hat = new float[16];
        float[] y = new float[16];
        Kernels kernels = kernel.kernels();
        float scale = kernels.norm(x, 0, n, 1e-5, weights, 0, weights, 16, hat, 0, y, 0);
        float[] dx = new float[16];
        float[] gradients = new float[32];
        kernels.normBackward(dx, 0, dy, 0, n, scale, weights, 0, hat, 0, gradients, 0, 16);
        for (int i = 0; i < n; i++) {
            double slope = (loss(x, i, 1e-4, n, weights, dy) - loss(x, i, -1e-4, n, weights, dy)) / 2e-4;
            assertThat((double) dx[i]).isCloseTo(slope, within(1e-4));
            assertThat(gradients[i]).isCloseTo(dy[i] * hat[i], within(1e-6f));
            assertThat(gradients[16 + i]).isEqualTo(dy[i]);
        }
        assertThat(Arrays.copyOfRange(y, n, 16)).containsOnly(0);
        assertThat(Arrays.copyOfRange(dx, n, 16)).containsOnly(0);
    }

    private static double loss(float[] x, int moved, double by, int n, float[] weights, float[] dy) {
        double[] values = new double[n];
        for (int i = 0; i < n; i++) {
            values[i] = x[i] + (i == moved ? by : 0);
        }
        double mean = Arrays.stream(values).average().orElseThrow();
        double variance = Arrays.stream(values)
                .map(v -> (v - mean) * (v - mean))
                .average()
                .orElseThrow();
        double sum = 0;
        for (int i = 0; i < n; i++) {
            sum += dy[i] * ((values[i] - mean) / Math.sqrt(variance + 1e-5) * weights[i] + weights[16 + i]);
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void gradientsThatAreTooSmallLeaveNoSubnormalsAndMoveNothing(Kernel kernel) {
        var config = new OptimizerConfig.AdamW(1e-3, 0, List.of(0.9, 0.98), 1e-8);
        float[] mean = new float[16];
        float[] square = new float[16];
        float[] values = numbers(7, 16);
        float[] before = values.clone();
        float[] gradients = new float[16];
        for (int i = 0; i < 16; i++) {
            gradients[i] = (float) Math.pow(10, -30 + 2 * i); // 1e-30 to 1
        }
        for (int step = 1; step <= 400; step++) {
            AdamWUpdate update = AdamWUpdate.of(config, step, 1);
            kernel.kernels().adamW(update, values, gradients, mean, square, 0, 16);
            for (int i = 0; i < 16; i++) {
                assertThat(isSubnormal(mean[i]) || isSubnormal(square[i])).isFalse();
            }
            if (step == 200) {
                Arrays.fill(gradients, 0); // The moments die out.
            }
        }
        assertThat(values[0]).isEqualTo(before[0]); // 200 updates of 1e-30 / 1e-8 of the rate.
        assertThat(values[15]).isLessThan(before[15] - 0.1f);
    }

    private static boolean isSubnormal(float x) {
        return x != 0 && Math.abs(x) < Float.MIN_NORMAL;
    }
}
