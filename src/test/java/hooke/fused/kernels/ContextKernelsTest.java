package hooke.fused.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What long contexts need beside the rest, in both kinds, against its formulas. */
final class ContextKernelsTest {
    private static float[] numbers(int seed, int count) {
        var random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }

    @ParameterizedTest
    @EnumSource
    void aSoftmaxInBlocksIsTheWhole(Kernel kernel) {
        SoftmaxRows softmax = SoftmaxRows.of(kernel);
        int n = 37;
        float[] scores = Arrays.copyOf(numbers(1, n), n + 32);
        double z = 0;
        for (int j = 0; j < n; j++) {
            z += Math.exp(scores[j]);
        }
        float[] x = scores.clone();
        float max = SoftmaxRows.NOTHING;
        float sum = 0;
        for (int[] block : new int[][] {{0, 5}, {5, 5}, {5, 30}, {30, n}}) {
            float highest = Math.max(max, softmax.max(x, block[0], block[1]));
            sum *= (float) Math.exp(max - highest);
            max = highest;
            float[] piece = Arrays.copyOf(x, x.length);
            sum += softmax.exp(piece, block[0], block[1], max);
        }
        float logSum = (float) (max + Math.log(sum));
        assertThat((double) logSum).isCloseTo(Math.log(z), within(1e-6));

        float[] d = Arrays.copyOf(numbers(2, n), n + 32);
        float[] gradients = d.clone();
        softmax.gradient(x, 3, n, gradients, 3, logSum, 0.25f);
        for (int j = 3; j < n; j++) {
            double p = Math.exp(scores[j]) / z;
            assertThat((double) x[j]).isCloseTo(p, within(1e-6));
            assertThat((double) gradients[j]).isCloseTo(p * (d[j] - 0.25), within(1e-6));
        }
        assertThat(Arrays.copyOf(x, 3)).isEqualTo(Arrays.copyOf(scores, 3));
        assertThat(softmax.max(scores, 4, 4)).isEqualTo(SoftmaxRows.NOTHING);
    }

    /** By hand: 1 + 2^-8 lies between 1 and 1 + 2^-7, and 1 is even; 1 + 3 2^-8 between 1 + 2^-7 and 1 + 2^-6. */
    @ParameterizedTest
    @EnumSource
    void bf16RoundsToTheNearestAndHalvesToEven(Kernel kernel) {
        float[] x = new float[35];
        float[] expected = new float[x.length];
        float[][] cases = {
            {0x1.01p0f, 1},
            {0x1.03p0f, 0x1.04p0f},
            {0x1.010002p0f, 0x1.02p0f},
            {-0x1.03p0f, -0x1.04p0f},
            {3, 3},
            {Float.MAX_VALUE, Float.POSITIVE_INFINITY},
            {Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY},
            {Float.NaN, Float.NaN},
            {Float.intBitsToFloat(0x7fffffff), Float.NaN},
            {Float.intBitsToFloat(0x7f800001), Float.NaN},
            {-0f, -0f},
        };
        for (int i = 0; i < x.length; i++) {
            x[i] = cases[i % cases.length][0];
            expected[i] = cases[i % cases.length][1];
        }
        short[] halves = new short[x.length];
        float[] back = new float[x.length];
        Bf16.of(kernel).round(x, 0, halves, 0, x.length);
        Bf16.of(kernel).widen(halves, 0, back, 0, x.length);
        assertThat(back).containsExactly(expected);
    }

    @ParameterizedTest
    @EnumSource
    void rotationTurnsPairsByTheirAngles(Kernel kernel) {
        for (boolean interleaved : new boolean[] {true, false}) {
            for (int dims : new int[] {2, 6, 32}) {
                var rotation = new PairRotation(50, dims, 10_000, interleaved, kernel);
                float[] x = numbers(3, 45);
                float[] y = x.clone();
                rotation.turn(y, 5, 41);
                for (int i = 0; i < dims / 2; i++) {
                    int a = 5 + (interleaved ? 2 * i : i);
                    int b = interleaved ? a + 1 : a + dims / 2;
                    double angle = 41 * Math.pow(10_000, -2.0 * i / dims);
                    assertThat((double) y[a]).isCloseTo(x[a] * Math.cos(angle) - x[b] * Math.sin(angle), within(1e-6));
                    assertThat((double) y[b]).isCloseTo(x[b] * Math.cos(angle) + x[a] * Math.sin(angle), within(1e-6));
                }
                assertThat(Arrays.copyOf(y, 5)).isEqualTo(Arrays.copyOf(x, 5));
                assertThat(Arrays.copyOfRange(y, 5 + dims, 45)).isEqualTo(Arrays.copyOfRange(x, 5 + dims, 45));
                rotation.turnBack(y, 5, 41);
                for (int j = 0; j < x.length; j++) {
                    assertThat(y[j]).isCloseTo(x[j], within(1e-6f));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void gatedUnitsAreTheirFormulas(Kernel kernel) {
        float[] u = new float[320];
        for (int i = 0; i < u.length; i++) {
            u[i] = (i - 160) / 16f;
        }
        float[] b = new float[u.length];
        Arrays.fill(b, 0.125f);
        for (var shape : new GatedUnits.Shape[] {GatedUnits.Shape.SILU, GatedUnits.Shape.GELU_NEW}) {
            float[] y = u.clone();
            float[] slope = new float[u.length];
            GatedUnits.of(kernel).apply(shape, y, 0, u.length, slope, 0, u.length, 1, b, 0, u.length);
            for (int i = 0; i < u.length; i++) {
                double x = u[i] + b[i];
                double expected = value(shape, x);
                double steep = (value(shape, x + 1e-5) - value(shape, x - 1e-5)) / 2e-5;
                assertThat((double) y[i]).isCloseTo(expected, within(2e-6));
                assertThat((double) slope[i]).isCloseTo(steep, within(2e-6));
            }
        }
    }

    private static double value(GatedUnits.Shape shape, double x) {
        return shape == GatedUnits.Shape.SILU
                ? x / (1 + Math.exp(-x))
                : 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
    }

    @ParameterizedTest
    @EnumSource
    void theRootMeanSquareAndItsGradientAreTheirFormulas(Kernel kernel) {
        RootMeanSquare norm = RootMeanSquare.of(kernel);
        int n = 21;
        float[] x = Arrays.copyOf(numbers(4, n), 32);
        float[] gains = Arrays.copyOf(numbers(5, n), 32);
        float[] dy = Arrays.copyOf(numbers(6, n), 32);
        float[] hat = new float[32];
        float[] y = new float[32];
        float scale = norm.norm(x, 0, n, 1e-5, gains, 0, hat, 0, y, 0);
        double[] wide = new double[n];
        for (int j = 0; j < n; j++) {
            wide[j] = x[j];
        }
        for (int j = 0; j < n; j++) {
            assertThat((double) y[j]).isCloseTo(x[j] * gains[j] / root(wide), within(2e-6));
        }
        float[] dx = new float[32];
        float[] gainGradient = new float[32];
        norm.backward(dx, 0, dy, 0, n, scale, gains, 0, hat, 0, gainGradient, 0);
        for (int j = 0; j < n; j++) {
            double[] up = wide.clone();
            double[] down = wide.clone();
            up[j] += 1e-5;
            down[j] -= 1e-5;
            assertThat((double) dx[j]).isCloseTo((along(up, gains, dy) - along(down, gains, dy)) / 2e-5, within(1e-5));
            assertThat((double) gainGradient[j]).isCloseTo(dy[j] * x[j] / root(wide), within(1e-5));
        }
        assertThat(Arrays.copyOfRange(y, n, 32)).containsOnly(0);
        assertThat(Arrays.copyOfRange(dx, n, 32)).containsOnly(0);
    }

    private static double root(double[] x) {
        return Math.sqrt(Arrays.stream(x).map(v -> v * v).sum() / x.length + 1e-5);
    }

    private static double along(double[] x, float[] gains, float[] dy) {
        double sum = 0;
        for (int j = 0; j < x.length; j++) {
            sum += dy[j] * gains[j] * x[j] / root(x);
        }
        return sum;
    }

    @ParameterizedTest
    @EnumSource
    void squaresOfManyNumbersAreSummedPrecisely(Kernel kernel) {
        float[] x = numbers(7, 100_003);
        double expected = 0;
        for (int i = 5; i < x.length; i++) {
            expected += (double) x[i] * x[i];
        }
        assertThat(SquareSum.of(kernel).of(x, 5, x.length)).isCloseTo(expected, within(1e-6 * expected));
        assertThat(SquareSum.factor(3, 0.5)).isCloseTo(0.5 / 3, within(1e-6));
        assertThat(SquareSum.factor(0.4, 0.5)).isEqualTo(1);
    }
}
